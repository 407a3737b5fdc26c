"""Draws the map of the ways out to a mail server, for a person or, as JSON, for a script."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from sendwright.cli.doctor_save import PlaceUnusable, diagnosis_of, place_to_save, save_diagnosis
from sendwright.cli.endings import FINE, PROBLEM, USAGE
from sendwright.cli.json_output import print_json
from sendwright.cli.render import problem_card
from sendwright.cli.server_place import ServerPlace
from sendwright.diagnosis.stage import Verdict
from sendwright.network.failures import TrustFailed
from sendwright.network.network import Network
from sendwright.network.system_proxies import ReadProxies, read_system_proxies
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Outcome, Wall, wall_report
from sendwright.network.wall.way import USUAL_PORTS, Port, Speech
from sendwright.network.wall.words import concerns_firewall, firewall_request, headline, map_lines, remarks
from sendwright.problems.explanation import explain
from sendwright.providers.custom_smtp.authority import AuthorityInvalid, read_authority
from sendwright.recording.wire_recorder import WireRecorder
from sendwright.texts import text

USUAL_S: Final = 10.0
_IMPLICIT_TLS_PORT: Final = 465


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """place: the mail server. web_host: also tried at the port of the web, empty for none. ports: to try."""

    place: ServerPlace
    web_host: str = ""
    ports: tuple[Port, ...] = USUAL_PORTS
    plain_port: int = 80


def add_parser(
    kinds: "argparse._SubParsersAction[argparse.ArgumentParser]",
    *,
    place: Callable[[str], ServerPlace],
    seconds: Callable[[str], float],
) -> None:
    """Teach `doctor` the words of `network`; place, seconds: how a server and a time are read."""
    parser = kinds.add_parser("network", help=text("wall.help"), allow_abbrev=False)
    parser.add_argument("place", type=place, nargs="?", metavar="HOST[:PORT]", help=text("wall.place"))
    parser.add_argument("--ca", metavar="FILE", help=text("doctor.smtp.ca"))
    parser.add_argument("--timeout", type=seconds, metavar="S", help=text("wall.timeout"))
    parser.add_argument("--save", metavar="FILE", help=text("wall.save"))
    parser.add_argument("--json", action="store_true", help=text("cli.json"))


async def run(
    arguments: argparse.Namespace,
    wanted: Wanted,
    network: Network,
    out: Console,
    data: Console,
    *,
    proxies: ReadProxies = read_system_proxies,
) -> int:
    """Draw the map; return the exit code: 0 mail can leave, 1 it cannot as it should, 2 wrong usage."""
    try:
        place = None if arguments.save is None else place_to_save(arguments.save)
        ca_pem = None if arguments.ca is None else await read_authority(arguments.ca)
    except PlaceUnusable as unusable:
        return _refuse(out, text("doctor.usage.save", file=str(unusable)))
    except AuthorityInvalid:
        return _refuse(out, text("doctor.usage.ca", file=arguments.ca))
    recorder = WireRecorder()
    network = replace(network, timeout_s=arguments.timeout or USUAL_S)
    network = network if place is None else replace(network, recorder=recorder)
    host, port = wanted.place.host, wanted.place.port or 0
    question = Question(
        host=host,
        port=port,
        speech=Speech.SMTPS if port == _IMPLICIT_TLS_PORT else Speech.SMTP,
        ca_pem=ca_pem,
        web_host=wanted.web_host,
        ports=wanted.ports,
        plain_port=wanted.plain_port,
    )
    try:
        with out.status(text("wall.looking")):
            wall = await draw_wall(question, network, proxies=proxies)
    except TrustFailed:
        return _refuse(out, text("doctor.usage.ca", file=arguments.ca))
    if arguments.json:
        print_json(wall_report(wall), data)
    else:
        _show(wall, out)
    if place is not None and not _saved(place, wall, recorder, out, quiet=arguments.json):
        return PROBLEM
    return PROBLEM if wall.outcome is Outcome.FAILED else FINE


def _refuse(out: Console, words: str) -> int:
    out.print(words, markup=False, style="red")
    return USAGE


def _show(wall: Wall, out: Console) -> None:
    out.print(Rule(headline(wall), align="left", style="dim"))
    heading, *rows = map_lines(wall)
    out.print(Text(heading, style="dim"))
    for row in rows:
        out.print(Text(row))
    for remark in remarks(wall):
        out.print(Text(remark, style="dim"))
    verdict = Verdict.FAILED if wall.outcome is Outcome.FAILED else Verdict.WARNING
    for problem in wall.problems:
        out.print()
        out.print(problem_card(explain(problem), verdict=verdict))
    if concerns_firewall(wall):
        out.print()
        out.print(Rule(text("wall.firewall-title"), align="left", style="dim"))
        out.print(Text(firewall_request(wall)), soft_wrap=True)


def _saved(place: Path, wall: Wall, recorder: WireRecorder, out: Console, *, quiet: bool) -> bool:
    subject: dict[str, str | int] = {"kind": "network", "host": wall.host, "port": wall.port}
    file = diagnosis_of(subject, (), recorder, at=datetime.now(UTC))
    drawn = msgspec.to_builtins(wall_report(wall))
    file = msgspec.structs.replace(file, problems=wall.problems, wall=drawn)
    return save_diagnosis(place, file, out, secrets=recorder.secrets, keep_addresses=False, quiet=quiet)
