"""Diagnoses sending through Gmail; without a credential as far as nobody has to sign in."""

import argparse
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console

from sendwright.cli.consent import OpenPage, open_page
from sendwright.cli.doctor_provider import (
    Streams,
    add_sending_words,
    add_telling_words,
    composed_message,
    showing_of,
    submission_place,
    typed_address,
)
from sendwright.cli.doctor_run import WrongUsage, refuse, show_diagnosis
from sendwright.cli.doctor_save import PlaceUnusable, place_to_save
from sendwright.cli.google_sign_in import sign_in_here
from sendwright.cli.passwords import PasswordSource, PasswordUnavailable
from sendwright.deployment import Deployment
from sendwright.diagnosis.catalogue import diagnose, last_without_sign_in
from sendwright.diagnosis.run import failed
from sendwright.diagnosis.stage import GMAIL_STAGES, SMTP_STAGES, StageResult, Verdict
from sendwright.network.network import Network
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, USUAL
from sendwright.oauth.google.service_account_key import KeyUnusable, ServiceAccountKey, read_file, read_key
from sendwright.oauth.google.sign_in import SignedIn
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.recording.given_file import FileRefused, read_given
from sendwright.secret import Secret
from sendwright.senders.credentials import SERVICE_ACCOUNT_KEY
from sendwright.senders.gmail.opening import gmail_settings
from sendwright.senders.gmail.settings import GmailSettings, Route, SenderProof, Way
from sendwright.senders.unusable import ProfileUnusable
from sendwright.texts import text

PROVIDER = "gmail"

_NOBODY = "unknown"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was typed, checked. client: by which somebody signs in. credential: of a service account, by name."""

    settings: GmailSettings
    client: GoogleClient
    recipient: str | None
    sender: str
    credential: dict[str, Secret] = field(repr=False)
    signs_in: bool


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `doctor gmail`."""
    parser = kinds.add_parser(PROVIDER, help=text("doctor.gmail.help"), allow_abbrev=False)
    say = "doctor.gmail."
    parser.add_argument("account", metavar="ACCOUNT", help=text(f"{say}account"))
    add_sending_words(parser, say=say)
    parser.add_argument("--route", choices=list(Route), type=Route, default=Route.API, help=text(f"{say}route"))
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--sign-in", action="store_true", help=text(f"{say}sign-in"))
    source.add_argument("--service-account-key", metavar="FILE", help=text(f"{say}service-account-key"))
    parser.add_argument("--client-id", metavar="ID", help=text(f"{say}client-id"))
    parser.add_argument("--client-secret-file", metavar="F", help=text(f"{say}client-secret-file"))
    add_telling_words(parser)


async def run(
    arguments: argparse.Namespace,
    deployment: Deployment,
    network: Network,
    out: Console,
    data: Console,
    *,
    opening: OpenPage = open_page,
) -> int:
    """Carry out `doctor gmail`; return the exit code: 0 fine, 1 a problem was found, 2 wrong usage."""
    try:
        question = read_question(arguments, deployment)
        place = None if arguments.save is None else place_to_save(arguments.save)
    except (WrongUsage, PasswordUnavailable, PlaceUnusable) as wrong:
        return refuse(wrong, out)
    secret = question.client.secret
    learned = question.credential | ({} if secret is None else {"client_secret": secret})
    showing = showing_of(arguments, Streams(out=out, data=data), place=place, credential=learned)
    settings = question.settings
    order = GMAIL_STAGES if settings.route is Route.API else SMTP_STAGES
    subject: dict[str, str | int] = {
        "kind": "gmail",
        "account": settings.account,
        "way": settings.way.value,
        "route": settings.route.value,
        "client_id": "" if settings.client_id == _NOBODY else settings.client_id,
        "service_account": settings.service_account,
    }
    results = _diagnose(question, replace(network, recorder=showing.recorder), out, deployment, opening)
    return await show_diagnosis(
        results,
        showing,
        title=text("doctor.gmail.subject", account=settings.account),
        subject={name: value for name, value in subject.items() if value},
        order=order,
        canonical=order,
        secrets=tuple(learned.values()),
    )


def read_question(arguments: argparse.Namespace, deployment: Deployment) -> Question:
    """Return what is asked. Raises WrongUsage and PasswordUnavailable."""
    account, sender = typed_address(arguments.account), typed_address(arguments.sender)
    if not account:
        raise WrongUsage(text("doctor.usage.address", address=arguments.account))
    recipient = typed_address(arguments.recipient) or None
    client = _client(arguments, deployment)
    if arguments.sign_in and client.client_id == _NOBODY:
        raise WrongUsage(text("doctor.gmail.no-client-id"))
    if recipient and not (arguments.sign_in or arguments.service_account_key):
        raise WrongUsage(text("doctor.gmail.no-credential"))
    smtp_host, smtp_port = submission_place(deployment.google.smtp)
    own = not sender or sender.casefold() == account.casefold()
    settings = GmailSettings(
        account=account,
        route=arguments.route,
        account_id=_NOBODY,
        client_id=client.client_id,
        own=client.own,
        proof=SenderProof.OWN if own else SenderProof.UNPROVEN,
        login=client.login,
        gmail=client.gmail,
        smtp_host=smtp_host,
        smtp_port=smtp_port,
    )
    credential: dict[str, Secret] = {}
    if arguments.service_account_key:
        if arguments.client_id or arguments.client_secret_file:
            raise WrongUsage(text("doctor.gmail.no-client"))
        secret, key = _service_account_key(arguments.service_account_key)
        credential = {SERVICE_ACCOUNT_KEY: secret}
        settings = msgspec.structs.replace(
            settings,
            way=Way.SERVICE_ACCOUNT,
            account_id="",
            domain=account.rpartition("@")[2],
            client_id=key.unique_id,
            own=False,
            service_account=key.email,
        )
    try:
        gmail_settings(_profile(settings, sender))
    except ProfileUnusable as unusable:  # such as an id with a blank in it
        raise WrongUsage(text("doctor.gmail.unusable", why=str(unusable))) from unusable
    return Question(
        settings=settings,
        client=client,
        recipient=recipient,
        sender=sender,
        credential=credential,
        signs_in=arguments.sign_in,
    )


async def _diagnose(
    question: Question, network: Network, out: Console, deployment: Deployment, opening: OpenPage
) -> AsyncIterator[StageResult]:
    """Yield the stages; of a sign-in that fails, also those that need none."""
    settings = question.settings
    grant: FixedAccess | None = None
    if question.signs_in:
        try:
            signed = await sign_in_here(
                question.client,
                settings.account,
                scopes=_scopes(settings),
                network=network,
                out=out,
                product=deployment.platform.name,
                opening=opening,
            )
        except OAuthFailed as refused:
            reached = [result async for result in _before_sign_in(settings, network)]
            for result in reached:
                yield result
            if all(result.verdict is not Verdict.FAILED for result in reached):
                yield failed("sign-in", refused.evidence)
            return
        settings = _signed_in(settings, signed)
        grant = FixedAccess(signed.access, clock=_now, system=System.GOOGLE)
    elif not question.credential:
        async for result in _before_sign_in(settings, network):
            yield result
        return
    profile = _profile(settings, question.sender)
    message = composed_message(profile, question.recipient)
    tried = diagnose(profile, question.credential, network, message=message, recipient=question.recipient, grant=grant)
    async for result in tried:
        yield result


async def _before_sign_in(settings: GmailSettings, network: Network) -> AsyncIterator[StageResult]:
    """Yield the stages that need nobody's sign-in."""
    profile = _profile(settings, settings.account)
    async for result in diagnose(profile, {}, network, stop_after=last_without_sign_in(profile)):
        if result.verdict is not Verdict.NOT_REACHED:
            yield result


def _scopes(settings: GmailSettings) -> tuple[str, ...]:
    return USUAL if settings.route is Route.API else (OPENID, EMAIL, MAIL)


def _signed_in(settings: GmailSettings, signed: SignedIn) -> GmailSettings:
    account = signed.account
    return msgspec.structs.replace(settings, account=account.username, account_id=account.oid, domain=account.domain)


def _profile(settings: GmailSettings, sender: str) -> SenderProfile:
    return SenderProfile(
        provider=PROVIDER,
        sender="gmail",
        address=sender or settings.account,
        alias=text("deployment.platform"),
        settings=msgspec.to_builtins(settings),
    )


def _client(arguments: argparse.Namespace, deployment: Deployment) -> GoogleClient:
    """Return the OAuth client that was typed, else the platform's."""
    known = deployment.google
    typed = (arguments.client_id or "").strip()
    secret = None if typed else known.client_secret
    if arguments.client_secret_file:
        secret = PasswordSource(file=arguments.client_secret_file).read(may_ask=False)
    return GoogleClient(
        client_id=typed or known.client_id or _NOBODY,
        secret=secret,
        login=known.base,
        gmail=known.gmail,
        page=known.page,
        own=bool(typed) and typed != known.client_id,
    )


def _service_account_key(name: str) -> tuple[Secret, ServiceAccountKey]:
    """Return the key file, and the key in it. Raises WrongUsage."""
    try:
        secret = read_file(read_given(Path(name)))
        return secret, read_key(secret)
    except FileRefused as refused:
        why = text(f"file.refused.{refused.code}")
    except KeyUnusable as unusable:
        why = text(f"gmail.key.wrong.{unusable.code}")
    raise WrongUsage(text("doctor.gmail.key", file=name, why=why))


def _now() -> datetime:
    return datetime.now(UTC)
