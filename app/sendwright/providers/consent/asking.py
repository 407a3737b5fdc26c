"""The page of whoever waits until somebody else has allowed something: a link, a mail, a code for a telephone."""

from dataclasses import dataclass

from sendwright.document.blocks import AnyBlock, Command, Document, Mail, Paragraph, QrCode
from sendwright.texts import text


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What to pass on; all words are ready to show, and none of it is secret.

    texts: where the labels are, such as `microsoft365.handover`. intro: what to do with it. link: the page to open.
    subject, body: of the mail. watch: how one learns that it was done. facts: what else is to be copied.
    """

    id: str
    texts: str
    intro: str
    link: str
    subject: str
    body: tuple[str, ...]
    watch: str
    facts: tuple[Command, ...] = ()


def waiting_document(asking: Asking) -> Document:
    """Return the page, in three forms: the link, a mail with it, and the link for a telephone."""
    texts = asking.texts
    blocks: tuple[AnyBlock, ...] = (
        Paragraph(text=asking.intro),
        *asking.facts,
        Command(label=text(f"{texts}.link"), value=asking.link),
        Mail(label=text(f"{texts}.mail"), subject=asking.subject, body="\n\n".join(asking.body)),
        QrCode(label=text(f"{texts}.qr"), value=asking.link),
        Paragraph(text=asking.watch),
    )
    return Document(id=asking.id, title=text(f"{texts}.title"), blocks=blocks)
