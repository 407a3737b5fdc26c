"""Takes credentials out of what a server says, and makes its control characters visible."""

import base64
import re
import unicodedata

STAND_IN = "[…]"
SHORTEST_FRAGMENT = 8
"""Characters from which on a base64 run is compared with what was sent: servers cut what they repeat."""

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that would not show, or would turn the text around them."""

_RUN = re.compile(rf"[A-Za-z0-9+/]{{{SHORTEST_FRAGMENT},}}={{0,2}}")


class Redactor:
    """Knows the credentials of one connection; never prints them."""

    __slots__ = ("_encoded", "_plain")

    def __init__(self) -> None:
        self._plain: set[str] = set()
        self._encoded: set[str] = set()

    def __repr__(self) -> str:
        return "Redactor(…)"

    def learn(self, *, secret: str, sent: bytes = b"") -> None:
        """Remember a secret, and the base64 text in which it went over the wire."""
        self._plain.add(secret)
        self._encoded.add(base64.b64encode(_octets(secret)).decode().casefold())
        if sent:
            self._encoded.add(sent.decode("ascii").casefold())

    def clean(self, text: str) -> str:
        """Return `text` without anything learned, whatever its letter case and even where it was cut."""
        for secret in sorted(filter(None, self._plain), key=len, reverse=True):
            text = re.sub(re.escape(secret), STAND_IN, text, flags=re.IGNORECASE)
        return _RUN.sub(self._judge, text) if self._encoded else text

    def _judge(self, run: re.Match[str]) -> str:
        bare = run[0].rstrip("=").casefold()
        known = any(bare in sent or sent.rstrip("=") in bare for sent in self._encoded if sent)
        return STAND_IN if known or self._holds_secret(run[0]) else run[0]

    def _holds_secret(self, run: str) -> bool:
        """Tell whether `run` is base64 of something with a secret in it, wherever its groups of four begin."""
        secrets = [_octets(secret) for secret in self._plain if secret]
        for start in range(4):
            group = run[start:].rstrip("=")
            decoded = base64.b64decode(group[: len(group) // 4 * 4] + _rest(group))
            if any(secret in decoded for secret in secrets):
                return True
        return False


def _octets(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")


def _rest(group: str) -> str:
    """Return the last, incomplete group of four with its padding; a single letter holds no octet."""
    rest = group[len(group) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def visible(text: str) -> str:
    r"""Return `text` with everything that would not show written as `\xNN` or `\uNNNN`; line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in INVISIBLE:
        return character
    if "\udc80" <= character <= "\udcff":  # a byte that was no UTF-8 (PEP 383)
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
