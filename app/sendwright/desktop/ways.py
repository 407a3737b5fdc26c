"""Looks in the background which ways out of the network are open."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject

from sendwright.desktop.engine import Engine, Work
from sendwright.network.network import Network
from sendwright.network.system_proxies import ReadProxies, read_system_proxies
from sendwright.network.wall.draw import draw_wall
from sendwright.network.wall.question import Question
from sendwright.network.wall.wall import Wall
from sendwright.network.wall.way import Speech
from sendwright.problems.problem import Problem

PATIENCE_S = 8.0
"""Seconds of a way at most: somebody is watching."""

_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_LAST_PORT: Final = 65_535

ABOUT_THE_WAY = frozenset(
    {
        "connection-timed-out",
        "connection-dropped",
        "answer-timed-out",
        "network-unreachable",
        "connection-refused",
        "starttls-not-offered",
        "tls-certificate-unknown-issuer",
        "tls-handshake-failed",
        "port-blocked",
        "starttls-stripped",
        "banner-rewritten",
        "tls-inspected",
        "captive-portal",
        "proxy-authentication-required",
        "proxy-unreachable",
        "proxy-refused-tunnel",
        "dns-hijacked",
    }
)
"""Problems that a map of the ways out can explain."""


def question_about(problem: Problem) -> Question | None:
    """Return what to ask of the network about `problem`, None where a map would tell nothing."""
    host, port = problem.values.get("host", ""), problem.values.get("port", "")
    if problem.code not in ABOUT_THE_WAY or not host or _PORT.fullmatch(port) is None or int(port) > _LAST_PORT:
        return None
    speech = Speech.SMTPS if problem.values.get("security") == "tls" else Speech.SMTP
    return Question(host=host, port=int(port), speech=speech)


class Ways:
    """Draws maps with `network`; `proxies` reads what the system is set up with."""

    def __init__(self, engine: Engine, network: Network, *, proxies: ReadProxies = read_system_proxies) -> None:
        self._engine, self._proxies = engine, proxies
        self._network = replace(network, timeout_s=min(network.timeout_s, PATIENCE_S))

    def look(
        self,
        question: Question,
        *,
        owner: QObject,
        then: Callable[[Wall], None],
        failed: Callable[[BaseException], None],
    ) -> Work:
        """Try all ways; as `Engine.run`."""
        drawing = draw_wall(question, self._network, proxies=self._proxies)
        return self._engine.run(drawing, owner=owner, then=then, failed=failed)
