"""The connect form: what it shows, what it takes, and what becomes of the password."""

from pathlib import Path

import msgspec
import pytest
import trustme
from msgspec.structs import replace
from tests.unit.providers.doubles import FakeProber, Reported, make_world

from sendwright import texts
from sendwright.errors import VaultUnavailable
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.candidate import (
    Candidate,
    Confidence,
    Origin,
    UsernameForm,
    UsernameKind,
)
from sendwright.providers.custom_smtp.connect_step import ConnectStep
from sendwright.providers.custom_smtp.presets import load
from sendwright.screens import Field, FieldKind, Form, Halted, Rejected
from sendwright.senders.smtp.settings import Security
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Secret, SecretRef

CANARY = "canary-5b1f-password"
TYPED = {
    "host": "smtp.example.org",
    "port": "465",
    "security": "tls",
    "username": "ada@example.org",
    "password": CANARY,
    "ca_file": "",
    "keep_password": "true",
}
PROPOSED = Candidate(
    host="smtp.xn--bcher-kva.example",
    port=465,
    security=Security.TLS,
    username_form=UsernameForm(UsernameKind.LOCAL_PART),
    origin=Origin("custom_smtp.origin.mx", {"name": "Example Mail"}),
    confidence=Confidence.LIKELY,
    note="custom_smtp.notes.app-password",
)


class LastingVault(MemoryVault):
    @property
    def lasting(self) -> bool:
        return True


class LockedVault(LastingVault):
    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")

    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("locked")


def step() -> ConnectStep:
    return ConnectStep(load, lambda _world, _pem: FakeProber())


def shown(state: SmtpAnswers, vault: MemoryVault | None = None) -> Form:
    screen = step().show(state, make_world(vault=vault or LastingVault()))
    assert isinstance(screen, Form)
    return screen


def field(form: Form, name: str) -> Field:
    return next(field for field in form.fields if field.name == name)


async def accept(state: SmtpAnswers, answer: dict[str, str], vault: MemoryVault | None = None) -> SmtpAnswers:
    return await step().accept(state, answer, make_world(vault=vault or LastingVault()), Reported())


async def rejected(state: SmtpAnswers, answer: dict[str, str], vault: MemoryVault | None = None) -> dict[str, str]:
    with pytest.raises(Rejected) as raised:
        await accept(state, answer, vault)
    assert all(texts.has(key) for key in raised.value.fields.values())
    return raised.value.fields


def test_the_form_has_the_fields_of_the_answers_file() -> None:
    form = shown(SmtpAnswers())
    assert [one.name for one in form.fields] == [
        "host",
        "port",
        "security",
        "username",
        "password",
        "ca_file",
        "keep_password",
    ]
    assert field(form, "port").value == "25"
    assert field(form, "security").value == "starttls"
    assert [option.value for option in field(form, "security").options] == ["tls", "starttls"]
    assert {one.name for one in form.fields if one.advanced} == {"ca_file", "keep_password"}


def test_what_was_found_is_proposed_in_words_with_its_origin() -> None:
    form = shown(SmtpAnswers(address="ada@example.org", candidates=(PROPOSED,)))
    proposal = form.proposals[0]
    assert proposal.label == "Example Mail: smtp.bücher.example, port 465, TLS"
    assert texts.text(proposal.origin)
    assert proposal.values == {
        "host": "smtp.xn--bcher-kva.example",
        "port": "465",
        "security": "tls",
        "username": "ada",
    }
    assert set(proposal.values) <= {one.name for one in form.fields}


def test_a_proposal_leaves_a_user_name_alone_that_only_the_person_knows() -> None:
    own = replace(PROPOSED, username_form=UsernameForm(UsernameKind.OWN))
    form = shown(SmtpAnswers(address="ada@example.org", candidates=(own,)))
    assert "username" not in form.proposals[0].values


def test_the_notes_of_the_proposals_are_said_once_each() -> None:
    twice = (PROPOSED, replace(PROPOSED, port=587, security=Security.STARTTLS))
    remark = Origin("custom_smtp.remarks.filter", {"filter": "Proofpoint"})
    form = shown(SmtpAnswers(address="ada@example.org", candidates=twice, remarks=(remark,)))
    keys = [notice.key for notice in form.notices]
    assert keys == ["custom_smtp.notes.app-password", "custom_smtp.remarks.filter"]
    assert all(texts.text(notice.key, **notice.values) for notice in form.notices)


def test_that_nothing_was_found_is_said_only_after_a_search() -> None:
    assert "custom_smtp.connect.nothing-found" in {one.key for one in shown(SmtpAnswers(address="a@b.example")).notices}
    assert shown(SmtpAnswers(searched=True)).notices == ()


def test_without_a_lasting_vault_the_form_says_that_the_password_is_asked_again() -> None:
    form = shown(SmtpAnswers(), MemoryVault(reason="absent"))
    assert "keep_password" not in {one.name for one in form.fields}
    assert [(notice.key, notice.field) for notice in form.notices] == [
        ("vault.conditions.absent", "password"),
        ("vault.advice.absent", "password"),
    ]


async def test_settings_are_taken_and_the_password_goes_into_the_vault() -> None:
    vault = LastingVault()
    state = await accept(SmtpAnswers(), TYPED, vault)
    assert state.settings == msgspec.convert(
        {"host": "smtp.example.org", "port": 465, "security": "tls", "username": "ada@example.org"},
        type(state.settings),
    )
    assert state.keep_password
    assert state.password is not None
    assert state.password.purpose == "smtp-password"
    kept = await vault.fetch(state.password)
    assert kept is not None
    assert kept.reveal() == CANARY


async def test_the_password_is_in_no_draft_and_no_repr() -> None:
    state = await accept(SmtpAnswers(), TYPED)
    assert CANARY not in repr(state)
    assert CANARY.encode() not in msgspec.json.encode(state)
    assert field(shown(state), "password").value == ""


async def test_a_known_password_may_stay_empty() -> None:
    vault = LastingVault()
    state = await accept(SmtpAnswers(), TYPED, vault)
    assert field(shown(state, vault), "password").kept
    again = await accept(state, {**TYPED, "password": "", "port": "587", "security": "starttls"}, vault)
    assert again.password == state.password
    assert again.port == 587


async def test_another_password_takes_the_place_of_the_first() -> None:
    vault = LastingVault()
    state = await accept(SmtpAnswers(), TYPED, vault)
    again = await accept(state, {**TYPED, "password": "second"}, vault)
    assert again.password == state.password
    assert len(vault._kept) == 1
    assert again.password is not None
    assert await vault.fetch(again.password) == Secret("second")


async def test_a_password_that_is_not_there_is_asked_for() -> None:
    assert await rejected(SmtpAnswers(), {**TYPED, "password": ""}) == {"password": "custom_smtp.password.missing"}
    assert not field(shown(SmtpAnswers()), "password").kept


async def test_a_password_that_was_there_once_is_asked_for_again() -> None:
    state = await accept(SmtpAnswers(), TYPED)
    assert await rejected(state, {**TYPED, "password": ""}, LastingVault()) == {"password": "custom_smtp.password.gone"}


async def test_without_a_user_name_nothing_is_kept() -> None:
    vault = LastingVault()
    state = await accept(SmtpAnswers(), {**TYPED, "username": "", "password": ""}, vault)
    assert state.settings.username is None
    assert state.password is None
    assert vault._kept == {}


async def test_nothing_is_kept_while_anything_is_wrong() -> None:
    vault = LastingVault()
    wrong = await rejected(SmtpAnswers(), {**TYPED, "host": "", "port": "x", "ca_file": "/nowhere/ca.pem"}, vault)
    assert wrong == {
        "host": "custom_smtp.host.missing",
        "port": "custom_smtp.port.invalid",
        "ca_file": "custom_smtp.ca-file.not-found",
    }
    assert vault._kept == {}


async def test_port_and_security_that_do_not_fit_are_taken_all_the_same() -> None:
    state = await accept(SmtpAnswers(), {**TYPED, "port": "465", "security": "starttls"})
    assert (state.port, state.security) == (465, Security.STARTTLS)


@pytest.mark.parametrize("password", [CANARY, ""])
async def test_a_locked_keychain_stops_with_its_problem(password: str) -> None:
    known = SmtpAnswers(password=SecretRef("smtp-password", "known"))
    with pytest.raises(Halted) as raised:
        await accept(known, {**TYPED, "password": password}, LockedVault())
    assert raised.value.problem.code == "keychain-locked"
    assert CANARY not in str(raised.value.problem)


async def test_the_certificates_of_an_own_authority_come_along(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(file)
    state = await accept(SmtpAnswers(), {**TYPED, "ca_file": str(file)})
    assert state.ca_pem == authority.cert_pem.bytes().decode()
    assert state.settings.ca_pem == state.ca_pem
    assert field(shown(state), "ca_file").value == str(file)


async def test_the_certificates_outlive_their_file_and_leave_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(file)
    state = await accept(SmtpAnswers(), {**TYPED, "ca_file": str(file)})
    file.unlink()
    assert (await accept(state, {**TYPED, "ca_file": str(file)})).ca_pem == state.ca_pem
    assert (await accept(state, TYPED)).ca_pem is None
    other = {**TYPED, "ca_file": str(tmp_path / "other.pem")}
    assert await rejected(state, other) == {"ca_file": "custom_smtp.ca-file.not-found"}


def test_a_password_field_never_shows_anything() -> None:
    form = shown(SmtpAnswers(password=SecretRef("smtp-password", "known"), password_known=True))
    password = field(form, "password")
    assert (password.kind, password.value, password.kept) == (FieldKind.PASSWORD, "", True)


def test_once_a_host_stands_there_only_its_own_notes_are_said() -> None:
    other = replace(PROPOSED, host="other.example.org", note="custom_smtp.notes.relay-port")
    state = SmtpAnswers(address="ada@example.org", host=other.host, candidates=(PROPOSED, other))
    assert [notice.key for notice in shown(state).notices] == ["custom_smtp.notes.relay-port"]


async def test_a_password_nobody_could_look_for_is_not_called_known() -> None:
    state = SmtpAnswers(password=SecretRef("smtp-password", "known"))
    again = await accept(state, {**TYPED, "username": "", "password": ""})
    assert not field(shown(again), "password").kept
    assert again.password == state.password


async def test_a_password_behind_an_unlocked_keychain_is_known_again() -> None:
    vault = LastingVault()
    ref = SecretRef("smtp-password", "known")
    await vault.keep(ref, Secret(CANARY))
    state = await accept(SmtpAnswers(password=ref), {**TYPED, "password": ""}, vault)
    assert field(shown(state), "password").kept
