"""The provider's screens as a person walks them: back, again, resumed, with nothing lost and nothing leaked."""

import msgspec
import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script, Security
from tests.unit.providers.doubles import FakeResolver, Reported, make_world

from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.screens import Done, Form, Rejected, Screen, Stopped
from sendwright.vault.memory import MemoryVault
from sendwright.wizard.draft import Draft
from sendwright.wizard.store import NoDrafts
from sendwright.wizard.walk import ProviderPart
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import Progress, World

RIGHT = "right-canary-c2"
ADDRESS = {"address": "ada@example.org", "ask_mozilla": "false"}


class End:
    """The screen behind the provider's last one."""

    id = "end"
    stop = "done"

    def applies(self, state: Draft) -> bool:
        return True

    def show(self, state: Draft, world: World) -> Screen:
        return Done(step=self.id, title="done.title", facts=())

    async def accept(self, state: Draft, answer: object, world: World, progress: Progress) -> Draft:
        return state


@pytest.fixture
def server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    accounts = {"ada@example.org": RIGHT}
    return scripted_smtp(Script(security=Security.STARTTLS, certificate=certificates.good, accounts=accounts))


@pytest.fixture
def typed(server: ScriptedSmtp, certificates: Certificates) -> dict[str, str]:
    return {
        "host": "localhost",
        "port": str(server.port),
        "security": "starttls",
        "username": "ada@example.org",
        "password": RIGHT,
        "ca_file": str(certificates.ca_file),
    }


class Person:
    """Walks the provider's part of the wizard."""

    def __init__(self, *, answers: SmtpAnswers | None = None, step: str = "smtp-address") -> None:
        self.vault = MemoryVault()
        parts = (*(ProviderPart("custom_smtp", one) for one in CustomSmtp().steps), End())
        draft = Draft(id="draft", provider="custom_smtp", answers=answers or SmtpAnswers())
        self.wizard = Wizard(
            make_world(resolver=FakeResolver(hosts={"localhost": ("127.0.0.1",)}), vault=self.vault),
            walk=lambda _: parts,  # type: ignore[arg-type, return-value]  # End gives no advice
            start=Position(draft=draft, step=step),
            store=NoDrafts(),
        )
        self.reported = Reported()

    @property
    def at(self) -> str:
        return self.wizard.screen.step

    @property
    def answers(self) -> SmtpAnswers:
        answers: SmtpAnswers = self.wizard.draft.answers
        return answers

    async def submit(self, answer: dict[str, str] | None = None) -> None:
        await self.wizard.submit(answer or {}, progress=self.reported)

    def form(self) -> dict[str, str]:
        screen = self.wizard.screen
        assert isinstance(screen, Form)
        return {field.name: field.value for field in screen.fields}


async def test_the_walk_goes_from_the_address_to_a_proven_connection(typed: dict[str, str]) -> None:
    person = Person()
    places = []
    for answer in (ADDRESS, {}, typed, {}):
        places.append(person.at)
        await person.submit(answer)
    assert places == ["smtp-address", "smtp-search", "smtp-connect", "smtp-prove"]
    assert person.at == "end"


async def test_whoever_knows_the_settings_is_not_kept_waiting(typed: dict[str, str]) -> None:
    person = Person()
    await person.submit({"action": "by-hand"})
    assert person.at == "smtp-connect"
    assert person.form()["port"] == "25"


async def test_a_wrong_password_stops_once_and_leaves_everything_else_typed(
    typed: dict[str, str], server: ScriptedSmtp
) -> None:
    person = Person(step="smtp-connect")
    await person.submit({**typed, "password": "wrong"})
    await person.submit()
    screen = person.wizard.screen
    assert isinstance(screen, Stopped)
    assert screen.problem.code == "auth-wrong-credentials"
    assert len(server.record.sign_ins) == 1
    person.wizard.back()
    assert person.at == "smtp-connect"
    assert {name: value for name, value in person.form().items() if name != "password"} == {
        name: value for name, value in typed.items() if name != "password"
    }
    await person.submit(typed)
    await person.submit()
    assert person.at == "end"
    assert len(server.record.sign_ins) == 2


async def test_pressing_again_is_one_more_attempt_and_only_one(typed: dict[str, str], server: ScriptedSmtp) -> None:
    person = Person(step="smtp-connect")
    await person.submit({**typed, "password": "wrong"})
    await person.submit()
    await person.submit()
    assert len(server.record.sign_ins) == 2


async def test_a_rejected_form_changes_nothing(typed: dict[str, str]) -> None:
    person = Person(step="smtp-connect")
    before = person.wizard.draft
    with pytest.raises(Rejected):
        await person.submit({**typed, "port": "many"})
    assert person.wizard.draft == before
    assert person.at == "smtp-connect"


async def test_going_back_to_the_address_keeps_what_was_typed_by_hand(typed: dict[str, str]) -> None:
    person = Person()
    await person.submit(ADDRESS)
    await person.submit()
    await person.submit(typed)
    person.wizard.back()
    person.wizard.back()
    assert person.at == "smtp-address"
    assert person.form()["address"] == "ada@example.org"
    await person.submit({**ADDRESS, "address": "ada@gmx.de"})
    await person.submit()
    assert person.form()["host"] == "localhost"
    assert person.answers.candidates[0].host == "mail.gmx.net"


async def test_a_draft_of_another_day_asks_for_the_password_again(typed: dict[str, str]) -> None:
    person = Person(step="smtp-connect")
    await person.submit(typed)
    saved = msgspec.json.encode(person.answers)
    assert RIGHT.encode() not in saved
    world = make_world(vault=MemoryVault())
    recalled = await CustomSmtp().recall(msgspec.json.decode(saved, type=SmtpAnswers), world)
    resumed = Person(answers=recalled, step="smtp-connect")
    screen = resumed.wizard.screen
    assert isinstance(screen, Form)
    password = next(field for field in screen.fields if field.name == "password")
    assert (password.kept, password.value) == (False, "")
    with pytest.raises(Rejected) as raised:
        await resumed.submit({**typed, "password": ""})
    assert raised.value.fields == {"password": "custom_smtp.password.missing"}
    await resumed.submit(typed)
    await resumed.submit()
    assert resumed.at == "end"
