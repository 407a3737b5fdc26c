"""Messages in Graph's JSON form, turned into Internet form."""

import base64
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import msgspec

from sendwright.practice.microsoft.rights import Denied


class _EmailAddress(msgspec.Struct, frozen=True):
    address: str
    name: str = ""


class _Recipient(msgspec.Struct, frozen=True, rename="camel"):
    email_address: _EmailAddress

    def read(self) -> Address:
        return Address(self.email_address.name, addr_spec=self.email_address.address)


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    content_type: str = "Text"
    content: str = ""


class _Header(msgspec.Struct, frozen=True):
    name: str
    value: str


class _Attachment(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    content_bytes: str
    content_type: str = "application/octet-stream"
    is_inline: bool = False
    content_id: str | None = None


class _Message(msgspec.Struct, frozen=True, rename="camel"):
    subject: str = ""
    body: _Body = _Body()
    to_recipients: tuple[_Recipient, ...] = ()
    cc_recipients: tuple[_Recipient, ...] = ()
    bcc_recipients: tuple[_Recipient, ...] = ()
    reply_to: tuple[_Recipient, ...] = ()
    from_: _Recipient | None = msgspec.field(default=None, name="from")
    sender: _Recipient | None = None
    internet_message_headers: tuple[_Header, ...] = ()
    attachments: tuple[_Attachment, ...] = ()


class _Request(msgspec.Struct, frozen=True, rename="camel"):
    message: _Message
    save_to_sent_items: bool = True


def message(body: bytes) -> tuple[EmailMessage, bool]:
    """Return the message of a sendMail request, and whether it is kept in Sent Items. Raises Denied."""
    try:
        read = msgspec.json.decode(body, type=_Request)
        return _built(read.message), read.save_to_sent_items
    except (msgspec.DecodeError, HeaderParseError, IndexError, ValueError) as error:
        raise Denied(400, "BadRequest", "Unable to read JSON request payload.") from error


def _built(of: _Message) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = of.subject
    if of.from_ is not None:
        made["From"] = of.from_.read()
    if of.sender is not None:
        made["Sender"] = of.sender.read()
    everybody: dict[str, tuple[_Recipient, ...]] = {
        "To": of.to_recipients,
        "Cc": of.cc_recipients,
        "Bcc": of.bcc_recipients,
        "Reply-To": of.reply_to,
    }
    for name, people in everybody.items():
        if people:
            made[name] = [one.read() for one in people]
    for header in of.internet_message_headers:
        if not header.name.lower().startswith("x-"):
            raise Denied(400, "InvalidInternetMessageHeader", "The header name should start with 'x-' or 'X-'.")
        made[header.name] = header.value
    made.set_content(of.body.content, subtype="html" if of.body.content_type.lower() == "html" else "plain")
    for attached in of.attachments:
        _attach(made, attached)
    return made


def _attach(to: EmailMessage, attached: _Attachment) -> None:
    kind, _, subtype = attached.content_type.partition("/")
    content = base64.b64decode(attached.content_bytes, validate=True)
    inline: dict[str, Any] = {"disposition": "inline"} if attached.is_inline else {}
    if attached.content_id:
        inline["cid"] = f"<{attached.content_id}>"
    to.add_attachment(content, maintype=kind, subtype=subtype or "octet-stream", filename=attached.name, **inline)
