"""Diagnoses an SMTP server for a person or, as JSON, for a script."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rich.console import Console

from sendwright.address import parse_address
from sendwright.cli.doctor_run import Showing, WrongUsage, refuse, show_diagnosis
from sendwright.cli.doctor_save import PlaceUnusable, place_to_save
from sendwright.cli.passwords import PasswordSource, PasswordUnavailable
from sendwright.cli.server_place import ServerPlace
from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, compose_test, new_code
from sendwright.network.network import Network
from sendwright.problems.level import Level
from sendwright.providers.custom_smtp.authority import AuthorityInvalid, read_authority
from sendwright.providers.custom_smtp.connection import fits_as_username
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.senders.smtp.session import SUBMIT_TIMEOUT_S, SmtpSession
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.storage import person
from sendwright.texts import text

IMPLICIT_TLS_PORT = 465
PLATFORM = "Sendwright"
USUAL_PORT = {Security.TLS: IMPLICIT_TLS_PORT, Security.STARTTLS: 587, None: 587}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was typed.

    security: None finds it by the port. stop_after: empty tries everything. patient: a server may take as long as
    it needs to accept the message; else the network's time holds for that too. level: for whom problems are told.
    save: the diagnosis file to write; keep_addresses: mail addresses stand in it as they are.
    """

    place: ServerPlace
    security: str | None = None
    username: str | None = None
    password: PasswordSource
    sender: str | None = None
    recipient: str | None = None
    ca_file: str | None = None
    stop_after: str = ""
    patient: bool = True
    level: Level = Level.IT
    save: str | None = None
    keep_addresses: bool = False
    json: bool = False


async def diagnose(question: Question, network: Network, out: Console, data: Console) -> int:
    """Diagnose, show it, and return the exit code."""
    try:
        attempt = await _attempt(question)
        place = None if question.save is None else place_to_save(question.save)
    except (WrongUsage, PasswordUnavailable, PlaceUnusable) as wrong:
        return refuse(wrong, out)
    recorder = WireRecorder()
    network = network if place is None else replace(network, recorder=recorder)
    settings = attempt.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    showing = Showing(
        out=out,
        data=data,
        level=question.level,
        json=question.json,
        save=place,
        keep_addresses=question.keep_addresses,
        recorder=recorder,
    )
    return await show_diagnosis(
        diagnose_smtp(attempt, network),
        showing,
        title=text(
            "doctor.smtp.subject", host=host, port=settings.port, security=text(f"doctor.{settings.security.value}")
        ),
        subject={
            "kind": "smtp",
            "host": settings.host,
            "port": settings.port,
            "security": settings.security.value,
        },
        order=SmtpSession.order(settings),
        canonical=SMTP_STAGES,
        secrets=tuple(filter(None, (attempt.credential,))),
    )


async def _attempt(question: Question) -> Attempt:
    sender = question.sender or _address_or_none(question.username)
    for address in (question.sender, question.recipient):
        if address is not None and _address_or_none(address) is None:
            raise WrongUsage(text("doctor.usage.address", address=address))
    if question.recipient and sender is None:
        raise WrongUsage(text("doctor.usage.from"))
    settings = await _settings(question)
    return Attempt(
        settings=settings,
        credential=_credential(question),
        sender=sender,
        recipient=question.recipient,
        message=_message(settings, sender, question.recipient),
        stop_after=question.stop_after,
        submit_timeout_s=SUBMIT_TIMEOUT_S if question.patient else 0.0,
    )


async def _settings(question: Question) -> SmtpSettings:
    typed = None if question.security is None else Security(question.security)
    port = question.place.port or USUAL_PORT[typed]
    by_port = Security.TLS if port == IMPLICIT_TLS_PORT else Security.STARTTLS
    return SmtpSettings(
        host=question.place.host,
        port=port,
        security=typed or by_port,
        username=question.username,
        ca_pem=await _authority(question.ca_file),
    )


async def _authority(file: str | None) -> str | None:
    if file is None:
        return None
    try:
        return await read_authority(file)
    except AuthorityInvalid as invalid:
        if invalid.code == "no-certificate":
            return ""  # the stage that needs it says so, by the name of the problem
        raise WrongUsage(text("doctor.usage.ca", file=file)) from invalid


def _credential(question: Question) -> Secret | None:
    if question.username is None:
        if question.password.file or question.password.variable:
            raise WrongUsage(text("doctor.usage.user"))
        return None
    if not question.username:
        raise WrongUsage(text("doctor.usage.user"))
    if not fits_as_username(question.username):
        raise WrongUsage(text("custom_smtp.username.invalid"))
    return question.password.read(may_ask=not question.json)


def _message(settings: SmtpSettings, sender: str | None, recipient: str | None) -> OutgoingMessage | None:
    if sender is None or recipient is None:
        return None
    return compose_test(
        sender=sender,
        alias=PLATFORM,
        recipient=recipient,
        organisation=sender.rpartition("@")[2],
        asked_by=person(),
        asked_at=datetime.now(UTC),
        path_description=text("doctor.smtp.path", host=settings.host, port=settings.port),
        code=new_code(),
        platform_name=PLATFORM,
    )


def _address_or_none(typed: str | None) -> str | None:
    try:
        return parse_address(typed).text if typed else None
    except AddressInvalid:
        return None
