"""Finds what sockets, certificates, name servers and web servers say, in the words of many programs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.interfaces import answered, asks_public_service
from sendwright.problems.pasted.lines import Line
from sendwright.problems.pasted.phrases import (
    DNS_WORDS,
    ERRNO_WORDS,
    PROXY_WORDS,
    SIGN_IN_WORDS,
    TLS_WORDS,
    VERIFY_WORDS,
    present,
)
from sendwright.problems.pasted.values import retry_after_s, values_of
from sendwright.problems.rule import UNKNOWN_STAGE

_HTTP = re.compile(
    r"(?:HTTP/[0-9.]{1,3} {1,2}|\bHTTP (?:status |code |error |response ){0,2}|status ?code[\"':= ]{1,4}|"
    r"status code does not indicate success: |"
    r"CONNECT tunnel failed, response |URL returned error: |Tunnel connection failed: |"
    r"returned an error: \(|HTTP code |response code |"
    r"Proxy(?:Error)?\(?:? ?['\"(]{0,2})"
    r"([1-5][0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_PROXY = re.compile(r"(?<![0-9.:/])(407) Proxy Authentication Required", re.IGNORECASE)
_EXPECTED = "expected response code"  # SwiftMailer and Symfony name the SMTP reply that did not come
_SIGNS = ("http", "status code", "statuscode", "status_code", "tunnel", "returned error", "response code", "proxy")
_THROUGH_PROXY = (
    "connect tunnel", "tunnel connection failed", "from proxy after connect", "proxyerror: ", "proxy tunnel request",
)  # fmt: skip
# curl names no cause when its error is 7; how long it tried tells what it met: a refusal comes at once.
_NOT_CONNECTED = re.compile(r"Failed to connect to [^\s]{1,255} port [0-9]{1,5}(?: after ([0-9]{1,9}) ms)?")
_REFUSED_WITHIN_MS = 10_000
# Nobody else than a network that reads along answers for these with a certificate that nobody knows.
_INSPECTED = frozenset({2, 18, 19, 20, 21})
# Nor does anybody else refuse them, or answer for them in clear: there is no other kind of encryption to choose.
_ON_THE_WAY = {"tls-certificate-refused": "public-service-untrusted", "wrong-security-mode": "portal-or-filter-page"}
_PROXY_SIGN_IN = 407
_REFUSED = 400
# A firewall that reads along writes over the greeting and over what it does not want to be used.
_GREETING_WRITTEN_OVER = re.compile(r"[^0-9A-Za-z]{0,8}(?:[A-Za-z]{1,6}[:>] ?)?220[ -][*]{8}")
# In place of a question, a server that refuses a token (XOAUTH2, RFC 7628 section 3.2.2) sends JSON in base64.
_TOKEN_REFUSED = re.compile(r"(?:^[^0-9A-Za-z]{0,8}(?:[A-Za-z]{1,6}[:>] ?|SERVER -> CLIENT: )?|\bS: )334[ -]eyJ")
_OFFER_WRITTEN_OVER = re.compile(
    r"[^0-9A-Za-z]{0,8}(?:[A-Za-z]{1,6}[:>] ?)?250[ -].{0,400}?\bX{5,40}[A-Z]?(?![A-Za-z0-9])"
)
_SAID = 500


@dataclass(kw_only=True)
class WordReader:
    """Reads the lines of one text. low: the text, case folded."""

    low: str

    def __post_init__(self) -> None:
        self._errnos = present(ERRNO_WORDS, self.low)
        self._verify = present(VERIFY_WORDS, self.low)
        self._dns = present(DNS_WORDS, self.low)
        self._tls = present(TLS_WORDS, self.low)
        self._proxy = present(PROXY_WORDS, self.low)
        self._sign_in = present(SIGN_IN_WORDS, self.low)
        self._in_dialogue = any(sign in self.low for sign in ("220 ****", "220-****", "xxxxx", "334 eyj"))
        self._http = any(sign in self.low for sign in _SIGNS)
        self._curl = "failed to connect to" in self.low
        self._go = "googleapi: error " in self.low
        self._public = asks_public_service(self.low)
        self._only_web = self._public and "smtp" not in self.low

    def read(self, line: Line, *, until: int | None = None) -> Iterator[Clue]:
        """Yield what `line` tells before the place `until`: what stands after a reply are words of that reply."""
        known = self._errnos or self._verify or self._dns or self._tls or self._proxy or self._sign_in
        if not (known or self._in_dialogue or self._curl):
            return
        words = line.text if until is None else line.text[:until]
        low = words.casefold()
        for seen in self._seen(words, low):
            yield Clue(place=line.place, evidence=Evidence(
                stage=seen.stage, system=seen.system, errno=seen.errno, verify=seen.verify, condition=seen.condition,
                text=seen.text, values=values_of(line.text),
            ))  # fmt: skip

    def web(self, line: Line) -> tuple[int, Clue | None] | None:
        """Return the HTTP status that `line` tells, and the clue that it is unless it tells of success."""
        low = line.text.casefold() if self._http or self._go else ""
        answer = answered(line.text, low) if self._public or self._go else None
        if answer is not None:
            return answer.http or 0, Clue(evidence=answer, place=line.place)
        if _EXPECTED in low or not any(sign in low for sign in _SIGNS):
            return None
        found = _HTTP.search(line.text) or _PROXY.search(line.text)
        if found is None:
            return None
        status = int(found[1])
        if status < _REFUSED:
            return status, None
        said = line.text[found.end() : found.end() + _SAID].strip(" :,;\"')(.")
        by_proxy = status != _PROXY_SIGN_IN and any(sign in low for sign in _THROUGH_PROXY)
        evidence = Evidence(
            stage=UNKNOWN_STAGE, system=System.HTTP, http=status, text=said,
            condition="proxy-refused" if by_proxy else None, values=values_of(line.text),
            retry_after_s=retry_after_s(line.text),
        )  # fmt: skip
        return status, Clue(evidence=evidence, place=line.place)

    def _asks_public_service(self, low: str) -> bool:
        return self._only_web or (self._public and asks_public_service(low))

    def _seen(self, words: str, low: str) -> Iterator[Evidence]:
        if any(phrase in low for phrase in self._proxy):
            yield Evidence(stage=UNKNOWN_STAGE, system=System.SOCKET, condition="proxy-unreachable")
            return
        if self._in_dialogue:
            yield from _in_dialogue(words)
        verify = next((VERIFY_WORDS[phrase] for phrase in self._verify if phrase in low), None)
        if verify is not None:
            public = verify in _INSPECTED and self._asks_public_service(low)
            yield Evidence(
                stage="secure", system=System.TLS, verify=verify, text=words.strip()[:_SAID],
                condition="public-service-untrusted" if public else None,
            )  # fmt: skip
            return
        condition = next((TLS_WORDS[phrase] for phrase in self._tls if phrase in low), None)
        if condition is not None:
            if self._asks_public_service(low):
                condition = _ON_THE_WAY.get(condition, condition)
            yield Evidence(stage="secure", system=System.TLS, condition=condition, text=words.strip()[:_SAID])
            return
        condition = next((SIGN_IN_WORDS[phrase] for phrase in self._sign_in if phrase in low), None)
        if condition is not None:
            yield Evidence(stage="sign-in", system=System.SMTP, condition=condition)
            return
        condition = next((DNS_WORDS[phrase] for phrase in self._dns if phrase in low), None)
        if condition is not None:
            yield Evidence(stage="resolve", system=System.DNS, condition=condition)
            return
        errno = next((ERRNO_WORDS[phrase] for phrase in self._errnos if phrase in low), None)
        if errno is None and self._curl:
            errno = _not_connected(words)
        if errno is not None:
            yield Evidence(stage=UNKNOWN_STAGE, system=System.SOCKET, errno=errno)


def _not_connected(words: str) -> str | None:
    found = _NOT_CONNECTED.search(words)
    if found is None:
        return None
    return "ETIMEDOUT" if int(found[1] or 0) > _REFUSED_WITHIN_MS else "ECONNREFUSED"


def _in_dialogue(words: str) -> Iterator[Evidence]:
    if _GREETING_WRITTEN_OVER.match(words):
        yield Evidence(stage="greet", system=System.SMTP, condition="banner-rewritten")
    elif _OFFER_WRITTEN_OVER.match(words):
        yield Evidence(stage="secure", system=System.SMTP, condition="starttls-stripped")
    elif _TOKEN_REFUSED.search(words):
        yield Evidence(stage="sign-in", system=System.SMTP, condition="oauth-token-refused")
