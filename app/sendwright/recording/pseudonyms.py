"""Puts a stable stand-in where a mail address, this computer's name or the home folder stands."""

import html
import platform
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from sendwright.recording.own_names import OwnNames

USER_NAMES: Final = frozenset({"username", "user", "login", "person"})
"""Names of values that are somebody's even without an @."""

_ATEXT = r"[^\W]|[.!#$%&'*+/=?^`{|}~-]"
_DOMAIN = r"\[[0-9A-Fa-f:.]{2,60}\]|[^\W_](?:[\w.-]{0,253}[^\W_])?"
_QUOTED = r""""(?:[^"\\\r\n<>]|\\[^\r\n]){1,64}\""""
_AT = r"@|\uff20|%(?:25){0,3}40|&\#64;|&\#x40;|\\u0040|=40(?=[\w-]+(?:\.[\w-]+){0,8}\.[a-z]{2,})"
_SIGN = re.compile(_AT, re.IGNORECASE)
_ADDRESS = re.compile(
    rf"""(?P<local>{_QUOTED}|(?:{_ATEXT}){{1,128}})(?P<at>{_AT})(?P<domain>{_DOMAIN})""",
    re.IGNORECASE,
)
"""A mail address (RFC 5321 section 4.1.2, RFC 6531), also as links and HTML write it; as lenient as a log."""

_ROUNDS = 4
"""How often a text is gone through at most: where addresses run into each other, a stand-in makes a new one."""

_OURS = re.compile(r"person-(\d{1,6})")
_SRS0 = re.compile(r"(?P<before>SRS0[=+-][^=@]{1,16}=[^=@]{1,8}=)(?P<domain>[^=@]+)=(?P<local>.+)", re.IGNORECASE)
_SRS1 = re.compile(
    r"(?P<before>SRS1[=+-][^=@]{1,16}=[^=@]+==[^=@]{1,16}=[^=@]{1,8}=)(?P<domain>[^=@]+)=(?P<local>.+)", re.IGNORECASE
)
_BATV = re.compile(r"(?P<before>(?:prvs|btv1)=+[^=@]{1,24}=+)(?P<local>.+)", re.IGNORECASE)
_VERP = re.compile(
    r"(?P<before>\w{0,24}(?:bounces?|return|verp|owner|mailer|errors?)[+-])(?P<local>[^=]+)=(?P<domain>[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)
_KEYS = (
    r"(?:sasl_|orig_|r|login_?|auth)?(?:user(?:_?name)?|login|hint|to|id|identity)|from|cc|bcc|sender|recipient|rcpt|"
    r"(?:smtp\.|envelope[_-]|header\.)?(?:mail)?from|e?-?mail|reply-to|upn|account|addr(?:ess)?|name|owner"
)
_FRONT = re.compile(rf"(?:.*[?&/])?(?:{_KEYS})=|//(?:.*[/?&=])?", re.IGNORECASE)
"""What of a link or a setting runs into the address, since all of it may stand before an @ too."""

_MESSAGE_ID = re.compile(
    r"(?:message|internet|conversation)[-_ ]?(?:message[-_ ]?)?id\W{1,4}$|\bmid\W{1,2}$", re.IGNORECASE
)
_BEFORE = 32
"""Characters in front of an address in which `Message-ID: <` is looked for."""


class Pseudonyms:
    """Stand-ins that stay the same for as long as this value lives; safe to use from several threads.

    `anna.berger@contoso.com` becomes `person-1@contoso.com`, everywhere and in any letter case. Domains, names of
    servers, network addresses (also one's own public one) and Message-IDs stay: whoever mends a mail system needs
    them, and they name no person. Never left are the name of this computer and the path of the home folder; both
    also where `keep_addresses` was chosen. Inside return paths that carry an address (VERP, SRS, BATV) its part is
    replaced and the rest stays as far as it is no name.

    home, computer: what is to be hidden of this computer; None is what this one has, empty is nothing.
    """

    def __init__(self, *, keep_addresses: bool = False, home: str | None = None, computer: str | None = None) -> None:
        self._keep = keep_addresses
        self._own = OwnNames(
            home=str(Path.home()) if home is None else home,
            computer=platform.node() if computer is None else computer,
        )
        self._lock = threading.Lock()
        self._numbers: dict[tuple[str, str], int] = {}
        self._locals: dict[str, int] = {}
        self._known: re.Pattern[str] | None = None
        self._known_count = 0

    def __repr__(self) -> str:
        return f"Pseudonyms({len(self._numbers)} people)"

    def hide(self, text: str) -> str:
        """Return `text` with stand-ins. What was hidden stays as it is when it is hidden again."""
        shown = self._own.hide(text)
        if self._keep or not shown:
            return shown
        with self._lock:
            for _ in range(_ROUNDS):
                before, shown = shown, self._alone(_ADDRESS.sub(self._address, shown))
                if shown == before or not _run_together(shown):
                    break
            return shown

    def hide_values(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return `values` with stand-ins; a user name needs no @ to be one."""
        shown = {name: self.hide(value) for name, value in values.items()}
        if not self._keep:
            with self._lock:
                for name in USER_NAMES & values.keys():
                    if "@" not in values[name] and values[name].strip():
                        shown[name] = self._stand_in(values[name], "")
        return shown

    def _address(self, match: re.Match[str]) -> str:
        before = match.string[max(0, match.start() - _BEFORE) : match.start()]
        local, domain = _plain(match["local"]), match["domain"]
        if _MESSAGE_ID.search(before) and _key(local, domain) not in self._numbers:
            return match[0]
        found = _FRONT.match(local)
        front = found[0] if found else ""
        local = local[len(front) :]
        name, equals, rest = local.rpartition("=")
        if equals and (
            self._is_ours(rest) or _key(rest, domain) in self._numbers
        ):  # some other setting in front of somebody who is known
            front, local = f"{front}{name}{equals}", rest
        if local[:1] in {"'", "`"}:  # quoted by a program, not part of it
            front, local = front + local[0], local[1:]
        if not local:
            return match[0]
        return f"{front}{self._local(local, domain)}{match['at']}{domain}"

    def _local(self, local: str, domain: str) -> str:
        for shape in (_SRS0, _SRS1, _BATV, _VERP):
            found = shape.fullmatch(local)
            if found is None:
                continue
            named = found.groupdict()
            before, inner = named.get("before") or "", named.get("domain") or domain
            person = self._stand_in(found["local"], inner)
            if shape is _BATV:
                return f"{before}{person}"
            return f"{before}{person}={inner}" if shape is _VERP else f"{before}{inner}={person}"
        return self._stand_in(local, domain)

    def _stand_in(self, local: str, domain: str) -> str:
        if self._is_ours(local):
            return local
        key = _key(local, domain)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        self._locals.setdefault(key[0], number)
        return f"person-{number}"

    def _is_ours(self, local: str) -> bool:
        ours = _OURS.fullmatch(local)
        return ours is not None and 1 <= int(ours[1]) <= len(self._numbers)

    def _alone(self, text: str) -> str:
        """Replace the known parts before an @ where they stand without it, as servers quote them."""
        folded = text.casefold()
        if not self._speaks_of_known(folded):
            return text
        for local, number in self._locals.items():
            if local in folded:
                name = re.escape(local)
                quoted = rf"""(?<=[<"'(=\[]){name}(?=[>"')=\],])"""
                distinct = rf"|(?<![\w.@-]){name}(?![\w-]|@\S|\.\w)" if _is_distinct(local) else ""
                text = re.sub(quoted + distinct, f"person-{number}", text, flags=re.IGNORECASE)
        return text

    def _speaks_of_known(self, folded: str) -> bool:
        """Tell whether any known part stands in it: one look for all of them, since most texts name nobody."""
        if len(self._locals) != self._known_count:
            self._known_count = len(self._locals)
            self._known = re.compile("|".join(map(re.escape, self._locals)))
        return self._known is not None and self._known.search(folded) is not None


def _run_together(text: str) -> bool:
    """Tell whether some word has several signs of an address in it."""
    return any(len(_SIGN.findall(word)) > 1 for word in text.split())


def _key(local: str, domain: str) -> tuple[str, str]:
    return local.strip('"').casefold(), domain.casefold()


def _plain(local: str) -> str:
    """Return a part before the @ as it is meant, where a link or a page has coded it."""
    return html.unescape(unquote(local)) if "%" in local or "&" in local else local


def _is_distinct(local: str) -> bool:
    """Tell whether `local` is no ordinary word, so that it is somebody wherever it stands."""
    return len(local) > len("x.y") and any(character in "._-+0123456789" for character in local)
