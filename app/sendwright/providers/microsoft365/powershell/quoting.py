"""Writes values into PowerShell so that they stay values, whatever they are called.

Sources: about_Quoting_Rules (in a single-quoted string nothing is expanded, a quote is doubled) and PowerShell's own
CodeGeneration.EscapeSingleQuotedStringContent, which doubles the typographic quotes too: the tokenizer takes each of
U+2018, U+2019, U+201A and U+201B for the end of a string that an apostrophe began.
"""

from sendwright.document.seen import STAND_IN, seen

QUOTES = "'\u2018\u2019\u201a\u201b"
"""What PowerShell takes for a single quotation mark, as code that begins or ends a string."""

REMOVED = STAND_IN
"""Stands visibly where something stood that cannot be seen, or that would end the line."""

LONGEST = 512
"""Characters of a value; what is longer is cut, visibly."""

_DOUBLED = str.maketrans({quote: quote * 2 for quote in QUOTES})
_NO_TYPOGRAPHY = str.maketrans(dict.fromkeys(QUOTES[1:] + "\u201c\u201d\u201e", REMOVED))


def visible(value: str) -> str:
    """Return `value` on one line, with REMOVED for what nobody can see: line ends, controls, changes of direction."""
    cut = value if len(value) <= LONGEST else value[: LONGEST - 1] + "\u2026"
    return seen(cut, keep="")


def literal(value: str) -> str:
    """Return `value` as a single-quoted string: `O'Brien` becomes `'O''Brien'`."""
    return f"'{visible(value).translate(_DOUBLED)}'"


def equals(attribute: str, value: str) -> str:
    """Return the filter `attribute -eq 'value'` (OPATH) as a single-quoted string.

    The value is quoted twice: for the filter's own parser, then for PowerShell. Which typographic marks that parser
    takes for quotes is not documented, so none passes: such a filter fits nothing, which fails safely.
    attribute: a name of ours, never typed.
    """
    inner = visible(value).translate(_NO_TYPOGRAPHY).replace("'", "''")
    return literal(f"{attribute} -eq '{inner}'")


def odata(attribute: str, value: str) -> str:
    """Return the filter `attribute eq 'value'` (OData 4.01, part 2, 5.1.1: quotes are doubled) as a quoted string."""
    inner = visible(value).translate(_NO_TYPOGRAPHY).replace("'", "''")
    return literal(f"{attribute} eq '{inner}'")
