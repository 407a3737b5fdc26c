"""A kept password goes to no server that a search put in the place of the one it was given for."""

import pytest
from msgspec.structs import replace
from tests.unit.providers.custom_smtp.test_connect_step import (
    CANARY,
    TYPED,
    LastingVault,
    accept,
    field,
    rejected,
    shown,
)

from sendwright.providers.custom_smtp.answers import SmtpAnswers

AGAIN = {**TYPED, "password": ""}


async def _given(vault: LastingVault) -> SmtpAnswers:
    return await accept(SmtpAnswers(), TYPED, vault)


async def test_after_a_search_found_another_server_the_password_is_asked_again() -> None:
    vault = LastingVault()
    found = replace(await _given(vault), host="smtp.elsewhere.example")
    assert not field(shown(found, vault), "password").kept
    wrong = await rejected(found, {**AGAIN, "host": "smtp.elsewhere.example"}, vault)
    assert wrong == {"password": "custom_smtp.password.missing"}
    taken = await accept(found, {**TYPED, "host": "smtp.elsewhere.example"}, vault)
    assert taken.password_host == "smtp.elsewhere.example"
    assert field(shown(taken, vault), "password").kept


async def test_back_at_its_own_server_it_is_known_again() -> None:
    vault = LastingVault()
    state = await _given(vault)
    found = replace(state, host="smtp.elsewhere.example")
    again = await accept(found, AGAIN, vault)
    assert (again.host, again.password) == (state.host, state.password)
    assert field(shown(again, vault), "password").kept


@pytest.mark.parametrize("host", ["smtp.example.org", "mail.example.org"])
async def test_a_server_that_the_person_types_gets_it(host: str) -> None:
    vault = LastingVault()
    again = await accept(await _given(vault), {**AGAIN, "host": host}, vault)
    assert (again.host, again.password_host) == (host, host)
    assert again.password is not None
    kept = await vault.fetch(again.password)
    assert kept is not None
    assert kept.reveal() == CANARY


async def test_without_a_user_name_the_server_does_not_matter() -> None:
    vault = LastingVault()
    found = replace(await _given(vault), host="smtp.elsewhere.example")
    answer = {**AGAIN, "host": "smtp.elsewhere.example", "username": ""}
    again = await accept(found, answer, vault)
    assert again.password_host == TYPED["host"]
