"""`sendwright setup` through Google, unattended and in the terminal, against a simulated Google."""

import argparse
import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from tests.unit.oauth.google.key_files import KEY_ID, PUBLIC, key_file
from tests.wizard.google_surroundings import Play, stage

from sendwright.cli.setup import run_setup
from sendwright.cli.terminal import Terminal
from sendwright.oauth.google.scopes import SEND
from sendwright.practice.google.example import (
    ANNA,
    NOTICES,
    OWN_CLIENT_ID,
    OWN_CLIENT_SECRET,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_ID,
)
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import NoDrafts

ANSWERS = """
provider = "gmail"
backend = "this-computer"
[gmail]
{table}
[sender]
address = "{address}"
alias = "Example"
"""


@dataclass
class Sitting:
    """Somebody at a terminal, whose own browser signs in as soon as it is opened."""

    play: Play
    lines: list[str] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    data: io.StringIO = field(default_factory=io.StringIO)
    visits: list["asyncio.Task[None]"] = field(default_factory=list)
    button: str = "accept"

    @property
    def terminal(self) -> Terminal:
        lines = iter(self.lines)

        def line(_: str) -> str:
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        return Terminal(
            out=Console(emoji=False, file=self.out, width=100),
            data=Console(emoji=False, file=self.data),
            line=line,
            secret=lambda _: "",
            open_page=self._open,
        )

    def _open(self, url: str) -> bool:
        self.visits.append(asyncio.ensure_future(self._visit(url)))
        return True

    async def _visit(self, url: str) -> None:
        back = await self.play.person().agree(url, self.button)
        async with httpx.AsyncClient(trust_env=False, follow_redirects=True) as browser:
            await browser.get(back)

    @property
    def report(self) -> dict[str, object]:
        return dict(json.loads(self.data.getvalue()))


@asynccontextmanager
async def sitting(folder: Path, *lines: str) -> AsyncIterator[Sitting]:
    async with stage(folder) as play:
        made = Sitting(play, list(lines))
        yield made
        await asyncio.gather(*made.visits)


async def unattended(at: Sitting, folder: Path, table: str, *, address: str = ANNA) -> int:
    file = folder / "answers.toml"
    file.write_text(ANSWERS.format(table=table, address=address), encoding="utf-8")
    wizard = await open_wizard(at.play.world, NoDrafts())
    options = argparse.Namespace(answers=file, json=True, save=None, keep_addresses=False)
    return await run_setup(options, wizard, at.terminal)


async def test_an_account_that_signs_in_meanwhile_is_in_force(tmp_path: Path) -> None:
    async with sitting(tmp_path) as at:
        code = await unattended(at, tmp_path, 'way = "account"')
        assert (code, at.report["outcome"]) == (0, "in-force"), at.report
        assert len(at.visits) == 1
        profile = at.play.backend.organisation_now.in_force
        assert profile is not None
        assert (profile.profile.sender, profile.profile.address) == ("gmail", ANNA)


async def test_another_sender_goes_on_without_a_proof(tmp_path: Path) -> None:
    async with sitting(tmp_path) as at:
        code = await unattended(at, tmp_path, 'way = "account"', address=NOTICES)
        assert (code, at.report["outcome"]) == (0, "in-force"), at.report
        profile = at.play.backend.organisation_now.in_force
        assert profile is not None
        assert profile.profile.address == NOTICES
        assert profile.profile.settings["proof"] == "unproven"


async def test_an_own_client_is_the_one_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(f"{OWN_CLIENT_SECRET}\n")
    table = f'way = "own"\nclient_id = "{OWN_CLIENT_ID}"\nclient_secret_file = "secret.txt"'
    async with sitting(tmp_path) as at:
        code = await unattended(at, tmp_path, table)
        assert (code, at.report["outcome"]) == (0, "in-force"), at.report
        assert at.play.backend.credentials[-1]["client_secret"] == OWN_CLIENT_SECRET
        assert OWN_CLIENT_SECRET not in at.out.getvalue() + at.data.getvalue()


def delegated(play: Play, *scopes: str) -> None:
    play.workspace.service_accounts[SERVICE_ACCOUNT].keys[KEY_ID] = PUBLIC
    play.workspace.delegations[SERVICE_ACCOUNT_ID] = set(scopes)


async def test_a_service_account_needs_nobody(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(key_file().reveal())
    table = 'way = "service-account"\nservice_account_key_file = "key.json"'
    async with sitting(tmp_path) as at:
        delegated(at.play, SEND)
        code = await unattended(at, tmp_path, table)
        assert (code, at.report["outcome"]) == (0, "in-force"), at.report
        assert at.visits == []
        assert "service_account_key" in at.play.backend.credentials[-1]


async def test_a_delegation_that_is_missing_stops_with_its_problem_and_does_not_go_round_in_circles(
    tmp_path: Path,
) -> None:
    (tmp_path / "key.json").write_text(key_file().reveal())
    table = 'way = "service-account"\nservice_account_key_file = "key.json"'
    async with sitting(tmp_path) as at:
        delegated(at.play)
        code = await unattended(at, tmp_path, table)
        assert (code, at.report["outcome"], at.report["step"]) == (1, "stopped", "gmail-delegation"), at.report
        problem = at.report["problem"]
        assert isinstance(problem, dict)
        assert problem["code"] == "google-delegation-missing"


async def test_who_does_not_agree_stops_it(tmp_path: Path) -> None:
    async with sitting(tmp_path) as at:
        at.button = "cancel"
        code = await unattended(at, tmp_path, 'way = "account"')
        assert (code, at.report["outcome"], at.report["step"]) == (1, "stopped", "gmail-consent"), at.report


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('client_secret = "x"', "A password stands in"),
        ('service_account_key = "x"', "A password stands in"),
        ('from = "x"', "from"),
        ('password_file = "x"', "password_file"),
    ],
)
async def test_a_table_with_something_else_in_it_is_refused(tmp_path: Path, table: str, said: str) -> None:
    async with sitting(tmp_path) as at:
        assert await unattended(at, tmp_path, table) == 2
        assert said in at.out.getvalue()
        assert at.play.backend.calls == []


async def test_a_person_at_a_terminal_walks_through_every_screen_of_an_account(tmp_path: Path) -> None:
    lines = [
        "",  # set up
        "2",  # this computer
        "2",  # Gmail
        ANNA,
        "",  # with the platform's application
        "",  # the same address
        "",  # nothing advanced
        "",  # the plan, read
        "",  # who is connected
        "2",  # what to know of other addresses, to read
        "",  # to answer then
        "",  # the account's own address
        "",  # its name
        "",  # its address
        "",  # the test message to it
        "1",  # it arrived
        "",  # in force
        "",  # done
    ]
    async with sitting(tmp_path, *lines) as at:
        wizard = await open_wizard(at.play.world, NoDrafts())
        options = argparse.Namespace(answers=None, json=True, save=None, keep_addresses=False)
        code = await run_setup(options, wizard, at.terminal)
        assert (code, at.report["outcome"]) == (0, "in-force"), at.out.getvalue()[-3000:]
        assert len(at.visits) == 1
        assert "Your browser shows the sign-in page of localhost" in at.out.getvalue()
        assert "icrosoft" not in at.out.getvalue().partition("Sign in to Google")[2]
