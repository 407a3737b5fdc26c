"""The board in front of a simulated Microsoft that really listens: accounts that signed in, a backend that sends."""

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.unit.practice.microsoft.visiting import World as Visited
from tests.wizard.microsoft_surroundings import MicrosoftBackend, Play, stage
from tests.wizard.surroundings import ORGANISATION

from sendwright.diagnosis.stage import StageResult
from sendwright.handoff.backend import Backend
from sendwright.oauth.account import Account
from sendwright.oauth.entra.renew import renewing
from sendwright.practice.microsoft.contoso import ANNA, BEN, CLIENT_ID, INFO, TENANT_ID
from sendwright.practice.microsoft.tenant import Right
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.board_step import BoardStep
from sendwright.screens import Cell, Sheet
from sendwright.secret import Secret
from sendwright.senders.credentials import TOKEN
from sendwright.senders.graph.opening import scope_of
from sendwright.senders.graph.settings import Way
from sendwright.world import PlatformAccess, World

TO = "director@example.com"


@dataclass
class Board:
    """A board and who stands in front of it. state: what was answered so far."""

    play: Play
    world: World
    step: BoardStep
    state: MicrosoftAnswers
    refresh_token: str = ""
    asked: list[str] = field(default_factory=list)
    reported: list[StageResult] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        shown = self.step.show(self.state, self.world)
        assert isinstance(shown, Sheet)
        return shown

    def cell(self, name: str) -> Cell:
        return next(cell for cell in self.sheet.cells if cell.id == name)

    def facts(self, name: str) -> dict[str, str]:
        return dict(self.cell(name).facts)

    async def press(self, action: str = "", **answer: str) -> "Board":
        """Press a button, with what stands in the fields."""
        fields = {one.name: one.value for one in self.sheet.fields} | ({"action": action} if action else {})
        self.state = await self.step.accept(self.state, fields | answer, self.world, self.reported.append)
        return self

    def later(self, **time: float) -> None:
        """Let time pass, for the organisation and for us."""
        self.play.tenant.ahead += timedelta(**time)


def rights(play: Play, mailbox: str, *given: Right) -> None:
    """Give Ben these rights on a mailbox, and no others."""
    play.tenant.withdraw(BEN, mailbox, *Right)
    play.tenant.grant(BEN, mailbox, *given)


@asynccontextmanager
async def account_board(folder: Path, *, mailbox: str = INFO, shared: bool = True) -> AsyncIterator[Board]:
    """Sign in as Ben, with or without the permission to send as others, and open the board."""
    async with stage(folder) as play:
        world = dataclasses.replace(play.world, clock=play.tenant.now)
        tokens = await _signed_in(play, folder, shared=shared)
        person = play.tenant.people[BEN]
        state = MicrosoftAnswers(
            way=Way.ACCOUNT,
            client_id=CLIENT_ID,
            tenant_id=TENANT_ID,
            login=play.microsoft.login,
            graph=play.microsoft.graph,
            smtp_host="localhost",
            smtp_port=play.microsoft.smtp_port,
            account=Account(tenant=TENANT_ID, oid=person.oid, username=BEN, name=person.name),
            scopes=tuple(str(tokens["scope"]).split()),
            mailbox=mailbox,
        )
        board = Board(play, world, BoardStep(desk=_nobody, handed=_nobody), state, str(tokens["refresh_token"]))

        async def desk(answers: MicrosoftAnswers, world: World) -> dict[str, Secret]:
            board.asked.append(answers.route)
            web, recorder = world.http, world.network.recorder
            renew = renewing(answers.registration, web=web, recorder=recorder, clock=world.clock)
            renewed = await renew(Secret(board.refresh_token), scope_of(answers.settings()))
            if renewed.refresh_token is not None:
                board.refresh_token = renewed.refresh_token.reveal()
            return {TOKEN: renewed.access.secret}

        board.step = BoardStep(desk=desk, handed=_nobody)
        yield board


@asynccontextmanager
async def application_board(folder: Path, *, mailbox: str = INFO, control: str = ANNA) -> AsyncIterator[Board]:
    """Let the backend act as the application, and open the board."""
    async with stage(folder) as play:

        @asynccontextmanager
        async def opened() -> AsyncIterator[Backend]:
            yield play.backend

        platform = PlatformAccess(organisation=ORGANISATION, open=opened)
        world = dataclasses.replace(play.world, clock=play.tenant.now, platform=platform)
        state = MicrosoftAnswers(
            way=Way.APPLICATION,
            client_id=CLIENT_ID,
            tenant_id=TENANT_ID,
            login=play.microsoft.login,
            graph=play.microsoft.graph,
            consented=True,
            mailbox=mailbox,
            control=control,
            recipient=TO,
        )
        yield Board(play, world, BoardStep(desk=_nobody, handed=_nothing), state)


def backend_of(board: Board) -> MicrosoftBackend:
    """Return the backend, to look at what it was asked."""
    return board.play.backend


async def _signed_in(play: Play, folder: Path, *, shared: bool) -> Mapping[str, Any]:
    file = folder / "authority.pem"
    file.write_text(play.microsoft.authority_pem, encoding="ascii")
    visited: Visited = dataclasses.replace(play.visited, authority_file=str(file))
    play.registration.redirect_uris.add("http://localhost")
    scopes = ("Mail.Send", "User.Read", "Mail.Send.Shared") if shared else ("Mail.Send", "User.Read")
    tokens = await visited.tokens(BEN, scopes)
    for client in visited.clients:
        await client.aclose()
    if shared:
        play.tenant.own_consents.setdefault((CLIENT_ID, BEN), set()).add("SMTP.Send")
    return tokens


async def _nobody(state: MicrosoftAnswers, world: World) -> dict[str, Secret]:
    raise AssertionError("nobody should ask for these")


async def _nothing(state: MicrosoftAnswers, world: World) -> dict[str, Secret]:
    return {}
