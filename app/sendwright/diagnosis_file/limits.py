"""How much a diagnosis file may hold: far above what a diagnosis needs, far below what hurts a computer."""

from typing import Final

FILE: Final = 20 * 1024 * 1024
"""Bytes of the file itself."""

ENTRY, ALL_ENTRIES = 16 * 1024 * 1024, 24 * 1024 * 1024
"""Bytes of one part, and of all parts together, once they are unpacked."""

ENTRIES: Final = 24
"""Parts."""

RATIO, FREE_OF_RATIO = 300, 1024 * 1024
"""How many times smaller than its content a part may be; one that unpacks to less than the second may be smaller."""

LINE, LINES = 1024 * 1024, 50_000
"""Bytes of one line, and lines of one part."""

DEPTH, NODES = 24, 1_000_000
"""How deep JSON may be nested in a line, and how many values all lines may have together."""

RESULTS: Final = 1_000
"""Stages, and screens, and problems wherever they stand."""

WORDS: Final = 2_000
"""Characters of what another side said (`problems.evidence.Evidence.text`)."""

LARGEST_NUMBER: Final = 2**63 - 1

LONGEST_MS: Final = 1e12
"""Milliseconds that something may have taken, or may have begun after the diagnosis: thirty years."""

EVENT_WORDS, EVENT_VALUES = 8_000, 100
"""Characters of an event's text and of each of its values, which are cut, and how many of those it has."""
