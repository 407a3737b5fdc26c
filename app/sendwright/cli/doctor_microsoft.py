"""Diagnoses sending through Microsoft 365; without a credential as far as nobody has to sign in."""

import argparse
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import httpx
import msgspec
from rich.console import Console

from sendwright.cli.consent import ask_consent
from sendwright.cli.doctor_provider import (
    Streams,
    add_sending_words,
    add_telling_words,
    composed_message,
    showing_of,
    submission_place,
    typed_address,
    typed_file,
)
from sendwright.cli.doctor_run import WrongUsage, refuse, show_diagnosis
from sendwright.cli.doctor_save import PlaceUnusable, place_to_save
from sendwright.cli.passwords import PasswordSource, PasswordUnavailable
from sendwright.cli.questions import Questions
from sendwright.deployment import Deployment
from sendwright.diagnosis import graph, interface, submission
from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.run import failed
from sendwright.diagnosis.stage import GRAPH_STAGES, SMTP_STAGES, StageResult, Verdict
from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.oauth.entra.device import await_device, begin_device
from sendwright.oauth.entra.tenant import find_tenant
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import System
from sendwright.profile import SenderProfile
from sendwright.screens import Consent, ConsentWay
from sendwright.secret import Secret
from sendwright.senders.credentials import CLIENT_CERTIFICATE, CLIENT_SECRET, TOKEN
from sendwright.senders.graph.settings import GraphSettings, Route, Way
from sendwright.texts import text

PROVIDER = "microsoft365"

_ORGANISATION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,252}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was typed, checked. organisation: a domain or an id. credential: of the application, by name."""

    organisation: str
    mailbox: str
    settings: GraphSettings
    recipient: str | None
    sender: str
    credential: dict[str, Secret]
    signs_in: bool


def add_parser(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `doctor microsoft`."""
    parser = kinds.add_parser("microsoft", help=text("doctor.microsoft.help"), allow_abbrev=False)
    say = "doctor.microsoft."
    parser.add_argument("organisation", nargs="?", metavar="ORGANISATION", help=text(f"{say}organisation"))
    parser.add_argument("--mailbox", metavar="A", help=text(f"{say}mailbox"))
    add_sending_words(parser, say=say)
    parser.add_argument("--route", choices=list(Route), type=Route, default=None, help=text(f"{say}route"))
    parser.add_argument("--client-id", metavar="ID", help=text(f"{say}client-id"))
    parser.add_argument("--cloud", choices=sorted(CLOUDS), help=text(f"{say}cloud"))
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--device-code", action="store_true", help=text(f"{say}device-code"))
    source.add_argument("--secret-file", metavar="F", help=text(f"{say}secret-file"))
    source.add_argument("--secret-env", metavar="NAME", help=text(f"{say}secret-env"))
    source.add_argument("--certificate-file", metavar="F", help=text(f"{say}certificate-file"))
    add_telling_words(parser)


async def run(
    arguments: argparse.Namespace, deployment: Deployment, network: Network, out: Console, data: Console
) -> int:
    """Carry out `doctor microsoft`; return the exit code: 0 fine, 1 a problem was found, 2 wrong usage."""
    try:
        question = read_question(arguments, deployment)
        place = None if arguments.save is None else place_to_save(arguments.save)
    except (WrongUsage, PasswordUnavailable, PlaceUnusable) as wrong:
        return refuse(wrong, out)
    showing = showing_of(arguments, Streams(out=out, data=data), place=place, credential=question.credential)
    network = replace(network, recorder=showing.recorder)
    settings = question.settings
    order = ("reach", *SMTP_STAGES) if settings.route is Route.SMTP else GRAPH_STAGES
    subject: dict[str, str | int] = {
        "kind": "microsoft",
        "organisation": question.organisation,
        "cloud": settings.cloud,
        "client_id": settings.client_id,
        "way": settings.way.value,
        "route": settings.route.value,
        "mailbox": question.mailbox,
    }
    return await show_diagnosis(
        _diagnose(question, network, out),
        showing,
        title=text("doctor.microsoft.subject", organisation=question.organisation),
        subject={name: value for name, value in subject.items() if value},
        order=order,
        canonical=order,
        secrets=tuple(question.credential.values()),
    )


def read_question(arguments: argparse.Namespace, deployment: Deployment) -> Question:
    """Return what is asked. Raises WrongUsage and PasswordUnavailable."""
    mailbox = typed_address(arguments.mailbox)
    organisation = (arguments.organisation or (mailbox.rpartition("@")[2] if mailbox else "")).strip()
    if not _ORGANISATION.fullmatch(organisation):
        raise WrongUsage(text("doctor.microsoft.no-organisation"))
    known = deployment.microsoft
    client_id = arguments.client_id or known.client_id
    credential = _credential(arguments)
    signs_in = bool(arguments.device_code or credential)
    if signs_in and not client_id:
        raise WrongUsage(text("doctor.microsoft.no-client-id"))
    if credential and not mailbox:
        raise WrongUsage(text("doctor.microsoft.no-mailbox"))
    if arguments.recipient and not signs_in:
        raise WrongUsage(text("doctor.microsoft.no-credential"))
    smtp_host, smtp_port = submission_place(known.smtp)
    settings = GraphSettings(
        client_id=client_id or "unknown",
        tenant=organisation,
        mailbox=mailbox,
        way=Way.APPLICATION if credential else Way.ACCOUNT,
        route=arguments.route or (Route.MAILBOX if credential else Route.ME),
        cloud=arguments.cloud or known.cloud,
        login=known.authority,
        graph=known.graph,
        smtp_host=smtp_host,
        smtp_port=smtp_port,
    )
    return Question(
        organisation=organisation,
        mailbox=mailbox,
        settings=settings,
        recipient=typed_address(arguments.recipient) or None,
        sender=typed_address(arguments.sender),
        credential=credential,
        signs_in=signs_in,
    )


async def _diagnose(question: Question, network: Network, out: Console) -> AsyncIterator[StageResult]:
    """Yield the stages; what is found out before the first of them fails as that stage."""

    def web() -> httpx.AsyncClient:
        return web_client(network)

    settings, credentials = question.settings, question.credential
    stage = "reach"
    try:
        found = await find_tenant(settings.registration, web=web)
        settings = msgspec.structs.replace(settings, tenant=found.id)
        stage = "sign-in"
        if question.signs_in and not credentials:
            settings, token = await _sign_in(settings, network, out, web)
            credentials = {TOKEN: token}
    except OAuthFailed as refused:
        if stage == "sign-in":
            yield StageResult(id="reach", verdict=Verdict.PASSED)
        yield failed(stage, refused.evidence)
        return
    if settings.route is Route.SMTP:  # its own stages know of no organisation
        yield StageResult(id="reach", verdict=Verdict.PASSED)
    if not credentials:
        async for result in _reach(settings, network):
            yield result
        return
    address = question.sender or settings.mailbox
    profile = SenderProfile(
        provider=PROVIDER,
        sender="graph",
        address=address,
        alias=text("deployment.platform"),
        settings=msgspec.to_builtins(settings),
    )
    message = composed_message(profile, question.recipient)
    async for result in diagnose(profile, credentials, network, message=message, recipient=question.recipient):
        yield result


def _reach(settings: GraphSettings, network: Network) -> AsyncIterator[StageResult]:
    """Yield the stages that need neither account nor mailbox."""
    nobody = FixedAccess(None, clock=lambda: datetime.now(UTC), system=System.ENTRA)
    if settings.route is Route.SMTP:
        last = submission.LAST_WITHOUT_SIGN_IN
        asked = submission.SubmissionAttempt(settings=settings.submission, tokens=nobody, sender="", stop_after=last)
        return submission.diagnose_submission(asked, network)
    attempt = graph.GraphAttempt(settings=settings, tokens=nobody, sender="", stop_after=interface.LAST_WITHOUT_SIGN_IN)
    return graph.diagnose_graph(attempt, network)


async def _sign_in(
    settings: GraphSettings, network: Network, out: Console, web: Callable[[], httpx.AsyncClient]
) -> tuple[GraphSettings, Secret]:
    """Let the person sign in on any device; nothing of it is kept beyond this command."""

    def clock() -> datetime:
        return datetime.now(UTC)

    registration = settings.registration
    code = await begin_device(registration, permissions=_permissions(settings), web=web, recorder=network.recorder)
    shown = Consent(step="doctor", title="", url=code.address, way=ConsentWay.DEVICE, user_code=code.user_code)
    ask_consent(shown, Questions(out=out, line=input, secret=input))
    signed_in = await await_device(code, registration, web=web, recorder=network.recorder, clock=clock)
    account = signed_in.account
    changed = msgspec.structs.replace(
        settings,
        tenant=account.tenant,
        account=account.username,
        account_id=account.oid,
        mailbox=settings.mailbox or account.username,
    )
    return changed, signed_in.access.secret


def _permissions(settings: GraphSettings) -> tuple[str, ...]:
    if settings.route is Route.SMTP:
        return ("SMTP.Send",)
    return ("User.Read", "Mail.Send", "Mail.Send.Shared")


def _credential(arguments: argparse.Namespace) -> dict[str, Secret]:
    if arguments.certificate_file:
        return {CLIENT_CERTIFICATE: typed_file(arguments.certificate_file)}
    if arguments.secret_file or arguments.secret_env:
        source = PasswordSource(file=arguments.secret_file, variable=arguments.secret_env)
        return {CLIENT_SECRET: source.read(may_ask=False)}
    return {}
