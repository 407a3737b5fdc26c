"""`sendwright doctor network`: the map for people and for scripts, with servers on this computer."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from rich.console import Console
from tests.servers.ports import Address
from tests.unit.cli.doctoring import Ran, parse
from tests.unit.network.wall.stands import (
    HOST,
    Authorities,
    ConnectProxy,
    listening,
    port,
    proxy_running,
    speaks_smtp,
)

from sendwright.cli import dispatch, errands
from sendwright.cli.doctor_network import Wanted, run
from sendwright.cli.faces import Faces
from sendwright.cli.opened import show_wall
from sendwright.cli.server_place import ServerPlace
from sendwright.deployment import Deployment, Platform
from sendwright.diagnosis_file import read
from sendwright.errors import VaultUnavailable
from sendwright.network.network import Network
from sendwright.network.system_proxies import ReadProxies, no_proxies
from sendwright.network.wall.way import Port
from sendwright.recording.event import Layer
from sendwright.texts import speaking


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@pytest.fixture(scope="module")
def authorities() -> Authorities:
    return Authorities()


async def drawn(
    network: Network, *words: str, ports: tuple[Port, ...], proxies: ReadProxies = no_proxies, width: int = 80
) -> Ran:
    arguments = parse("doctor", "network", *words, "--timeout", "1.5")
    out, data = io.StringIO(), io.StringIO()
    code = await run(
        arguments,
        Wanted(place=arguments.place, ports=ports, plain_port=1),
        network,
        Console(emoji=False, file=out, width=width),
        Console(emoji=False, file=data, width=width),
        proxies=proxies,
    )
    return Ran(code=code, out=out.getvalue(), data=data.getvalue())


async def test_a_network_that_lets_mail_out_says_so_and_asks_nobody(authorities: Authorities) -> None:
    context = authorities.server(authorities.public)
    async with listening(speaks_smtp("STARTTLS", context=context)) as number:
        ran = await drawn(authorities.network(), HOST, ports=(port(number),))
    assert f"{number}" in ran.out
    assert "✓ open" in ran.out
    assert "· not tried" in ran.out
    assert ran.code == 0
    assert f"This network lets mail out to {HOST}." in ran.out
    assert "Request:" not in ran.out


async def test_a_blocked_port_is_told_with_a_card_and_a_text_for_the_firewall_team(
    authorities: Authorities, black_hole: Address
) -> None:
    async with listening(speaks_smtp()) as number:
        place = f"{HOST}:{black_hole.port}"
        ran = await drawn(authorities.network(), place, ports=(port(black_hole.port), port(number)))
    assert ran.code == 1
    assert "Mail to mail.example.org does not leave from here" in ran.out
    assert "Your network blocks this port" in ran.out
    assert f"Request: let notifications to {HOST} out" in ran.out
    assert f"sendwright doctor network {place}" in ran.out
    assert ran.data == ""


async def test_the_json_is_alone_on_its_stream(authorities: Authorities, closed_port: Address) -> None:
    ran = await drawn(authorities.network(), HOST, "--json", ports=(port(closed_port.port),))
    assert (ran.code, ran.out) == (1, "")
    assert ran.json["schema"] == "sendwright.network/1"
    assert (ran.json["host"], ran.json["verdict"]) == (HOST, "failed")
    (finding,) = msgspec.convert(ran.json["findings"], list[dict[str, object]])
    assert (finding["code"], finding["owner"]) == ("connection-refused", "mail-server-admin")
    ways = msgspec.convert(ran.json["ways"], list[dict[str, object]])
    assert [(way["route"], way["verdict"]) for way in ways] == [
        ("ipv4", "refused"),
        ("ipv6", "not-tried"),
        ("proxy", "not-tried"),
    ]


async def test_the_map_stands_in_the_diagnosis_file_and_can_be_opened(
    authorities: Authorities, closed_port: Address, tmp_path: Path
) -> None:
    place = tmp_path / "map.sendwright-diagnosis"
    ran = await drawn(authorities.network(), HOST, "--save", str(place), ports=(port(closed_port.port),))
    assert ran.code == 1
    file = read(place)
    assert file.subject == {"kind": "network", "host": HOST, "port": 0}
    assert file.wall is not None
    assert file.wall["schema"] == "sendwright.network/1"
    assert [problem.code for problem in file.problems] == ["connection-refused"]
    assert {event.layer for event in file.events} == {Layer.TCP}
    shown = io.StringIO()
    show_wall(file, Console(emoji=False, file=shown, width=80))
    assert f"{closed_port.port}" in shown.getvalue()
    assert "✗ refused" in shown.getvalue()


async def test_nothing_of_a_proxys_login_comes_into_anything(authorities: Authorities, tmp_path: Path) -> None:
    place = tmp_path / "map.sendwright-diagnosis"
    async with listening(speaks_smtp()) as number:
        proxy = ConnectProxy(target=Address("127.0.0.1", number))
        async with proxy_running(proxy):
            words = (HOST, "--json", "--save", str(place))
            ran = await drawn(
                authorities.network(),
                *words,
                ports=(port(number),),
                proxies=lambda: proxy.settings("anna:wax-Falke-42@"),
            )
    assert proxy.asked
    assert "wax-Falke" not in ran.out + ran.data
    assert "wax-Falke" not in str(read(place))
    assert msgspec.convert(ran.json["proxy"], str) == f"127.0.0.1:{proxy.port}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ca", "/nowhere/authority.pem"), "/nowhere/authority.pem cannot be read"),
        (("--save", "/nowhere/file"), "cannot be written to /nowhere/file"),
    ],
)
async def test_wrong_usage_is_said_before_anything_is_tried(
    authorities: Authorities, words: tuple[str, ...], said: str
) -> None:
    network = authorities.network()
    ran = await drawn(network, HOST, *words, ports=(port(1),), width=200)
    assert (ran.code, ran.data) == (2, "")
    assert said in ran.out


async def test_a_file_without_a_certificate_is_no_authority(authorities: Authorities, tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text("nothing of the kind")
    ran = await drawn(authorities.network(), HOST, "--ca", str(file), ports=(port(1),), width=200)
    assert ran.code == 2
    assert "cannot be read" in ran.out


@pytest.mark.parametrize("words", [("two words",), ("https://mail.example.org",), ("mail.example.org:99999",)])
def test_what_is_no_place_is_refused_by_the_command_line(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        parse("doctor", "network", *words)
    assert caught.value.code == 2
    assert "HOST" in capsys.readouterr().err


class Streams:
    """A terminal whose words can be read."""

    def __init__(self) -> None:
        self.shown, self.told = io.StringIO(), io.StringIO()
        self.out, self.data = (
            Console(emoji=False, file=self.shown, width=200),
            Console(emoji=False, file=self.told, width=200),
        )


@pytest.mark.parametrize("help_url", ["", "https://help.example.org/mail"])
async def test_the_deployments_help_page_is_the_only_other_host(monkeypatch: pytest.MonkeyPatch, help_url: str) -> None:
    asked: list[Wanted] = []

    async def remember(_: object, wanted: Wanted, *__: object) -> int:
        asked.append(wanted)
        return 0

    monkeypatch.setattr(errands.doctor_network, "run", remember)
    deployment = Deployment(platform=Platform(help_url=help_url))
    code = await errands.map_network(parse("doctor", "network", f"{HOST}:587"), deployment, Streams())  # type: ignore[arg-type] # as far as it is used
    assert code == 0
    assert asked[0].place == ServerPlace(host=HOST, port=587)
    assert asked[0].web_host == ("help.example.org" if help_url else "")


async def test_without_a_host_and_with_nothing_in_force_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(errands, "_server_in_force", nothing)
    streams = Streams()
    code = await errands.map_network(parse("doctor", "network"), Deployment(), streams)  # type: ignore[arg-type] # as far as it is used
    assert code == 2
    assert "sendwright doctor network HOST" in streams.shown.getvalue()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"host": "smtp.example.org", "port": 465}, ServerPlace(host="smtp.example.org", port=465)),
        ({"host": "smtp.example.org"}, ServerPlace(host="smtp.example.org", port=None)),
        ({"tenant": "contoso"}, None),
        (None, None),
    ],
)
async def test_without_a_host_the_server_of_the_sender_in_force_is_meant(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, object] | None, expected: ServerPlace | None
) -> None:
    class Enrolled:
        async def organisation(self) -> SimpleNamespace:
            profile = SimpleNamespace(settings=settings)
            return SimpleNamespace(in_force=None if settings is None else SimpleNamespace(profile=profile))

    @asynccontextmanager
    async def backend(*_: object) -> AsyncIterator[Enrolled]:
        yield Enrolled()

    async def world(_: object) -> None:
        return None

    monkeypatch.setattr(errands, "real_world", world)
    monkeypatch.setattr(errands, "known_backend", backend)
    assert await errands._server_in_force(parse("doctor", "network"), Deployment()) == expected


async def test_a_backend_that_cannot_be_asked_leaves_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    async def world(_: object) -> None:
        raise VaultUnavailable("locked")

    monkeypatch.setattr(errands, "real_world", world)
    assert await errands._server_in_force(parse("doctor", "network"), Deployment()) is None


def test_the_command_line_leads_to_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def remember(arguments: object, *_: object) -> int:
        asked.append(str(getattr(arguments, "place", "")))
        return 7

    monkeypatch.setattr(errands, "map_network", remember)
    arguments = parse("doctor", "network", HOST)
    arguments.deployment = None
    assert dispatch.carry_out(arguments, Faces.__new__(Faces)) == 7
    assert HOST in asked[0]
