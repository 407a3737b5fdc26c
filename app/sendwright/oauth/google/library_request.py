"""Google's library asks by this: over the program's own clients of the web, in the event loop."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from sendwright.oauth.apart import Asking
from sendwright.oauth.web import Heard

_FORM: Final = "application/x-www-form-urlencoded"
_NONE: Mapping[str, str] = MappingProxyType({})


class LibraryAnswer:
    """An answer as google-auth takes it (`google.auth.transport.Response`)."""

    def __init__(self, heard: Heard) -> None:
        self.status = heard.status
        self.headers: Mapping[str, str] = heard.headers
        self.data = heard.text.encode()


class LibraryRequest:
    """A request as google-auth makes it (`google.auth.transport.Request`); to be called in the library's thread.

    heard: the latest answer: the library keeps less of it than there was.
    """

    def __init__(self, asking: Asking) -> None:
        self.heard: Heard | None = None
        self._asking = asking

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> LibraryAnswer:
        """Return the answer. Raises what Asking raises: the library sees no answer that is an error.

        A form is taken apart, as what is secret in it is known by its names; a field without a value counts as left out
        (RFC 6749 section 3.2).
        """
        sent = {name.lower(): value for name, value in (headers or _NONE).items()}
        content = body.encode() if isinstance(body, str) else body or b""
        form = _NONE
        if sent.get("content-type", "").startswith(_FORM):
            form, content = dict(parse_qsl(content.decode())), b""
            del sent["content-type"]
        self.heard = self._asking(method, url, headers=sent, form=form, content=content)
        return LibraryAnswer(self.heard)
