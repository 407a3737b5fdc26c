"""How each provider is walked by a test: its world, and what a person answers there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Script, Security
from tests.unit.providers.doubles import FakeResolver, make_world

from sendwright.world import World

CANARY = "canary-e07c-secret"
ADDRESS = "anna@example.org"
RECIPIENT = "recipient@example.net"


@dataclass(frozen=True, kw_only=True)
class Kit:
    """The test servers a case may use."""

    scripted_smtp: StartSmtp
    certificates: Certificates


@dataclass(frozen=True, kw_only=True)
class Case:
    """One walk. answers: by step id, for forms. delivered: how many messages arrived so far."""

    world: World
    answers: Mapping[str, Mapping[str, str]]
    delivered: Callable[[], int]
    attempts: Callable[[], int] = field(default=lambda: 0)


def custom_smtp(kit: Kit, *, right: bool) -> Case:
    """A scripted submission server; the wrong password where `right` is false."""
    password = CANARY if right else f"{CANARY}-wrong"
    server = kit.scripted_smtp(
        Script(
            security=Security.STARTTLS,
            certificate=kit.certificates.good,
            accounts={ADDRESS: CANARY},
            auth_required=True,
        )
    )
    return Case(
        world=make_world(resolver=FakeResolver(hosts={"localhost": ("127.0.0.1",)})),
        answers={
            "smtp-address": {"address": ADDRESS, "ask_mozilla": "false"},
            "smtp-connect": {
                "host": "localhost",
                "port": str(server.port),
                "security": "starttls",
                "username": ADDRESS,
                "password": password,
                "ca_file": str(kit.certificates.ca_file),
                "keep_password": "false",
            },
        },
        delivered=lambda: len(server.record.messages),
        attempts=lambda: len(server.record.sign_ins),
    )


CASES: Mapping[str, Callable[..., Case]] = {"custom_smtp": custom_smtp}
"""By provider id; a provider without a case fails the suite."""
