"""The proof of the settings: the stages, the one attempt to sign in, the problem where it fails."""

import pytest
from msgspec.structs import replace
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.ports import Address
from tests.servers.postfix import PostfixServer
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.providers.doubles import FakeResolver, Reported, make_world

from sendwright import texts
from sendwright.diagnosis.stage import Verdict
from sendwright.errors import VaultUnavailable
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.prove_step import ProveStep
from sendwright.screens import Halted, Working
from sendwright.senders.smtp.settings import Security
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import World

REF = SecretRef("smtp-password", "one")
RIGHT = "right-canary-91"
WRONG = "wrong-canary-37"
RESOLVER = FakeResolver(
    hosts={"mail.example.org": ("127.0.0.1",), "localhost": ("127.0.0.1",), "other.example.org": ("127.0.0.1",)}
)
STAGES = {"resolve", "connect", "greet", "secure", "sign-in"}


class UnavailableVault(MemoryVault):
    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("locked")


async def world_with(password: str = RIGHT) -> World:
    vault = MemoryVault()
    await vault.keep(REF, Secret(password))
    return make_world(resolver=RESOLVER, vault=vault)


@pytest.fixture
def server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    return scripted_smtp(
        Script(security=Speaks.STARTTLS, certificate=certificates.good, accounts={"ada@example.org": RIGHT})
    )


def answers(port: int, certificates: Certificates, security: Security = Security.STARTTLS) -> SmtpAnswers:
    return SmtpAnswers(
        address="ada@example.org",
        host="mail.example.org",
        port=port,
        security=security,
        username="ada@example.org",
        password=REF,
        ca_pem=certificates.ca_file.read_text(),
    )


@pytest.mark.parametrize(
    ("security", "order"),
    [
        (Security.STARTTLS, ("resolve", "connect", "greet", "secure", "sign-in")),
        (Security.TLS, ("resolve", "connect", "secure", "greet", "sign-in")),
    ],
)
def test_the_stages_stand_in_the_order_in_which_they_run(security: Security, order: tuple[str, ...]) -> None:
    screen = ProveStep().show(SmtpAnswers(host="mail.example.org", security=security), make_world())
    assert isinstance(screen, Working)
    assert screen.stages == order
    assert texts.text(screen.lead, **screen.values)


async def test_good_settings_pass_and_are_signed_in_with_once(server: ScriptedSmtp, certificates: Certificates) -> None:
    reported = Reported()
    state = answers(server.port, certificates)
    assert await ProveStep().accept(state, {}, await world_with(), reported) == state
    assert reported.ids == ["resolve", "connect", "greet", "secure", "sign-in"]
    assert {result.verdict for result in reported.results} == {Verdict.PASSED}
    assert len(server.record.sign_ins) == 1
    assert not {"MAIL", "RCPT", "DATA"} & {command.verb for command in server.record.commands}


async def test_a_wrong_password_is_tried_exactly_once_and_named(
    server: ScriptedSmtp, certificates: Certificates
) -> None:
    reported = Reported()
    with pytest.raises(Halted) as raised:
        await ProveStep().accept(answers(server.port, certificates), {}, await world_with(WRONG), reported)
    assert raised.value.problem.code == "auth-wrong-credentials"
    assert len(server.record.sign_ins) == 1
    assert reported["sign-in"].verdict is Verdict.FAILED
    assert set(reported.ids) == STAGES
    assert WRONG not in repr(raised.value.problem)
    assert WRONG not in repr(reported.results)


async def test_without_a_user_name_nobody_signs_in(server: ScriptedSmtp, certificates: Certificates) -> None:
    state = replace(answers(server.port, certificates), username="", password=None)
    reported = Reported()
    await ProveStep().accept(state, {}, make_world(resolver=RESOLVER), reported)
    assert reported["sign-in"].verdict is Verdict.NOT_REACHED
    assert reported["secure"].verdict is Verdict.PASSED
    assert server.record.sign_ins == []


async def test_a_kept_password_is_of_no_use_without_a_user_name(
    server: ScriptedSmtp, certificates: Certificates
) -> None:
    state = replace(answers(server.port, certificates), username="")
    await ProveStep().accept(state, {}, make_world(resolver=RESOLVER, vault=UnavailableVault()), Reported())
    assert server.record.sign_ins == []


async def test_a_password_that_is_gone_stops_before_it_could_be_missed(
    server: ScriptedSmtp, certificates: Certificates
) -> None:
    with pytest.raises(Halted) as raised:
        await ProveStep().accept(answers(server.port, certificates), {}, make_world(resolver=RESOLVER), Reported())
    assert raised.value.problem.code == "password-missing"
    assert server.record.sign_ins == []


async def test_a_locked_keychain_stops_without_a_connection(server: ScriptedSmtp, certificates: Certificates) -> None:
    world = make_world(resolver=RESOLVER, vault=UnavailableVault())
    with pytest.raises(Halted) as raised:
        await ProveStep().accept(answers(server.port, certificates), {}, world, Reported())
    assert raised.value.problem.code == "keychain-locked"
    assert server.record.commands == []


async def test_a_server_without_encryption_is_refused_before_any_password(
    scripted_smtp: StartSmtp, certificates: Certificates
) -> None:
    plain = scripted_smtp(Script(auth_before_tls=True))
    with pytest.raises(Halted) as raised:
        await ProveStep().accept(answers(plain.port, certificates), {}, await world_with(), Reported())
    assert raised.value.problem.code == "starttls-not-offered"
    assert plain.record.sign_ins == []


async def test_the_authority_of_the_form_is_trusted_and_nothing_else(
    server: ScriptedSmtp, certificates: Certificates
) -> None:
    state = replace(answers(server.port, certificates), ca_pem=None)
    with pytest.raises(Halted) as raised:
        await ProveStep().accept(state, {}, await world_with(), Reported())
    assert raised.value.problem.code.startswith("tls-certificate-")
    assert server.record.sign_ins == []


async def test_a_closed_port_is_a_problem_with_a_name(closed_port: Address, certificates: Certificates) -> None:
    reported = Reported()
    with pytest.raises(Halted) as raised:
        await ProveStep().accept(answers(closed_port.port, certificates), {}, await world_with(), reported)
    assert raised.value.problem.code == "connection-refused"
    assert reported["greet"].verdict is Verdict.NOT_REACHED


@pytest.mark.real_server
@pytest.mark.parametrize("security", list(Security))
async def test_a_real_postfix_is_signed_in_to(
    postfix: PostfixServer, certificates: Certificates, security: Security
) -> None:
    port = postfix.ports.submissions if security is Security.TLS else postfix.ports.submission
    state = replace(answers(port, certificates, security), host="localhost", username=ANNA.address)
    reported = Reported()
    await ProveStep().accept(state, {}, await world_with(ANNA.password), reported)
    assert reported["sign-in"].verdict is Verdict.PASSED
