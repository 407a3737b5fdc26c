"""Finds what mail servers, sockets and certificates say in a text that a person pasted, and what it means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import UNRECOGNISED, Dictionary, load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.understood import Match
from sendwright.problems.problem import Confidence
from sendwright.problems.reading import find_reply
from sendwright.problems.rule import UNKNOWN_STAGE

LONGEST = 100_000
"""Characters of the pasted text that are looked at."""

# Where a reply of its kind is most often given comes first: it decides between explanations of equal weight. Greeting
# and encryption are left to the words below, because every reply means something there.
_STAGES = ("sign-in", "recipient", "submit", "sender", "connect", "resolve", "backend")

# Words by which programs say at which command the server answered, such as Postfix in its reports.
_STAGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "reply to mail from": "sender",
        "reply to rcpt to": "recipient",
        "reply to end of data": "submit",
        "reply to data command": "submit",
        "initial server greeting": "greet",
        "not accepting": "greet",
        "server ports are busy": "greet",
        "too many connections": "greet",
        "auth command": "sign-in",
        "tls not available": "secure",
    }
)

# The fixed words of the C library (strerror) and of OpenSSL (X509_verify_cert_error_string) for their
# numbers.
_ERRNO_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "connection refused": "ECONNREFUSED",
        "connection timed out": "ETIMEDOUT",
        "network is unreachable": "ENETUNREACH",
        "no route to host": "EHOSTUNREACH",
        "connection reset by peer": "ECONNRESET",
        "broken pipe": "EPIPE",
    }
)
_VERIFY_WORDS: Mapping[str, int] = MappingProxyType(
    {
        "certificate has expired": 10,
        "certificate is not yet valid": 9,
        "self-signed certificate in certificate chain": 19,
        "self signed certificate in certificate chain": 19,
        "self-signed certificate": 18,
        "self signed certificate": 18,
        "unable to get local issuer certificate": 20,
        "unable to verify the first certificate": 21,
        "certificate revoked": 23,
        "hostname mismatch": 62,
        "ip address mismatch": 64,
    }
)
_DNS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "name or service not known": "dns-name-not-found",
        "nodename nor servname provided": "dns-name-not-found",
        "no such host is known": "dns-name-not-found",
        "nxdomain": "dns-name-not-found",
        "temporary failure in name resolution": "dns-resolver-failed",
        "servfail": "dns-resolver-failed",
    }
)

_ERRNO = re.compile(r"\bE[A-Z]{4,14}\b")
_OUR_CODE = re.compile(r"(?<![\w-])[a-z]{2,20}(?:-[a-z0-9]{1,20}){1,6}(?![\w-])")
_ENHANCED = re.compile(r"(?<![0-9.])[45]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")


def search(text: str) -> tuple[Match, ...]:
    """Return the problems that `text` speaks of, best first, each once; never empty, never raises.

    The best one is `unrecognised` where nothing in the text means anything to us.
    """
    dictionary = load()
    found: dict[str, tuple[tuple[int, int], Match]] = {}
    shown = _visible(text[:LONGEST])
    for evidence in _clues(shown, dictionary):
        for weight, match in _explanations(evidence, dictionary):
            code = match.problem.code
            if code not in found or weight > found[code][0]:
                found[code] = (weight, match)
    known = [entry for code, entry in found.items() if code != UNRECOGNISED]
    if known:
        return tuple(match for _, match in sorted(known, key=lambda entry: entry[0], reverse=True))
    if UNRECOGNISED in found:
        return (found[UNRECOGNISED][1],)
    nothing = Evidence(stage=UNKNOWN_STAGE, system=System.SMTP, text=shown.strip()[:500])
    return (Match(problem=classify(nothing), matched=""),)


def _visible(text: str) -> str:
    """Return `text` without what could steer a terminal or cannot be written: it comes back in the explanation."""
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


def _explanations(evidence: Evidence, dictionary: Dictionary) -> Iterator[tuple[tuple[int, int], Match]]:
    """Yield what `evidence` may mean: where its stage is not known, the heaviest of what it means anywhere."""
    entries: dict[str, tuple[tuple[int, int], Evidence]] = {}
    told = dictionary.find(evidence).definition.code if evidence.stage != UNKNOWN_STAGE else UNRECOGNISED
    for stage in _STAGES if told == UNRECOGNISED else (evidence.stage,):
        seen = msgspec.structs.replace(evidence, stage=stage)
        entry = dictionary.find(seen)
        entries.setdefault(entry.definition.code, (entry.weight, seen))
    heaviest = max(weight for weight, _ in entries.values())
    best = [(weight, seen) for weight, seen in entries.values() if weight[0] == heaviest[0]]
    for weight, seen in best:
        problem = classify(seen, dictionary=dictionary)
        if len(best) > 1 and problem.confidence is Confidence.CERTAIN:
            problem = msgspec.structs.replace(problem, confidence=Confidence.LIKELY)
        yield weight, Match(problem=problem, matched=evidence.code)


def _clues(text: str, dictionary: Dictionary) -> Iterator[Evidence]:
    for line in _joined(text.splitlines()):
        low = line.casefold()
        yield from _named(low, dictionary)
        reply = find_reply(line)
        stage = next((stage for words, stage in _STAGE_WORDS.items() if words in low), UNKNOWN_STAGE)
        if reply is not None:
            yield Evidence(stage=stage, system=System.SMTP, reply=reply.code, enhanced=reply.enhanced, text=reply.text)
        elif (lone := _ENHANCED.search(line)) is not None:
            yield Evidence(stage=stage, system=System.SMTP, enhanced=lone[0], text=line[lone.end() :].strip())
        yield from _below_mail(line, low)


def _named(line: str, dictionary: Dictionary) -> Iterator[Evidence]:
    """Yield our own codes, as they stand in a ticket, a log or the JSON of a diagnosis."""
    for found in _OUR_CODE.finditer(line):
        if found[0] in dictionary.definitions:
            yield Evidence(stage=UNKNOWN_STAGE, system=System.BACKEND, reason=found[0])


def _below_mail(line: str, low: str) -> Iterator[Evidence]:
    names = [found[0] for found in _ERRNO.finditer(line)]
    names += [name for words, name in _ERRNO_WORDS.items() if words in low]
    for name in dict.fromkeys(names):
        yield Evidence(stage=UNKNOWN_STAGE, system=System.SOCKET, errno=name)
    verify = next((number for words, number in _VERIFY_WORDS.items() if words in low), None)
    if verify is not None:
        yield Evidence(stage="secure", system=System.TLS, verify=verify, text=line.strip()[:500])
    for words, condition in _DNS_WORDS.items():
        if words in low:
            yield Evidence(stage="resolve", system=System.DNS, condition=condition)


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Put the lines of one reply together: `550-5.1.1 The account` and `550 5.1.1 does not exist`."""
    held = ""
    for line in lines:
        bare = line.strip()
        continues = bare[:3].isdecimal() and bare[3:4] == "-"
        if held and bare[:3] == held[:3]:
            reply = find_reply(bare)
            held = f"{held} {reply.text if reply else bare[4:]}"
        else:
            if held:
                yield held
            held = bare
        if not continues:
            yield held
            held = ""
    if held:
        yield held
