"""The connect form with a service that takes one token as user name and password."""

import msgspec
import pytest
from tests.unit.providers.custom_smtp.test_connect_step import TYPED, LastingVault, accept, field, rejected, shown

from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.senders.smtp.settings import HIDDEN
from sendwright.vault.vault import Secret

TOKEN = "canary-3f6c-token"
TWICE = {**TYPED, "username": TOKEN, "password": TOKEN}


async def _signed_up(vault: LastingVault) -> SmtpAnswers:
    return await accept(SmtpAnswers(), TWICE, vault)


async def test_the_token_stands_in_no_draft_no_form_and_no_profile() -> None:
    state = await _signed_up(LastingVault())
    profile = CustomSmtp().profile(state, address="ada@example.org", alias="Ada")
    assert TOKEN not in msgspec.json.encode([state, profile, shown(state)]).decode()
    assert field(shown(state), "username").value == HIDDEN
    assert (state.settings.username, state.settings.token_twice) == (HIDDEN, True)


async def test_the_form_can_be_passed_again_as_it_stands() -> None:
    vault = LastingVault()
    state = await _signed_up(vault)
    again = await accept(state, {**TWICE, "username": HIDDEN, "password": "", "port": "587"}, vault)
    assert again.settings.token_twice
    assert again.port == 587


async def test_another_token_goes_into_both_places() -> None:
    vault = LastingVault()
    state = await _signed_up(vault)
    again = await accept(state, {**TWICE, "username": HIDDEN, "password": "another"}, vault)
    assert again.settings.login(Secret("another")) == "another"


@pytest.mark.parametrize("password", [TYPED["password"], ""])
async def test_a_name_of_its_own_ends_it(password: str) -> None:
    vault = LastingVault()
    state = await _signed_up(vault)
    again = await accept(state, {**TYPED, "password": password}, vault)
    assert (again.username, again.token_twice) == (TYPED["username"], False)


async def test_the_kept_token_typed_as_the_user_name_is_hidden_too() -> None:
    vault = LastingVault()
    state = await accept(SmtpAnswers(), {**TYPED, "password": TOKEN}, vault)
    again = await accept(state, {**TWICE, "password": ""}, vault)
    assert (again.username, again.token_twice) == (HIDDEN, True)


async def test_the_dots_alone_are_a_user_name_like_any_other() -> None:
    state = await accept(SmtpAnswers(), {**TYPED, "username": HIDDEN})
    assert not state.token_twice
    assert await rejected(SmtpAnswers(), {**TYPED, "username": HIDDEN, "password": ""})
