"""Finds out, without signing in, whether an app registration can be used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

import httpx

from sendwright.oauth.callback import CallbackRefused, is_callback, read_callback
from sendwright.oauth.conditions import REACH
from sendwright.oauth.entra.failures import evidence_of
from sendwright.oauth.entra.metadata import Metadata, read_metadata, require_here
from sendwright.oauth.entra.registration import Registration
from sendwright.oauth.entra.web import ask, fetch
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.web import Web
from sendwright.problems.evidence import Evidence

UNKNOWN_CLIENT: Final = frozenset({70001, 700011, 700016, 7000229, 900144})
NOT_REDIRECT: Final = frozenset({50011, 500113, 500117, 900971})
NOT_PUBLIC: Final = frozenset({7000218, 70002})
NO_TENANT: Final = frozenset({50059, 90002, 900023, 90038})

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"

_NUMBER = re.compile(r"AADSTS([0-9]{4,8})(?![0-9])[^\n<\"]{0,300}")
_CHALLENGE = "A" * 43  # never redeemed


class Question(StrEnum):
    """What is asked about a registration.

    known: does the organisation, or for all of them the cloud, know the client id. redirect: is the address registered.
    public: may a program without a secret sign in. permissions: which ones it lists, which shows only at the sign-in.
    """

    KNOWN = "known"
    REDIRECT = "redirect"
    PUBLIC = "public"
    PERMISSIONS = "permissions"


class Answer(StrEnum):
    """What was found out; UNKNOWN where Microsoft does not tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One answer. evidence: what Microsoft said, where that is why."""

    question: Question
    answer: Answer
    evidence: Evidence | None = None


async def probe(registration: Registration, *, redirect_uri: str, web: Web) -> tuple[Finding, ...]:
    """Return one finding for each question, in their order.

    The sign-in page is asked for without showing it (`prompt=none`, OpenID Connect Core 3.1.2.1): it sends back to a
    registered address only, and names on its page what it refuses. A device code is asked for, and given up: whoever
    has to name a secret is no public client. Raises OAuthFailed where Microsoft is not reached, or has no such tenant.
    """
    async with web() as client:
        metadata = await read_metadata(client, registration)
        require_here(metadata, registration)
        known, redirect = await _asked_of_page(client, metadata, registration, redirect_uri)
        public = await _public(client, metadata, registration)
    if known.answer is Answer.UNKNOWN and public.answer is not Answer.UNKNOWN:
        known = Finding(question=Question.KNOWN, answer=Answer.YES)
    return known, redirect, public, Finding(question=Question.PERMISSIONS, answer=Answer.UNKNOWN)


async def _asked_of_page(
    client: httpx.AsyncClient, metadata: Metadata, registration: Registration, redirect_uri: str
) -> tuple[Finding, Finding]:
    fields = {
        "client_id": registration.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "response_mode": "query",
        "scope": "openid",
        "state": "probe",
        "nonce": "probe",
        "prompt": "none",
        "code_challenge": _CHALLENGE,
        "code_challenge_method": "S256",
    }
    url = f"{metadata.authorization_endpoint}?{urlencode(fields)}"
    response, body = await fetch(client, "GET", url, registration=registration)
    target = response.headers.get("Location", "")
    if response.is_redirect and is_callback(target, redirect_uri=redirect_uri):
        return _sent_back(_parameters(target, redirect_uri), registration)
    return _shown(body.decode("utf-8", "replace"), registration, http=response.status_code)


def _parameters(address: str, redirect_uri: str) -> Mapping[str, str]:
    try:
        return read_callback(address, redirect_uri=redirect_uri)
    except CallbackRefused:
        return {}


def _sent_back(parameters: Mapping[str, str], registration: Registration) -> tuple[Finding, Finding]:
    """Return what being sent back shows: only a known client has registered addresses."""
    told = evidence_of(parameters, registration)
    if told.number in UNKNOWN_CLIENT:
        return _both(Answer.NO, Answer.UNKNOWN, told)
    return _both(Answer.YES, Answer.YES, None)


def _shown(page: str, registration: Registration, *, http: int) -> tuple[Finding, Finding]:
    found = _NUMBER.search(page)
    if found is None:
        return _both(Answer.UNKNOWN, Answer.UNKNOWN, None)
    told = evidence_of({"error_description": found[0]}, registration, http=http if http >= 400 else None)  # noqa: PLR2004 - the first error
    if told.number in UNKNOWN_CLIENT:
        return _both(Answer.NO, Answer.UNKNOWN, told)
    if told.number in NOT_REDIRECT:
        return _both(Answer.YES, Answer.NO, told)
    if told.number in NO_TENANT:
        raise OAuthFailed(told)
    return _both(Answer.UNKNOWN, Answer.UNKNOWN, told)


def _both(known: Answer, redirect: Answer, told: Evidence | None) -> tuple[Finding, Finding]:
    return (
        Finding(question=Question.KNOWN, answer=known, evidence=told if known is not Answer.YES else None),
        Finding(question=Question.REDIRECT, answer=redirect, evidence=told if redirect is not Answer.YES else None),
    )


async def _public(client: httpx.AsyncClient, metadata: Metadata, registration: Registration) -> Finding:
    if not metadata.device_authorization_endpoint:
        return Finding(question=Question.PUBLIC, answer=Answer.UNKNOWN)
    form = {"client_id": registration.client_id, "scope": "openid"}
    try:
        heard = await ask(client, "POST", metadata.device_authorization_endpoint, registration=registration, form=form)
        code = heard.content.get("device_code")
        poll = {"client_id": registration.client_id, "grant_type": DEVICE_GRANT, "device_code": str(code)}
        await ask(client, "POST", metadata.token_endpoint, registration=registration, form=poll)
    except OAuthFailed as refused:
        seen = refused.evidence
        if seen.stage == REACH:
            raise
        if seen.error == "authorization_pending":  # the client was taken as it is, without a secret
            return Finding(question=Question.PUBLIC, answer=Answer.YES)
        if seen.number in NOT_PUBLIC or (seen.number is None and seen.error == "invalid_client"):
            return Finding(question=Question.PUBLIC, answer=Answer.NO, evidence=seen)
        return Finding(question=Question.PUBLIC, answer=Answer.UNKNOWN, evidence=seen)
    return Finding(question=Question.PUBLIC, answer=Answer.UNKNOWN)  # a token, although nobody signed in
