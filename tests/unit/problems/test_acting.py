"""Who has to act is said so that it is true for its reader."""

import pytest

from sendwright.problems.acting import acting
from sendwright.problems.problem import Owner
from sendwright.texts import LANGUAGES, speaking, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_whoever_it_happened_to_is_called_you(language: str) -> None:
    with speaking(language):
        here, away = acting(Owner.YOU), acting(Owner.YOU, away=True)
        assert (here.name, here.who) == (text("owners.you.name"), text("owners.you.who"))
        assert (away.name, away.who) == (text("owners.you.away.name"), text("owners.you.away.who"))
        assert here.name != away.name
        assert here.who != away.who


@pytest.mark.parametrize("owner", [owner for owner in Owner if owner is not Owner.YOU])
def test_everybody_else_is_the_same_person_wherever_it_is_read(owner: Owner) -> None:
    assert acting(owner) == acting(owner, away=True)
    assert acting(owner).name == text(f"owners.{owner}.name")
    assert acting(owner).who == text(f"owners.{owner}.who")
