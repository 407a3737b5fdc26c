"""Derives the text of a message from its HTML."""


def text_of_html(html: str) -> str:
    """Return the words of `html` as plain text, with the targets of links behind their words."""
    raise NotImplementedError
