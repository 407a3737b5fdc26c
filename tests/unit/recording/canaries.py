"""Made-up secrets of every kind, the spellings in which they come back, and a search that owes nothing to the program.

None of them is real: each has the shape of its kind and random letters.
"""

import base64
import html
import json
import quopri
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote, unquote_plus

USER = "anna@example.org"


def _jwt(*parts: str) -> str:
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


_PEM = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7canaryVJTUt9Us8cKj"

KINDS: dict[str, str] = {
    "password": "canary-Falke-42%&",
    "password with spaces": "canary horse battery staple 7",
    "password with umlauts": "Kanarienvögel-müssen-7Länder",
    "password in another script": "канарейка-東京-88",
    "password with quotes": "ca\"na'ry<&>\\9x",
    "password of markup": "<b>canary&amp;7</b>",
    "password of percent signs": "ca%6Eary%2541%%",
    "password of equals signs": "canary=41=3D&x=y",
    "app password of Google": "cnry abcd efgh ijkl",
    "app password of Yahoo": "cnryabcdefghijkl",
    "long passphrase": "canary " * 12 + "end",
    "emoji": "canary🦜🔑pässword",
    "lone surrogate": "canary-\ud800-lone",
    "number": "8417203559",
    "API key of SendGrid": "SG.canaryAAAAAAAAAAAAAAAA.canaryBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
    "key of Mailgun": "key-0123456789abcdef0123456789cafe42",
    "key of Brevo": "xsmtpsib-c0ffee00112233445566778899aabbccddeeff-Canary7890abcdef",
    "secret key of Amazon": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY",
    "token of Postmark": "5e1ca9a2-7c4e-4ca9-9a17-0c0ffee0ca9a",
    "access token of Google": "ya29.a0AfH6SMCcanary_0123456789-abcdefghijklmnopq",
    "refresh token of Google": "1//0gCanaryCgYIARAAGBASNwF-L9IrCanaryCanary0123",
    "authorisation code of Google": "4/0AX4XfWhCanaryCanary0123456789abcdefgh",
    "client secret of Google": "GOCSPX-CanaryCanary0123456789abcd",
    "access token of Microsoft": _jwt(
        '{"typ":"JWT","alg":"RS256"}', '{"aud":"graph","sub":"canary"}', "signature0123456"
    ),
    "ID token": _jwt('{"alg":"RS256"}', '{"email":"canary@example.org"}', "another-signature-987"),
    "encrypted token": _jwt('{"alg":"RSA-OAEP","enc":"A256GCM"}', "key-canary-key", "iv-canary", "text", "tag"),
    "refresh token of Microsoft": "0.AXoACanary0123456789-abcdefghijklmnop.AgABAwEAAADcanary",
    "newer refresh token of Microsoft": "1.AXoACanary9876543210_abcdefghijklmnop.AgABAwEAAADcanary",
    "authorisation code of Microsoft": "1.AXoAcodeCanary0123456789abcdefgh.AgABBAIAAADcanary",
    "client secret of Microsoft": "Ab~8Q~CanaryCanary0123456789abcdefghijkl",
    "token of a Microsoft account": "EwBwA8l6BAAUcanary" + "Ab12" * 20 + "==",
    "code of a Microsoft account": "M.C507_BAY.2.U.canary0123456789abcdef",
    "client assertion": _jwt('{"alg":"PS256","x5t":"canary"}', '{"iss":"client"}', "sig-nature-012345"),
    "SAML assertion": base64.b64encode(b"<saml:Assertion>canary</saml:Assertion>").decode(),
    "code verifier": "canaryVerifier0123456789-._~abcdefghijklmnopqrstuv",
    "device code": "DAQABCanary0123456789deviceCODEabcdefghijkl",
    "state": "canaryState0123456789abcdef",
    "nonce": "canaryNonce9876543210fedcba",
    "session cookie": "s%3Acanary0123456789.abcdefghijklmnopqrstuvwxyz",
    "backend's access token": "swt_canary0123456789abcdefghijklmnopqrstuv",
    "connection code": "SW1-CANAR-YAAAA-ABCDE-FGHIJ-KLMNO-PQRST-UVWXY-Z2345-67ABC-DE",
    "enrolment secret": "canary-Ci0123456789_abcdefghijklmnopqrstuv",
    "private key": f"-----BEGIN PRIVATE KEY-----\n{_PEM}\n{_PEM[::-1]}\n-----END PRIVATE KEY-----",
    "older private key": f"-----BEGIN RSA PRIVATE KEY-----\n{_PEM.swapcase()}\n-----END RSA PRIVATE KEY-----",
    "digest of CRAM-MD5": "b913a602c7eda7a495b4e6e7334d3890",
    "password of a proxy": "canaryProxy:pa/ss@word!9",
    "shared access signature": "canarySig%2B0123456789abcdef%3D",
    "key of a function": "canaryFunc0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH==",
    "token of GitHub": "ghp_canary0123456789abcdefghijklmnopqr",
    "Kerberos ticket": base64.b64encode(b"\x60\x82\x05\x12canary-kerberos-ticket-0123").decode(),
    "answer of NTLM": base64.b64encode(b"NTLMSSP\0\3canary-ntlm-0123456789").decode(),
    "one-time code": "canary-849201",
    "webhook's secret": "whsec_canary0123456789abcdefghijkl",
    "pass code of four letters": "x7Q!",
}
"""At least fifty kinds; each by the name of what it is."""


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _octets(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")


def _entities(secret: str) -> str:
    return "".join(f"&#x{ord(letter):x};" for letter in secret)


def _escapes(secret: str) -> str:
    data = secret.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[at]:02x}{data[at + 1]:02x}" for at in range(0, len(data), 2))


def _percent(secret: str) -> str:
    return "".join(f"%{octet:02X}" for octet in _octets(secret))


FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "in words": lambda s: f"the server says that {s} is wrong",
    "upper case": str.upper,
    "lower case": str.lower,
    "swapped case": str.swapcase,
    "base64": lambda s: _b64(_octets(s)),
    "base64 after one octet": lambda s: _b64(b"x" + _octets(s) + b"yz"),
    "base64 after two octets": lambda s: _b64(b"xy" + _octets(s) + b"z"),
    "base64 without padding": lambda s: _b64(b"x" + _octets(s)).rstrip("="),
    "base64 in upper case": lambda s: _b64(_octets(s)).upper(),
    "base64url": lambda s: base64.urlsafe_b64encode(_octets(s)).decode(),
    "base64url after two octets": lambda s: base64.urlsafe_b64encode(b"\xff\xfe" + _octets(s)).decode(),
    "SASL PLAIN": lambda s: _b64(f"\0{USER}\0".encode() + _octets(s)),
    "SASL PLAIN with an authorisation identity": lambda s: _b64(f"{USER}\0{USER}\0".encode() + _octets(s)),
    "XOAUTH2": lambda s: _b64(f"user={USER}\1auth=Bearer ".encode() + _octets(s) + b"\1\1"),
    "OAUTHBEARER": lambda s: _b64(f"n,a={USER},\1host=x\1auth=Bearer ".encode() + _octets(s) + b"\1\1"),
    "Basic": lambda s: "Basic " + _b64(f"{USER}:".encode() + _octets(s)),
    "URL": lambda s: quote(_octets(s), safe=""),
    "URL in lower case": lambda s: quote(_octets(s), safe="").lower(),
    "URL, every octet": _percent,
    "URL twice": lambda s: quote(quote(_octets(s), safe=""), safe=""),
    "form": lambda s: quote(_octets(s), safe="").replace("%20", "+"),
    "base64 in a URL": lambda s: quote(_b64(_octets(s)), safe=""),
    "hex": lambda s: _octets(s).hex(),
    "HEX": lambda s: _octets(s).hex().upper(),
    "hex with colons": lambda s: _octets(s).hex(":"),
    "hex with spaces": lambda s: _octets(s).hex(" "),
    "hex of C": lambda s: "".join(f"\\x{octet:02x}" for octet in _octets(s)),
    "hex with 0x": lambda s: ", ".join(f"0x{octet:02x}" for octet in _octets(s)),
    "UTF-16 little-endian": lambda s: s.encode("utf-16-le", "surrogatepass").decode("latin-1"),
    "UTF-16 big-endian": lambda s: s.encode("utf-16-be", "surrogatepass").decode("latin-1"),
    "base64 of UTF-16 little-endian": lambda s: _b64(s.encode("utf-16-le", "surrogatepass")),
    "base64 of UTF-16 big-endian": lambda s: _b64(b"x" + s.encode("utf-16-be", "surrogatepass")),
    "hex of UTF-16": lambda s: s.encode("utf-16-le", "surrogatepass").hex(),
    "split in two": lambda s: f"{s[: len(s) // 2]}\r\n{s[len(s) // 2 :]}",
    "split after the first": lambda s: f"{s[:1]}\r\n {s[1:]}",
    "split everywhere": "\r\n".join,
    "base64, folded": lambda s: "\r\n ".join(re.findall(".{1,9}", _b64(_octets(s)))),
    "letters apart": " ".join,
    "with NULs": "\0".join,
    "with zero-width spaces": "\u200b".join,
    "quoted-printable": lambda s: quopri.encodestring(_octets(s), quotetabs=True).decode(),
    "quoted-printable, every octet": lambda s: "".join(f"={octet:02X}" for octet in _octets(s)),
    "quoted-printable, folded": "=\r\n".join,
    "JSON": lambda s: json.dumps(s)[1:-1],
    "JSON, every letter": _escapes,
    "JSON in JSON": lambda s: json.dumps(json.dumps(s))[1:-1],
    "HTML": html.escape,
    "HTML, every letter": _entities,
    "HTML of a URL": lambda s: html.escape(quote(_octets(s), safe="")).replace("%", "&#37;"),
    "Python": repr,
}
"""How a secret comes back."""


PIECE = 10
"""Letters of a secret in a row that are too many to be shown."""


def leaks(text: str, secret: str) -> list[str]:
    """Return in which ways `secret` can be read out of `text`; a search of its own, slow and simple."""
    wanted = _squeezed(secret)
    found = [name for name, read in _readings(text).items() if wanted in _squeezed(read)]
    pieces = {wanted[at : at + PIECE] for at in range(len(wanted) - PIECE + 1)}
    found += [f"piece of {name}" for name, read in _readings(text).items() if any(map(_squeezed(read).count, pieces))]
    octets = (_octets(secret), secret.encode("utf-16-le", "surrogatepass"), secret.encode("utf-16-be", "surrogatepass"))
    digits = "".join(re.findall(r"[0-9a-f]", re.sub(r"0x|\\x", "", text.lower())))
    found += [f"hex {at}" for at, form in enumerate(octets) if form.hex() in digits and len(form) > len("x7Q")]
    for run in (*re.findall(r"[\w+/=-]{4,}", text), re.sub(r"\s", "", text)):
        for decoded in _decoded(run):
            found += [f"base64 {at}" for at, form in enumerate(octets) if form in decoded]
    return found


def _readings(text: str) -> dict[str, str]:
    return {
        "plain": text,
        "URL": unquote(text),
        "URL twice": unquote(unquote(text)),
        "form": unquote_plus(text),
        "HTML": html.unescape(text),
        "HTML of a URL": unquote(html.unescape(text)),
        "escapes": _unescaped(text),
        "escapes twice": _unescaped(_unescaped(text)),
        "quoted-printable": quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace"),
    }


def _unescaped(text: str) -> str:
    joined = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", joined, flags=re.DOTALL)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\0\u200b\xad]", "", text).casefold()


def _decoded(run: str) -> Iterable[bytes]:
    letters = re.sub(r"[^A-Za-z0-9+/]", "", run.replace("-", "+").replace("_", "/"))
    for start in range(4):
        group = letters[start:]
        yield base64.b64decode(group[: len(group) // 4 * 4])
        if len(group) % 4 > 1:
            yield base64.b64decode(group + "=" * (-len(group) % 4))
