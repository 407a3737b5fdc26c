"""What the doctors of Microsoft 365 and Google have in common: their words, their message, how they tell."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from sendwright.address import parse_address
from sendwright.cli.doctor_run import Showing, WrongUsage
from sendwright.cli.small_file import FileUnreadable, read_small_text
from sendwright.errors import AddressInvalid
from sendwright.message import OutgoingMessage, compose_test, new_code
from sendwright.problems.level import Level
from sendwright.profile import SenderProfile
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.secret import Secret
from sendwright.storage import person
from sendwright.texts import text

USUAL_SUBMISSION_PORT = 587


@dataclass(frozen=True, kw_only=True)
class Streams:
    """Where a doctor writes. out: for people; data: JSON and nothing else."""

    out: Console
    data: Console


def add_sending_words(parser: argparse.ArgumentParser, *, say: str) -> None:
    """Teach a doctor the sender and the recipient. say: where its texts are, such as `doctor.microsoft.`."""
    parser.add_argument("--from", dest="sender", metavar="A", help=text(f"{say}from"))
    parser.add_argument("--to", dest="recipient", metavar="A", help=text(f"{say}to"))


def add_telling_words(parser: argparse.ArgumentParser) -> None:
    """Teach a doctor for whom it tells, and where it saves."""
    parser.add_argument("--level", choices=list(Level), type=Level, default=Level.IT, help=text("doctor.smtp.level"))
    parser.add_argument("--save", metavar="FILE", help=text("doctor.smtp.save"))
    parser.add_argument("--keep-addresses", action="store_true", help=text("doctor.smtp.keep-addresses"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


def showing_of(
    arguments: argparse.Namespace, streams: Streams, *, place: Path | None, credential: Mapping[str, Secret]
) -> Showing:
    """Return how the diagnosis is told, with a recorder that shows nothing of `credential`. place: of its file."""
    recorder = WireRecorder()
    for secret in credential.values():
        recorder.learn(secret)
    return Showing(
        out=streams.out,
        data=streams.data,
        level=arguments.level,
        json=arguments.json,
        save=place,
        keep_addresses=arguments.keep_addresses,
        recorder=recorder,
    )


def typed_address(typed: str | None) -> str:
    """Return an address that was typed, empty where none was. Raises WrongUsage."""
    if not typed:
        return ""
    try:
        return parse_address(typed).text
    except AddressInvalid:
        raise WrongUsage(text("doctor.usage.address", address=typed)) from None


def typed_file(name: str) -> Secret:
    """Return what stands in a small file that was named. Raises WrongUsage."""
    try:
        return Secret(read_small_text(name))
    except FileUnreadable:
        raise WrongUsage(text("doctor.usage.ca", file=name)) from None


def submission_place(smtp: str) -> tuple[str, int]:
    """Return host and port of what takes the place of the mail server: `host:port` of a deployment file."""
    host, _, port = smtp.rpartition(":")
    return host, int(port) if port.isdecimal() else USUAL_SUBMISSION_PORT


def composed_message(profile: SenderProfile, recipient: str | None) -> OutgoingMessage | None:
    """Return the one message that is sent, None where nobody is to get one."""
    if recipient is None:
        return None
    return compose_test(
        sender=profile.address,
        alias=profile.alias,
        recipient=recipient,
        organisation=profile.address.rpartition("@")[2],
        asked_by=person(),
        asked_at=datetime.now(UTC),
        path_description=text(f"providers.{profile.provider}.name"),
        code=new_code(),
        platform_name=profile.alias,
    )
