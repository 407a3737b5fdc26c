"""For whom a problem is told: the same finding, at three reading levels."""

from enum import StrEnum


class Level(StrEnum):
    """How much is told, and in whose words.

    plain: what happened and one thing to do. it: causes, records, commands, how to verify. support: stage, codes, the
    other side's own words, where the explanation comes from.
    """

    PLAIN = "plain"
    IT = "it"
    SUPPORT = "support"
