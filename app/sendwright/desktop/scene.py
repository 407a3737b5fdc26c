"""What the window draws: a snapshot of the wizard, taken where nobody changes it meanwhile."""

from dataclasses import dataclass

from sendwright.screens import Screen
from sendwright.wizard.draft import Purpose
from sendwright.wizard.wizard import RailEntry, Wizard


@dataclass(frozen=True, kw_only=True)
class Scene:
    """practice: everything is simulated. resumed: an earlier run began this. practise: a practice is asked for."""

    screen: Screen
    rail: tuple[RailEntry, ...]
    can_go_back: bool
    is_last: bool
    practice: bool
    resumed: bool
    practise: bool


def look_at(wizard: Wizard) -> Scene:
    """Return the snapshot of now."""
    return Scene(
        screen=wizard.screen,
        rail=wizard.rail,
        can_go_back=wizard.can_go_back,
        is_last=wizard.is_last,
        practice=wizard.world.practice,
        resumed=wizard.resumed,
        practise=wizard.draft.purpose is Purpose.PRACTISE,
    )
