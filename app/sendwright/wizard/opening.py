"""Opens the wizard: with the draft of last time, if there is one, and with what the backend says now."""

import asyncio
import secrets
from collections.abc import Sequence
from itertools import takewhile

from msgspec.structs import replace

from sendwright.errors import SendwrightError
from sendwright.providers import catalogue
from sendwright.providers.provider import Step
from sendwright.screens import Consent, Done, FieldKind, Form, Screen, Working
from sendwright.wizard.draft import Draft, Platform
from sendwright.wizard.forgetting import forget_secrets
from sendwright.wizard.moving import moved
from sendwright.wizard.store import NoDrafts, StoredDrafts
from sendwright.wizard.walk import walk
from sendwright.wizard.wizard import Position, Wizard
from sendwright.world import World

PATIENCE_S = 4.0


async def open_wizard(world: World, store: StoredDrafts | NoDrafts) -> Wizard:
    """Return the wizard where it was left, else at the start.

    A saved place that rests on a secret which the vault does not hold any more becomes the form that asks for it.
    A backend that does not answer in time is no reason to wait: the walk asks it again where it needs it.
    """
    position = store.load()
    platform = await _standing(world)
    if position is None:
        draft = Draft(id=secrets.token_hex(8), platform=platform)
        return Wizard(world, walk=walk, start=Position(draft=draft, step="start"), store=store)
    draft = position.draft
    lost = False
    if platform is not None:
        draft = await moved(draft, platform, world)
    if draft.provider not in {None, *(provider.id for provider in catalogue.enabled(world.deployment))}:
        await forget_secrets(draft, world)
        # the deployment does not offer it any more
        draft = replace(draft, provider=None, answers=None, test=None, staged=None)
    if draft.provider is not None:
        answers = await catalogue.by_id(draft.provider).recall(draft.answers, world)
        lost = answers != draft.answers
        draft = replace(draft, answers=answers)
    place = _resting(replace(position, draft=draft), world, ask_again=lost)
    return Wizard(world, walk=walk, start=place, store=store, resumed=True)


async def _standing(world: World) -> Platform | None:
    known = world.known_backends.current()
    if known is None:
        return None
    try:
        async with asyncio.timeout(PATIENCE_S):
            token = await world.vault.fetch(known.token)
            if token is None:
                return None
            backend = world.backend(known.address, token)
            try:
                organisation = await backend.organisation()
            finally:
                await backend.close()
    except (TimeoutError, SendwrightError):
        return None
    return Platform(
        address=known.address,
        token=known.token,
        organisation=organisation,
        on_this_computer=known.on_this_computer,
    )


def _resting(position: Position, world: World, *, ask_again: bool) -> Position:
    """Return the nearest place at or before `position` where a person can stand.

    ask_again: a secret is gone; then it is the form that asks for it.
    """
    steps: Sequence[Step[Draft]] = walk(position.draft)
    shown = {step.id: _shown(step, position.draft, world) for step in steps if step.id in _places(position)}
    places = list(takewhile(lambda place: shown.get(place) is not None, _places(position)))
    for index, place in enumerate(places):
        screen = shown[place]
        asks = isinstance(screen, Form) and any(field.kind is FieldKind.PASSWORD for field in screen.fields)
        if ask_again and asks:
            return Position(draft=position.draft, step=place, history=tuple(places[:index]))
    while places and isinstance(shown[places[-1]], Working | Consent):
        places.pop()
    if not places:
        return Position(draft=position.draft, step="start")
    return Position(draft=position.draft, step=places[-1], history=tuple(places[:-1]))


def _shown(step: Step[Draft], draft: Draft, world: World) -> Screen | None:
    """Return the screen of `step`; None where the draft lacks what it needs, and for an end that is of another day."""
    try:
        screen = step.show(draft, world) if step.applies(draft) else None
    except (LookupError, ValueError):
        return None
    return None if isinstance(screen, Done) else screen


def _places(position: Position) -> tuple[str, ...]:
    return (*position.history, position.step)
