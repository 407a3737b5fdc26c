"""Every text key that a screen shows, with the values that fill it."""

from collections.abc import Iterator, Mapping

from sendwright.screens import Choice, Field, Form, Option, Proof, Review, Screen, Sheet, Working

Key = tuple[str, Mapping[str, str]]


def keys_of(screen: Screen) -> Iterator[Key]:
    """Yield key and values of everything on `screen` that is a text; an empty key means nothing is shown."""
    yield screen.title, screen.values
    yield screen.lead, screen.values
    yield screen.submit, {}
    for action in screen.actions:
        yield action.label, action.values
    for notice in screen.notices:
        yield notice.key, notice.values
    if isinstance(screen, Working):
        yield from ((f"stages.{stage}.label", {}) for stage in screen.stages)
    if isinstance(screen, Form | Choice | Review | Sheet):
        for field in screen.fields:
            yield from _of_field(field)
    if isinstance(screen, Form):
        yield from ((proposal.origin, {}) for proposal in screen.proposals)
    if isinstance(screen, Choice | Proof):
        for option in screen.options:
            yield from _of_option(option)


def _of_field(field: Field) -> Iterator[Key]:
    yield from ((key, {}) for key in (field.label, field.help, field.placeholder))
    for option in field.options:
        yield from _of_option(option)


def _of_option(option: Option) -> Iterator[Key]:
    yield from ((key, {}) for key in (option.label, option.detail))
