"""Writes a document as one web page that needs nothing else: no script, no font, no picture from elsewhere."""

from collections.abc import Iterable
from html import escape

from sendwright.document.blocks import (
    AnyBlock,
    Command,
    Document,
    Heading,
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
from sendwright.document.qr import picture_of
from sendwright.document.seen import seen
from sendwright.message.template import fill
from sendwright.texts import language, text

QR_SCALE = 4
"""Pixels of a module; with the quiet zone of four modules that ISO/IEC 18004 asks for."""


def to_html(document: Document) -> str:
    """Return the page. Whatever stands in the document stands there as words, never as markup."""
    return fill(
        "document.html",
        words={"language": language(), "title": seen(document.title)},
        markup={"body": "\n".join(_block(block) for block in document.blocks)},
    )


def _block(block: AnyBlock) -> str:
    match block:
        case Heading():
            return f"<h2>{_words(block.text)}</h2>"
        case Paragraph():
            kind = ' class="strong"' if block.strong else ""
            return f"<p{kind}>{_words(block.text)}</p>"
        case Points():
            kind = "ol" if block.numbered else "ul"
            items = "".join(f"<li>{_words(item)}</li>" for item in block.items)
            return f"<{kind}>{items}</{kind}>"
        case Table():
            return _table(block)
        case Command():
            return _figure("command", block.label, f"<pre><code>{_words(block.value)}</code></pre>")
        case Link():
            return _link(block)
        case QrCode():
            return _qr(block)
        case Mail():
            return _mail(block)
        case Lines():
            return _lines(block)


def _words(words: str) -> str:
    return escape(seen(words))


def _figure(kind: str, label: str, inner: str) -> str:
    return f'<figure class="{kind}"><figcaption>{_words(label)}</figcaption>{inner}</figure>'


def _table(table: Table) -> str:
    caption = f"<caption>{_words(table.caption)}</caption>" if table.caption else ""
    if not table.columns:
        return f'<table class="facts">{caption}<tbody>{"".join(_fact(row) for row in table.rows)}</tbody></table>'
    titles = "".join(f'<th scope="col">{_words(title)}</th>' for title in table.columns)
    rows = "".join(f"<tr{_class(row.mark)}>{''.join(_cells(row))}</tr>" for row in table.rows)
    return f"<table>{caption}<thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>"


def _fact(row: Row) -> str:
    name, *values = row.cells or ("",)
    inner = "".join(f"<td>{_words(value)}</td>" for value in values)
    return f'<tr{_class(row.mark)}><th scope="row">{_said(row.mark)}{_words(name)}</th>{inner}</tr>'


def _cells(row: Row) -> Iterable[str]:
    return (f"<td>{_said(row.mark) if place == 0 else ''}{_words(cell)}</td>" for place, cell in enumerate(row.cells))


def _link(link: Link) -> str:
    label, address = _words(link.label), seen(link.address, keep="")
    shown = f'<span class="address">{escape(address)}</span>'
    if address.startswith("https://"):
        shown = f'<a href="{escape(address)}" rel="noopener noreferrer">{label}</a><br>{shown}'
    else:
        shown = f"{label}<br>{shown}"
    path = f'<br><span class="path">{_words(link.path)}</span>' if link.path else ""
    return f'<p class="link">{shown}{path}</p>'


def _qr(code: QrCode) -> str:
    """Return the code as a picture inside the page where there is one, and its address for those who cannot scan it."""
    picture = picture_of(code.value, scale=QR_SCALE)
    drawn = f'<p><img src="{escape(picture)}" alt="{_words(code.label)}"></p>' if picture else ""
    address = f'<p class="address">{escape(seen(code.value, keep=""))}</p>'
    return _figure("qr", code.label, f"{drawn}{address}")


def _mail(mail: Mail) -> str:
    facts = {text("document.mail-subject"): mail.subject}
    if mail.to:
        facts = {text("document.mail-to"): mail.to} | facts
    rows = tuple(Row(cells=(name, value)) for name, value in facts.items())
    return _figure("mail", mail.label, f"{_table(Table(rows=rows))}<pre>{_words(mail.body)}</pre>")


def _lines(lines: Lines) -> str:
    inner = "".join(
        f"<li{_class(line.mark)}><code>{_words(line.text)}</code>"
        + (f'<p class="remark">{_said(line.mark)}{_words(line.remark)}</p>' if line.remark else "")
        + "</li>"
        for line in lines.lines
    )
    return _figure("lines", lines.label, f"<ol>{inner}</ol>")


def _class(mark: Mark) -> str:
    return f' class="{mark}"' if mark is not Mark.NONE else ""


def _said(mark: Mark) -> str:
    """Return the word of a mark: colours alone say nothing to many."""
    if mark is Mark.NONE:
        return ""
    return f"<strong>{_words(text('document.marked', mark=text(f'document.mark.{mark}')))}</strong> "
