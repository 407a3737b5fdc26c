"""The vault that forgets."""

import pytest

from sendwright import texts
from sendwright.vault.choose import why_not_lasting
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Secret, SecretRef, Vault

PASSWORD = SecretRef("smtp-password", "draft-1")


async def test_a_secret_is_kept_until_it_is_forgotten() -> None:
    vault: Vault = MemoryVault()
    assert await vault.fetch(PASSWORD) is None
    await vault.keep(PASSWORD, Secret("one"))
    await vault.keep(SecretRef("smtp-password", "draft-2"), Secret("two"))
    assert await vault.fetch(PASSWORD) == Secret("one")
    await vault.keep(PASSWORD, Secret("three"))
    assert await vault.fetch(PASSWORD) == Secret("three")
    await vault.forget(PASSWORD)
    await vault.forget(PASSWORD)
    assert await vault.fetch(PASSWORD) is None
    assert await vault.fetch(SecretRef("smtp-password", "draft-2")) == Secret("two")


def test_it_says_that_it_does_not_last_and_why() -> None:
    assert not MemoryVault().lasting
    assert why_not_lasting(MemoryVault()) is None
    assert why_not_lasting(MemoryVault(reason="locked")) == "locked"


@pytest.mark.parametrize("condition", ["absent", "locked", "refused", "not-kept"])
def test_every_reason_has_words(condition: str) -> None:
    assert texts.text(f"vault.conditions.{condition}").endswith(".")
    assert texts.text(f"vault.advice.{condition}").endswith(".")


async def test_it_does_not_show_what_it_keeps() -> None:
    vault = MemoryVault()
    await vault.keep(PASSWORD, Secret("hidden words"))
    assert "hidden" not in repr(vault) + repr(vars(vault))
