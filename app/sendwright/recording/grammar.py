"""Takes out of a text what is a secret by its place or its shape, without knowing it."""

import re
from collections.abc import Callable

from sendwright.recording.shapes import LONG_IN_ANSWERS, SHAPE, looks_secret

STAND_IN = "[…]"
"""Stands for what was taken out."""

SURE = (
    r"(?:access|refresh|id|subject|actor|device|security|session|auth|csrf|xsrf|bearer)[_-]?token(?:_hint)?|token|"
    r"pass(?:word|wd|phrase|code)|kennwort|wachtwoord|(?<![a-z])pwd|"
    r"(?:client|app|shared|consumer)[_-]?secret|secret|"
    r"(?:client[_-]?)?assertion|code[_-]verifier|(?:device|user|connection)[_-]code|"
    r"(?:api|access|private|secret|account|shared)[_-]?key|x-functions-key|"
    r"(?<![a-z])(?:sig|otp|totp|jwt|pin)|signature|credentials?|saml(?:response|request)|"
    r"(?<![a-z])(?:php|j|asp\.net_)?session[_-]?id|login[_-]ticket|client_info"
)
"""Names whose value is a secret wherever they stand."""

VAGUE = r"code|state|nonce|key|session|session_state|auth|ticket|sid|pass|secret_id"
"""Names whose value is one in a link and in a form, and elsewhere if it looks like one."""

HEADERS = (
    r"(?:proxy-|x-)?authorization|(?:set-)?cookie2?|x-(?:api|functions|goog-api|auth)-(?:key|token)|x-csrf-token|"
    r"api-key|x-amz-security-token|x-ms-token-[a-z-]{1,30}|(?:proxy-)?authentication-info"
)
"""Header fields of which nothing but the first word of a value, the scheme, is shown."""

_MECHANISM = r"(?:PLAIN|LOGIN|XOAUTH2?|OAUTHBEARER|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|SCRAM-[A-Z0-9-]{4,20}|EXTERNAL)"
_SCHEME = r"(?:basic|bearer|digest|negotiate|ntlm|dpop|token|kerberos|apikey|hawk|aws4-hmac-sha256)"

Cut = Callable[[re.Match[str]], str]


def cut_by_place(text: str) -> str:
    """Return `text` without what stands where secrets stand, and without what is shaped like one."""
    if text:
        for pattern, cut in _RULES:
            text = pattern.sub(cut, text)
    return text


def _value(match: re.Match[str]) -> str:
    """Replace the group `value`, leave what stands around it."""
    start, end = match.span("value")
    whole, at = match[0], match.start()
    return whole if start == end else whole[: start - at] + STAND_IN + whole[end - at :]


def _if_secret(match: re.Match[str]) -> str:
    return _value(match) if looks_secret(match["value"].strip("\"'\\")) else match[0]


def _if_long(match: re.Match[str]) -> str:
    value = match["value"]
    return _value(match) if len(value) >= LONG_IN_ANSWERS or looks_secret(value) else match[0]


def _header(match: re.Match[str]) -> str:
    return f"{match['name']}: {match['scheme'] or ''}{STAND_IN}"


_QUOTED = r"""(?P<quote>\\{0,3}["'])"""
_REST = r"""(?P<value>(?:(?!(?P=quote))(?:\\.|[^\\])|\\(?!(?P=quote)))*)"""
_LOOSE = r"""(?P<value>[^\s&"'<>;,#)\]}\\]{1,8000})"""

_RULES: tuple[tuple[re.Pattern[str], Cut], ...] = (
    (SHAPE, lambda _: STAND_IN),
    # user name and password in a link: everything between // and the last @ before the path
    (re.compile(r"""://(?P<value>[^\s/?#"'<>\\]*)@"""), _value),
    (
        re.compile(
            rf"(?<![\w-])(?P<name>{HEADERS})[ \t]*:[ \t]*(?P<scheme>{_SCHEME}[ \t]+)?[^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*",
            re.IGNORECASE,
        ),
        _header,
    ),
    # JSON, and the dictionaries of programs: "password": "…", also with escaped quotes
    (
        re.compile(
            rf"""(?:{SURE}|{HEADERS})\\{{0,3}}["']\s{{0,20}}[:=]\s{{0,20}}{_QUOTED}{_REST}""", re.IGNORECASE | re.DOTALL
        ),
        _value,
    ),
    (re.compile(rf"""(?:{SURE})\\{{0,3}}["']\s{{0,20}}:\s{{0,20}}(?P<value>[0-9][0-9.]*)""", re.IGNORECASE), _value),
    (
        re.compile(
            rf"""["'](?:{VAGUE})\\{{0,3}}["']\s{{0,20}}:\s{{0,20}}{_QUOTED}{_REST}""", re.IGNORECASE | re.DOTALL
        ),
        _if_secret,
    ),
    # XML, and the fields of a form in HTML
    (re.compile(rf"(?:{SURE})(?:\s[^<>]{{0,200}})?>(?P<value>[^<]+)</", re.IGNORECASE), _value),
    (
        re.compile(
            rf"""name=["']?(?:{SURE}|{VAGUE})["']?\s[^<>]{{0,200}}?value={_QUOTED}{_REST}""", re.IGNORECASE | re.DOTALL
        ),
        _value,
    ),
    # links, forms, settings: password=…
    (re.compile(rf"(?:{SURE})[ \t]{{0,4}}=[ \t]{{0,4}}{_QUOTED}{_REST}", re.IGNORECASE | re.DOTALL), _value),
    (re.compile(rf"(?:{SURE})=(?P<value>[^\s&\"'<>]{{1,8000}})", re.IGNORECASE), _value),
    (re.compile(rf"(?:{SURE})(?:[ \t]{{1,4}}=[ \t]{{0,4}}|%3D){_LOOSE}", re.IGNORECASE), _value),
    (re.compile(rf"(?:[?&#;]|&amp;|%3F|%26)(?:{VAGUE})(?:=|%3D){_LOOSE}", re.IGNORECASE), _value),
    (re.compile(rf"(?<![\w-])(?:{VAGUE})={_LOOSE}(?=&)", re.IGNORECASE), _value),
    (re.compile(rf"(?<![\w-])(?:{VAGUE}|{SURE})[ \t]{{0,4}}[=:][ \t]{{0,4}}{_LOOSE}", re.IGNORECASE), _if_secret),
    # signing in, by HTTP and by SMTP
    (re.compile(rf"""\b{_SCHEME}\s{{1,4}}(?P<value>[A-Za-z0-9._~+/-]{{8,}}=*)(?!["\w])""", re.IGNORECASE), _if_long),
    (
        re.compile(
            rf"\bAUTH[ =]{{1,3}}{_MECHANISM}[ ]+(?!{_MECHANISM}\b)(?P<value>[A-Za-z0-9+/_=-]+)(?![\w-])", re.IGNORECASE
        ),
        _value,
    ),
    (re.compile(r"^[ \t]*334[ -](?P<value>[A-Za-z0-9+/=]+)[ \t]*\r?$", re.MULTILINE), _value),
)
