"""Who has to act, in words that are true for whoever reads them."""

from dataclasses import dataclass

from sendwright.texts import has, text


@dataclass(frozen=True)
class Acting:
    """name: the one who has to act, as people say it. who: which person that is, or what that person can do."""

    name: str
    who: str


def acting(owner: str, *, away: bool = False) -> Acting:
    """Return who `owner` (a `problem.Owner`) is.

    away: the reader need not be the one it happened to: a ticket, a saved file, an error that somebody sent. There
    "you" would send the wrong person.
    """
    apart = f"owners.{owner}.away"
    key = apart if away and has(f"{apart}.name") else f"owners.{owner}"
    return Acting(name=text(f"{key}.name"), who=text(f"{key}.who"))
