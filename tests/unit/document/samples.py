"""Documents with every kind of block, and words that would be something else if they were not kept words."""

from hypothesis import strategies as st

from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
    Line,
    Lines,
    Link,
    Mail,
    Mark,
    Paragraph,
    Points,
    QrCode,
    Row,
    Table,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></main><h1>",
    "$body ${title} $$",
    "{name} {0} %s",
    "a & b &amp; c",
    "'single' and \"double\"",
    "javascript:alert(1)",
    "\u202egnp.exe\u202c",
    "nul\x00 bell\x07 escape\x1b[31m",
    "line\nbreak\ttab",
    "\u2028separator",
    "\ud800",
)

EVERYTHING = Document(
    id="everything",
    title="Everything",
    blocks=(
        Heading(text="What it is"),
        Paragraph(text="Some words."),
        Paragraph(text="Mind this.", strong=True),
        Points(items=("first", "second")),
        Points(items=("one", "two"), numbered=True),
        Table(
            columns=("When", "What"),
            rows=(Row(cells=("today", "well"), mark=Mark.GOOD), Row(cells=("yesterday", "ill"), mark=Mark.WRONG)),
            caption="Tries",
        ),
        Table(rows=(Row(cells=("Product", "Sendwright")), Row(cells=("Owner", "Anna"), mark=Mark.ATTENTION))),
        Command(label="To grant", value="Add-X -Identity 'a' |\n  Format-List"),
        Link(label="The list", address="https://example.com/list?a=1&b=2", path="Menu > List"),
        QrCode(label="Open on a telephone", value="https://example.com/q"),
        Mail(label="A mail", subject="Please agree", body="Dear all,\n\n  indented\n", to="it@example.com"),
        Lines(
            label="Pasted",
            lines=(Line(text="Trustee : x", mark=Mark.WRONG, remark="This is another one."), Line(text="Deny : False")),
        ),
    ),
)


def document_of(words: str) -> Document:
    """Return a document that holds `words` wherever words can stand."""
    blocks: tuple[AnyBlock, ...] = (
        Heading(text=words),
        Paragraph(text=words),
        Points(items=(words,)),
        Table(columns=(words,), rows=(Row(cells=(words,), mark=Mark.GOOD),), caption=words),
        Table(rows=(Row(cells=(words, words)),)),
        Command(label=words, value=words),
        Link(label=words, address=f"https://example.com/{words}", path=words),
        Link(label=words, address=words),
        QrCode(label=words, value="https://example.com/"),
        Mail(label=words, subject=words, body=words, to=words),
        Lines(label=words, lines=(Line(text=words, mark=Mark.WRONG, remark=words),)),
    )
    return Document(id="d", title=words, blocks=blocks)


WORDS = st.text(max_size=120) | st.sampled_from(HOSTILE) | st.text(alphabet="<>&\"'$ {}ab", max_size=60)
