"""The command `sendwright doctor`: finds out what is wrong with a way of sending, stage by stage."""

import argparse

from rich.console import Console

from sendwright.cli import doctor_backend, doctor_gmail, doctor_microsoft, doctor_network
from sendwright.cli.doctor_smtp import Question, diagnose
from sendwright.cli.passwords import PasswordSource
from sendwright.cli.server_place import PlaceInvalid, ServerPlace, parse_place
from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.network.system import system_network
from sendwright.problems.level import Level
from sendwright.texts import text

AUTO = "auto"
USUAL_S, LONGEST_S = 15.0, 600.0


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Teach the command line the words of `doctor`."""
    doctor = commands.add_parser("doctor", help=text("doctor.help"), allow_abbrev=False)
    kinds = doctor.add_subparsers(dest="kind", metavar="KIND", required=True)
    smtp = kinds.add_parser("smtp", help=text("doctor.smtp.help"), allow_abbrev=False)
    smtp.add_argument("place", type=_place, metavar="HOST[:PORT]", help=text("doctor.smtp.place"))
    smtp.add_argument("--security", choices=("tls", "starttls", AUTO), default=AUTO, help=text("doctor.smtp.security"))
    smtp.add_argument("--user", metavar="U", help=text("doctor.smtp.user"))
    source = smtp.add_mutually_exclusive_group()
    source.add_argument("--password-file", metavar="F", help=text("doctor.smtp.password-file"))
    source.add_argument("--password-env", metavar="NAME", help=text("doctor.smtp.password-env"))
    smtp.add_argument("--from", dest="sender", metavar="A", help=text("doctor.smtp.from"))
    smtp.add_argument("--to", dest="recipient", metavar="A", help=text("doctor.smtp.to"))
    smtp.add_argument("--ca", metavar="FILE", help=text("doctor.smtp.ca"))
    smtp.add_argument("--timeout", type=_seconds, metavar="S", help=text("doctor.smtp.timeout"))
    smtp.add_argument("--stop-after", choices=SMTP_STAGES, default="", help=text("doctor.smtp.stop-after"))
    smtp.add_argument("--level", choices=list(Level), type=Level, default=Level.IT, help=text("doctor.smtp.level"))
    smtp.add_argument("--save", metavar="FILE", help=text("doctor.smtp.save"))
    smtp.add_argument("--keep-addresses", action="store_true", help=text("doctor.smtp.keep-addresses"))
    smtp.add_argument("--json", action="store_true", help=text("cli.json"))
    doctor_microsoft.add_parser(kinds)
    doctor_gmail.add_parser(kinds)
    doctor_backend.add_parser(kinds)
    doctor_network.add_parser(kinds, place=_place, seconds=_seconds)


async def run(arguments: argparse.Namespace, out: Console, data: Console) -> int:
    """Carry out `doctor`; return the exit code: 0 fine, 1 a problem was found, 2 wrong usage.

    out: for people. data: for the JSON of `--json`, and nothing else.
    """
    question = Question(
        place=arguments.place,
        security=None if arguments.security == AUTO else arguments.security,
        username=arguments.user,
        password=PasswordSource(file=arguments.password_file, variable=arguments.password_env),
        sender=arguments.sender,
        recipient=arguments.recipient,
        ca_file=arguments.ca,
        stop_after=arguments.stop_after,
        patient=arguments.timeout is None,
        level=arguments.level,
        save=arguments.save,
        keep_addresses=arguments.keep_addresses,
        json=arguments.json,
    )
    return await diagnose(question, system_network(timeout_s=arguments.timeout or USUAL_S), out, data)


def _place(typed: str) -> ServerPlace:
    try:
        return parse_place(typed)
    except PlaceInvalid as invalid:
        raise argparse.ArgumentTypeError(text(f"custom_smtp.{invalid.code}")) from invalid


def _seconds(typed: str) -> float:
    try:
        seconds = float(typed)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_S:
        raise argparse.ArgumentTypeError(text("doctor.usage.timeout", longest=f"{LONGEST_S:.0f}"))
    return seconds
