"""What a document consists of. All words are ready to show; nothing in it is secret."""

from enum import StrEnum

import msgspec


class Mark(StrEnum):
    """What is to be said of a line or a row, beside its words."""

    NONE = "none"
    GOOD = "good"
    ATTENTION = "attention"
    WRONG = "wrong"


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a document."""


class Heading(Block, frozen=True, kw_only=True, tag="heading"):
    """The title of what follows."""

    text: str


class Paragraph(Block, frozen=True, kw_only=True, tag="paragraph"):
    """Sentences. strong: what must not be overlooked."""

    text: str
    strong: bool = False


class Points(Block, frozen=True, kw_only=True, tag="points"):
    """A list; numbered where the order counts."""

    items: tuple[str, ...]
    numbered: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table. mark: shown in front of it, with a word for those who see no colours."""

    cells: tuple[str, ...]
    mark: Mark = Mark.NONE


class Table(Block, frozen=True, kw_only=True, tag="table"):
    """Rows under column titles; without titles a list of facts (name, value). caption: read aloud first."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()
    caption: str = ""


class Command(Block, frozen=True, kw_only=True, tag="command"):
    """Something to copy: a command, an id, an address. label: what it does; several lines stay as they are."""

    label: str
    value: str


class Link(Block, frozen=True, kw_only=True, tag="link"):
    """A page to open, https only. path: the way to it by menus, where a link may not lead there."""

    label: str
    address: str
    path: str = ""


class QrCode(Block, frozen=True, kw_only=True, tag="qr"):
    """An address to be read by a telephone; label: what it opens, also for those who cannot see it."""

    label: str
    value: str


class Mail(Block, frozen=True, kw_only=True, tag="mail"):
    """A mail that is ready to be sent by the person: `to` may be empty."""

    label: str
    subject: str
    body: str
    to: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of something that was read. remark: why it is marked."""

    text: str
    mark: Mark = Mark.NONE
    remark: str = ""


class Lines(Block, frozen=True, kw_only=True, tag="lines"):
    """What was pasted, line by line, with what is to be said of it."""

    label: str
    lines: tuple[Line, ...]


AnyBlock = Heading | Paragraph | Points | Table | Command | Link | QrCode | Mail | Lines


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A page. id: kebab-case, the name of a file saved of it. title: as shown; also of the file."""

    id: str
    title: str
    blocks: tuple[AnyBlock, ...] = ()
