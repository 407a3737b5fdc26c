"""Gives Qt's own parts (message boxes, menus, placeholders) the colours of the tokens."""

from PySide6.QtGui import QColor, QPalette

from sendwright.desktop.theme.tokens import Tokens

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "card",
    QPalette.ColorRole.AlternateBase: "well",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.ToolTipBase: "card",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.Link: "accent",
}
_WORDS = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def palette(tokens: Tokens) -> QPalette:
    """Return the palette of the tokens; words that cannot be used now are muted."""
    made = QPalette()
    for role, name in _ROLES.items():
        made.setColor(role, QColor(tokens.colour(name)))
    for role in _WORDS:
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.colour("muted")))
    return made
