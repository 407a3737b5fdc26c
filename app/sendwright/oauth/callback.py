"""Reads what an authorisation server sends back to a redirect URI."""

import hmac
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from sendwright.errors import SendwrightError
from sendwright.oauth.parameters import Parameters
from sendwright.recording.visible import visible
from sendwright.texts import text

LONGEST_ADDRESS: Final = 32_768
"""Letters. Browsers take more, but codes of some thousand letters are the longest that are known."""

LONGEST_VALUE: Final = 16_384
MOST_PARAMETERS: Final = 32

UNDERSTOOD: Final = frozenset(
    {
        "code",  # RFC 6749 4.1.2
        "state",
        "error",  # RFC 6749 4.1.2.1
        "error_description",
        "error_uri",
        "error_subcode",  # Entra: `cancel` where the person went back instead of consenting
        "admin_consent",  # Entra: `True`, of a failed admin consent too
        "tenant",  # Entra: where the administrator consented; anybody can write it
        "scope",  # of an admin consent, or at Google, what was granted
        "authuser",  # Google: which of the accounts that the browser is signed in with, counted from 0
        "prompt",  # Google: which page was shown
        "hd",  # Google: the Workspace of the account; anybody can write it, the id_token proves it
        "error_subtype",  # Google: refines the error
        "session_state",  # OpenID Connect Session Management 1.0
        "client_info",  # MSAL's libraries ask for it: account in base64url
        "iss",  # RFC 9207
    }
)
"""The parameters that are handed on; others are ignored, as RFC 6749 4.1.2 wants."""

_ANSWERS = frozenset({"code", "error", "admin_consent"})
_SENTENCES = frozenset({"error_description"})  # Entra breaks it into lines
_USUAL_PORTS = {"https": 443, "http": 80}


class CallbackRefused(SendwrightError):
    """What came back is no answer to our question.

    `code` is kebab-case and names the reason; its words are the text `oauth.callback.<code>`. What came is no part of
    the exception: it may carry a code or a state.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        """The reason in the language in use."""
        return text(f"oauth.callback.{self.code}")


def is_callback(address: str, *, redirect_uri: str) -> bool:
    """Return whether `address` lies at `redirect_uri`, whatever it carries: where a browser must not go on.

    Scheme, host and port are compared without regard to case, the path letter by letter (RFC 6749 3.1.2). What it
    carries need not be readable: that is for `read_callback` to say. An empty `redirect_uri` is nowhere.
    """
    if not redirect_uri or len(address) > LONGEST_ADDRESS:
        return False
    try:
        found, wanted = urlsplit(address), urlsplit(redirect_uri)
        return "@" not in found.netloc and _place(found) == _place(wanted)
    except ValueError:
        return False


def read_callback(address: str, *, redirect_uri: str) -> Mapping[str, str]:
    """Return the parameters, of query and fragment together, with which a browser came back to `redirect_uri`.

    address: as the browser has it, percent-encoded. Scheme, host, port and path must be those of `redirect_uri` (a
    path-less one comes back with `/`), and a query of its own must be there again (RFC 6749 3.1.2). Every parameter
    stands once (3.1); one without a value counts as omitted. There is a code, an error or an admin consent, and not a
    code beside an error. Whether the answer is ours is not known before `require_state`. Raises CallbackRefused.
    """
    found, wanted = _split(address), urlsplit(redirect_uri)
    _require_place(found, wanted)
    given = _pairs(found.query) + _pairs(found.fragment)
    for own in _pairs(wanted.query):
        if given.count(own) != 1:
            raise CallbackRefused("other-address")
        given.remove(own)
    return _understood(given)


def read_form(body: bytes) -> Mapping[str, str]:
    """Return the parameters of an answer that a page posted (`response_mode=form_post`), as read_callback does.

    body: `application/x-www-form-urlencoded` (OAuth 2.0 Form Post Response Mode, section 2). Raises CallbackRefused.
    """
    if len(body) > LONGEST_ADDRESS:
        raise CallbackRefused("too-long")
    try:
        return _understood(_pairs(body.decode("ascii")))
    except UnicodeDecodeError:
        raise CallbackRefused("unreadable") from None


def require_state(parameters: Mapping[str, str], state: str) -> None:
    """Raise CallbackRefused unless the answer carries the `state` of the question (RFC 6749 10.12)."""
    given = parameters.get("state")
    if not given:
        raise CallbackRefused("state-missing")
    if not hmac.compare_digest(given.encode(), state.encode()):
        raise CallbackRefused("state-differs")


def _split(address: str) -> SplitResult:
    if len(address) > LONGEST_ADDRESS:
        raise CallbackRefused("too-long")
    if visible(address) != address or any(letter.isspace() for letter in address):
        raise CallbackRefused("unreadable")  # urlsplit would drop some of them silently
    try:
        found = urlsplit(address)
        _ = found.port  # raises ValueError where it is no number
    except ValueError:
        raise CallbackRefused("unreadable") from None
    if "@" in found.netloc or "\\" in address:  # browsers take a backslash for a slash, urlsplit does not
        raise CallbackRefused("other-address")
    return found


def _require_place(found: SplitResult, wanted: SplitResult) -> None:
    if _place(found) != _place(wanted):
        raise CallbackRefused("other-address")


def _place(address: SplitResult) -> tuple[str, str | None, int | None, str]:
    port = _USUAL_PORTS.get(address.scheme) if address.port is None else address.port
    return address.scheme, address.hostname, port, address.path or "/"


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise CallbackRefused("unreadable") from None
    except ValueError:
        raise CallbackRefused("too-long") from None


def _understood(given: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in given:
        if name in found:
            raise CallbackRefused("repeated-parameter")
        found[name] = value
    kept = {name: value for name, value in found.items() if value and name in UNDERSTOOD}
    for name, value in kept.items():
        if len(value) > LONGEST_VALUE:
            raise CallbackRefused("too-long")
        if name in _SENTENCES:
            kept[name] = visible(value.replace("\r\n", "\n"))
        elif "\n" in value or visible(value) != value:
            raise CallbackRefused("unreadable")
    if kept.keys() & {"code", "error"} == {"code", "error"}:
        raise CallbackRefused("contradictory")
    if not kept.keys() & _ANSWERS:
        raise CallbackRefused("no-answer")
    return Parameters(kept)
