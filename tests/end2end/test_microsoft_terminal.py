"""Microsoft 365 from the terminal: the same journeys with the person's own browser, a device code, an administrator."""

import asyncio
import ssl
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from tests.end2end.home import Home
from tests.end2end.microsoft_part import signing_in
from tests.end2end.terminal_program import PATIENCE_S, report_of, seen_in, start
from tests.end2end.web_page import Rule, first_that_fits
from tests.servers.microsoft import listening
from tests.unit.practice.microsoft.visiting import OWN_BROWSER, Person

from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import UserConsent

pytestmark = [pytest.mark.end2end, pytest.mark.xdist_group("end2end")]


@dataclass
class Contoso:
    """A simulated Microsoft that the programs of `home` take for the real one."""

    home: Home
    microsoft: SimulatedMicrosoft
    taken: list[Received] = field(default_factory=list)

    async def visit(self, address: str, rules: Sequence[Rule]) -> None:
        """Open `address` in a browser of the person's own, and do there what `rules` say."""
        context = ssl.create_default_context(cadata=self.microsoft.authority_pem)
        async with httpx.AsyncClient(verify=context, headers={"user-agent": OWN_BROWSER}, trust_env=False) as client:
            person = await Person(client).open(address)
            for _ in range(20):
                if person.left_to:
                    await client.get(person.left_to, follow_redirects=True)
                    return
                if {"ended", "correlation"} & set(person.page.ids):  # the code's way ends on a page, as does a refusal
                    return
                rule = first_that_fits(rules, person.page.ids.__contains__, set())
                name = person.page.tags[rule.see].get("name", "")
                await person.press(rule.press, **({name: rule.words} if rule.words else {}))

    async def start(self, *words: str, stdin: str = "") -> Process:
        """Run `sendwright` with `words`."""
        folder = self.home.folder
        deployment = folder / "deployment.toml"
        deployment.write_text(
            f'[microsoft]\nclient_id = "{CLIENT_ID}"\nauthority = "{self.microsoft.login}"\n'
            f'graph = "{self.microsoft.graph}"\n',
            encoding="utf-8",
        )
        (folder / "authority.pem").write_text(self.microsoft.authority_pem, encoding="ascii")
        self.home.data.mkdir(
            parents=True, exist_ok=True, mode=0o700
        )  # the backend, too, must be told where Microsoft is
        (self.home.data / "microsoft.toml").write_text(
            f'login = "{self.microsoft.login}"\ngraph = "{self.microsoft.graph}"\n', encoding="utf-8"
        )
        variables = {
            "SENDWRIGHT_DEPLOYMENT": str(deployment),
            "SSL_CERT_FILE": str(folder / "authority.pem"),
        }
        return await start(self.home, *words, stdin=stdin, **variables)


@pytest.fixture
async def world(own_home: Home) -> AsyncIterator[Contoso]:
    async with listening() as server:
        yield Contoso(own_home, server.microsoft, server.inbox)


def answers(folder: Path, microsoft: str, *, address: str = BEN) -> str:
    file = folder / "answers.toml"
    file.write_text(
        f'provider = "microsoft365"\nbackend = "this-computer"\n[microsoft365]\n{microsoft}\n'
        f'[sender]\naddress = "{address}"\nalias = "Contoso Privacy"\n[test]\nto = "{ANNA}"\n',
        encoding="utf-8",
    )
    return str(file)


async def notify(world: Contoso) -> None:
    words = ("notify", "--kind", "comment", "--to", "boss@example.org", "--subject", "Hello", "--json", "--wait")
    code, report = await report_of(await world.start(*words))
    assert code == 0, report


def require_sent(world: Contoso, address: str) -> None:
    sent = [message for message in world.taken if message.recipient == "boss@example.org"]
    assert [(message.subject, message.sender) for message in sent] == [("Hello", f"Contoso Privacy <{address}>")]


async def test_an_account_signs_in_with_its_own_browser(world: Contoso) -> None:
    file = answers(world.home.folder, f'way = "account"\nmailbox = "{INFO}"', address=INFO)
    process = await world.start("setup", "--answers", file, "--json")
    address = await seen_in(process.stderr, r"(https://localhost:\S+/authorize\S+)")
    await world.visit(address, signing_in(BEN))
    code, report = await report_of(process)
    assert (code, report["outcome"]) == (0, "in-force"), report
    assert report["profile"] == {"version": 1, "address": INFO, "alias": "Contoso Privacy"}
    await notify(world)
    require_sent(world, INFO)


async def test_an_account_signs_in_by_a_code_on_another_device(world: Contoso) -> None:
    file = answers(world.home.folder, 'way = "account"\nsign_in = "device-code"')
    process = await world.start("setup", "--answers", file, "--json")
    address = await seen_in(process.stderr, r"(https://localhost:\S+deviceauth)")
    code = await seen_in(process.stderr, r"^ {4}([A-Z0-9]{9})$")
    await world.visit(address, [Rule(see="code", words=code, press="next"), *signing_in(BEN)])
    ended, report = await report_of(process)
    assert (ended, report["outcome"]) == (0, "in-force"), report
    await notify(world)
    require_sent(world, BEN)


async def test_a_declined_consent_ends_with_its_name(world: Contoso) -> None:
    process = await world.start("setup", "--answers", answers(world.home.folder, 'way = "account"'), "--json")
    address = await seen_in(process.stderr, r"(https://localhost:\S+/authorize\S+)")
    await world.visit(address, signing_in(BEN, decline=True))
    code, report = await report_of(process)
    assert (code, report["outcome"], report["step"]) == (1, "stopped", "ms-consent")
    problem = report["problem"]
    assert isinstance(problem, dict)
    assert problem["code"] == "consent-declined"
    assert world.taken == []


async def test_a_device_code_that_a_policy_refuses_ends_with_its_name(world: Contoso) -> None:
    world.microsoft.tenant.policies.device = 53000
    file = answers(world.home.folder, 'way = "account"\nsign_in = "device-code"')
    process = await world.start("setup", "--answers", file, "--json")
    address = await seen_in(process.stderr, r"(https://localhost:\S+deviceauth)")
    code = await seen_in(process.stderr, r"^ {4}([A-Z0-9]{9})$")
    await world.visit(address, [Rule(see="code", words=code, press="next"), *signing_in(BEN)])
    process.send_signal(2)
    async with asyncio.timeout(PATIENCE_S):
        await process.communicate()
    assert process.returncode == 4


async def test_what_an_administrator_must_approve_is_told_and_done_in_the_terminal_later(world: Contoso) -> None:
    world.microsoft.tenant.policies.user_consent = UserConsent.ADMIN_ONLY
    process = await world.start("setup", "--answers", answers(world.home.folder, 'way = "account"'), "--json")
    address = await seen_in(process.stderr, r"(https://localhost:\S+/authorize\S+)")
    await world.visit(address, [Rule(see="as-admin", press="cancel"), *signing_in(BEN)])
    code, report = await report_of(process)
    problem = report["problem"]
    assert isinstance(problem, dict)
    assert (code, problem["code"]) == (1, "consent-declined")  # all that comes back from that page
    world.microsoft.tenant.consents[CLIENT_ID] = {"Mail.Send", "Mail.Send.Shared", "User.Read"}
    process = await world.start("setup", "--answers", answers(world.home.folder, 'way = "account"'), "--json")
    address = await seen_in(process.stderr, r"(https://localhost:\S+/authorize\S+)")
    await world.visit(address, signing_in(BEN))
    code, report = await report_of(process)
    assert (code, report["outcome"]) == (0, "in-force"), report
    await notify(world)
    require_sent(world, BEN)
