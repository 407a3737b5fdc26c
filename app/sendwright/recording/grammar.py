"""Takes out of a text what is a secret by its place or its shape, without knowing it."""

import re
from collections.abc import Callable
from typing import NamedTuple

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
    r"(?<![a-z])(?:php|j|asp\.net_)?session[_-]?id|login[_-]ticket|client_info|"
    r"(?:smtp|mail|imap|proxy|db|auth|user)_?pass|(?:new|old|user|app|smtp|mail)_?pwd|(?<![a-z])(?:api)?canary|"
    r"(?<![a-z])s(?:ft|ctx)(?![a-z])"
)
"""Names whose value is a secret wherever they stand."""

VAGUE = r"code|state|nonce|key|session|session_state|auth|ticket|sid|pass|secret_id|plt"
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
    low = text.lower()
    for rule in _RULES if text else ():
        if any(hint in low for hint in rule.hints):
            text = rule.pattern.sub(rule.cut, text)
    return text


def _value(match: re.Match[str]) -> str:
    """Replace the group `value`, leave what stands around it."""
    if match["value"] in {STAND_IN, STAND_IN[:-1]}:
        return match[0]
    start, end = match.span("value")
    whole, at = match[0], match.start()
    return whole if start == end else whole[: start - at] + STAND_IN + whole[end - at :]


def _if_secret(match: re.Match[str]) -> str:
    return _value(match) if looks_secret(match["value"].strip("\"'\\")) else match[0]


def _if_more(match: re.Match[str]) -> str:
    """Replace the value of a form's first field: another one follows."""
    return _value(match) if match.string[match.end() : match.end() + 1] == "&" else match[0]


def _if_long(match: re.Match[str]) -> str:
    value = match["value"]
    return _value(match) if len(value) >= LONG_IN_ANSWERS or looks_secret(value) else match[0]


def _header(match: re.Match[str]) -> str:
    return f"{match['name']}: {match['scheme'] or ''}{STAND_IN}"


_QUOTED = r"""(?P<quote>(?P<inside>\\{1,3})?["'])"""
# Inside a string that is itself in a string, an escaped quote has more backslashes than the one that ends it.
_REST = r"""(?P<value>(?:(?(inside)(?!(?<!\\)(?P=quote))|(?!(?P=quote)))(?:\\.|[^\\]))*)"""
_LOOSE = r"""(?P<value>[^\s&"'<>;,#)\]}\\]{1,8000})"""


class _Rule(NamedTuple):
    """What is cut, and what a text must hold (in small letters, one of them) for the rule to be worth trying."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    cut: Cut


def _rule(hints: tuple[str, ...], pattern: str, cut: Cut) -> _Rule:
    return _Rule(hints, re.compile(pattern, re.IGNORECASE | re.DOTALL | re.MULTILINE), cut)


_IN_QUOTES = (
    ":'",
    ':"',
    ": '",
    ': "',
    "=>",
    "':",
    '":',
    "' ",
    '" ',
    "'=",
    '"=',
    "'\t",
    '"\t',
    "'\n",
    '"\n',
    "'\r",
    '"\r',
)
_CODED = ("%3d", "%253d", "%25253d", "%2525253d")
_RULES: tuple[_Rule, ...] = (
    _Rule(("",), SHAPE, lambda _: STAND_IN),
    # user name and password in a link: everything between // and the last @ before the path
    _rule(("://",), r"""://(?P<value>[^\s/?#"'<>\\]*)@""", _value),
    _rule(
        (":",),
        rf"(?<![\w-])(?P<name>{HEADERS})[ \t]*:[ \t]*(?P<scheme>{_SCHEME}[ \t]+)?[^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*",
        _header,
    ),
    # JSON, and the dictionaries of programs: "password": "…", also with escaped quotes
    _rule(_IN_QUOTES, rf"""(?:{SURE}|{HEADERS})\\{{0,3}}["']\s{{0,20}}[:=]\s{{0,20}}{_QUOTED}{_REST}""", _value),
    _rule(
        _IN_QUOTES,
        rf"""["'](?:name|key|id|field)\\{{0,3}}["']\s{{0,20}}[:=]\s{{0,20}}\\{{0,3}}["'][\w.-]{{0,40}}(?:{SURE})\\{{0,3}}["']"""
        rf"""\s{{0,20}},\s{{0,20}}\\{{0,3}}["']value\\{{0,3}}["']\s{{0,20}}[:=]\s{{0,20}}{_QUOTED}{_REST}""",
        _value,
    ),
    _rule(_IN_QUOTES, rf"""(?:{SURE})\\{{0,3}}["']?\s{{0,20}}(?:=>|:)\s{{0,20}}{_QUOTED}{_REST}""", _value),
    _rule(
        ("&quot;", "&#34;"),
        rf"(?:{SURE})(?P<q>&quot;|&\#34;)\s{{0,20}}:\s{{0,20}}(?P=q)(?P<value>(?:(?!(?P=q)).)*)",
        _value,
    ),
    _rule(_IN_QUOTES, rf"""(?:{SURE})\\{{0,3}}["']\s{{0,20}}:\s{{0,20}}(?P<value>[0-9][0-9.]*)""", _value),
    _rule(_IN_QUOTES, rf"""["'](?:{VAGUE})\\{{0,3}}["']\s{{0,20}}:\s{{0,20}}{_QUOTED}{_REST}""", _if_secret),
    # XML, and the fields of a form in HTML
    _rule(("</",), rf"(?:{SURE})(?:\s[^<>]{{0,200}})?>(?P<value>[^<]+)</", _value),
    _rule(
        ("value=",),
        rf"""name=["']?(?:{SURE}|{VAGUE})["']?\s[^<>]{{0,200}}?value={_QUOTED}{_REST}""",
        _value,
    ),
    # links, forms, settings: password=…
    _rule(("=",), rf"(?:{SURE})[ \t]{{0,4}}=[ \t]{{0,4}}{_QUOTED}{_REST}", _value),
    _rule(("=",), rf"(?:{SURE})=(?P<value>[^\s&\"'<>]{{1,8000}})", _value),
    _rule(("=", *_CODED), rf"(?:{SURE})(?:[ \t]{{1,4}}=[ \t]{{0,4}}|%(?:25){{0,3}}3D){_LOOSE}", _value),
    # (Microsoft explains its numbers at /error?code=…)
    _rule(
        ("=", *_CODED),
        rf"(?:(?<!/error)[?&#;]|&amp;|%(?:25){{0,3}}(?:3F|26|23))(?:{VAGUE})(?:=|%(?:25){{0,3}}3D){_LOOSE}",
        _value,
    ),
    _rule(("=",), rf"(?<![\w-])(?:{VAGUE})={_LOOSE}", _if_more),
    _rule(("=", ":"), rf"(?<![\w-])(?:{VAGUE}|{SURE})[ \t]{{0,4}}[=:][ \t]{{0,4}}{_LOOSE}", _if_secret),
    # signing in, by HTTP and by SMTP
    _rule((" ", "\n", "\t"), rf"""\b{_SCHEME}\s{{1,4}}(?P<value>[A-Za-z0-9._~+/-]{{8,}}=*)(?!["\w])""", _if_long),
    _rule(
        ("auth",),
        rf"\bAUTH[ =]{{1,3}}{_MECHANISM}[ ]+(?!{_MECHANISM}\b)(?P<value>[A-Za-z0-9+/_=-]+)(?![\w-])",
        _value,
    ),
    _rule(("334",), r"^[ \t]*334[ -](?P<value>[A-Za-z0-9+/=]+)[ \t]*\r?$", _value),
)
