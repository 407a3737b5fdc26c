"""What a network may let through: samples for pages and pictures, judged as real ones are."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from tests.unit.network.wall.made_walls import HOST, PRIVATE, open_way, silent_way, untried, wall_of
from typing_extensions import override

from sendwright.desktop.engine import Engine, Work
from sendwright.desktop.pages.stopped import StoppedPage
from sendwright.desktop.view import WizardView
from sendwright.desktop.ways import Ways
from sendwright.desktop.window import Window
from sendwright.network.network import Network
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import USUAL_PORTS, Reason, Route
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Stopped

NO_PROXY = untried(Route.PROXY, Reason.NO_PROXY)
NO_IPV6 = untried(Route.IPV6, Reason.NO_FAMILY)
BLOCKED = wall_of(
    silent_way(25), open_way(465), silent_way(587), silent_way(2525), open_way(443), *NO_IPV6, *NO_PROXY, port=587
)
INSPECTED = wall_of(
    silent_way(25),
    open_way(465),
    open_way(587),
    silent_way(2525),
    open_way(443, public=False, issuer=PRIVATE),
    *NO_IPV6,
    *[silent_way(number, Route.PROXY) for number in (25, 465, 587, 2525)],
    open_way(443, Route.PROXY, public=False, issuer=PRIVATE),
    addresses=("93.184.216.34",),
    port=587,
    proxy="proxy.example.org:3128",
)
FINE = wall_of(*[open_way(usual.number) for usual in USUAL_PORTS], *NO_IPV6, *NO_PROXY)
NOTHING = wall_of(*[silent_way(usual.number) for usual in USUAL_PORTS], *NO_IPV6, *NO_PROXY, port=587)

TIMED_OUT = Stopped(
    step="test-run",
    title="test.running",
    values={"to": "anna@example.org"},
    submit="wizard.try-again",
    problem=classify(
        Evidence(
            stage="connect",
            system=System.SOCKET,
            condition="connection-timed-out",
            errno="ETIMEDOUT",
            values={"host": HOST, "port": "587", "security": "starttls"},
        )
    ),
)


class KnownWays(Ways):
    """Finds the map that it is given, or none before it is stopped."""

    def __init__(self, engine: Engine, network: Network, wall: Wall | BaseException | None) -> None:
        super().__init__(engine, network)
        self._running, self._wall = engine, wall
        self.asked: list[Question] = []

    @override
    def look(
        self,
        question: Question,
        *,
        owner: QObject,
        then: Callable[[Wall], None],
        failed: Callable[[BaseException], None],
    ) -> Work:
        self.asked.append(question)
        return self._running.run(_found(self._wall), owner=owner, then=then, failed=failed)


async def _found(wall: Wall | BaseException | None) -> Wall:
    if isinstance(wall, BaseException):
        raise wall
    if wall is None:
        await asyncio.Event().wait()
        raise AssertionError
    return wall


def looked(wall: Wall | None, *, unfolded: bool = False) -> Callable[[Window, WizardView], None]:
    """Let somebody look which ways are open, and find `wall`; None: it still runs."""

    def look(window: Window, view: WizardView) -> None:
        page = view.page
        assert isinstance(page, StoppedPage)
        assert page.ways is not None
        conductor = view._conductor
        page.ways._ways = KnownWays(conductor._engine, conductor.world.network, wall)
        page.ways.offer.click()
        for _ in range(1_000):
            if page.ways.card is not None or wall is None:
                break
            QTest.qWait(10)
        if unfolded and page.ways.card is not None and page.ways.card.request is not None:
            page.ways.card.request.open()

    return look
