"""Messages in Graph's JSON form."""

import base64
from typing import Any

import msgspec
import pytest

from sendwright.practice.microsoft.graph_json import message
from sendwright.practice.microsoft.rights import Denied


def request(**fields: Any) -> bytes:  # noqa: ANN401 - any JSON
    return msgspec.json.encode({"message": fields})


def somebody(address: str, name: str = "") -> dict[str, dict[str, str]]:
    return {"emailAddress": {"address": address, "name": name}}


def test_everybody_and_everything_is_carried_over() -> None:
    read, keep = message(
        request(
            subject="Grüße",
            body={"contentType": "Text", "content": "Words"},
            toRecipients=[somebody("a@example.org", "A"), somebody("b@example.org")],
            ccRecipients=[somebody("c@example.org")],
            bccRecipients=[somebody("d@example.org")],
            replyTo=[somebody("e@example.org")],
            sender=somebody("f@example.org"),
            **{"from": somebody("g@example.org", "Jane, née Roe")},
            internetMessageHeaders=[{"name": "X-Kind", "value": "test"}],
        )
    )
    assert keep
    assert read["To"] == "A <a@example.org>, b@example.org"
    assert (read["Cc"], read["Bcc"], read["Reply-To"]) == ("c@example.org", "d@example.org", "e@example.org")
    assert read["Sender"] == "f@example.org"
    assert read["From"].addresses[0].display_name == "Jane, née Roe"
    assert read["X-Kind"] == "test"
    assert read.get_content().strip() == "Words"


def test_attachments_and_pictures_inside_are_carried_over() -> None:
    octets = bytes(range(256))
    read, _ = message(
        request(
            body={"contentType": "HTML", "content": '<img src="cid:logo">'},
            attachments=[
                {
                    "@odata.type": "#microsoft.graph.fileAttachment",
                    "name": "report.bin",
                    "contentBytes": base64.b64encode(octets).decode(),
                },
                {
                    "name": "logo.png",
                    "contentType": "image/png",
                    "contentBytes": "AAAA",
                    "isInline": True,
                    "contentId": "logo",
                },
            ],
        )
    )
    report, logo = read.iter_attachments()
    assert report.get_filename() == "report.bin"
    assert report.get_content() == octets
    assert (logo.get_content_type(), logo["Content-ID"]) == ("image/png", "<logo>")
    assert logo.get_content_disposition() == "inline"


@pytest.mark.parametrize("keep", [True, False])
def test_whether_a_copy_is_kept_is_told(keep: bool) -> None:
    body = msgspec.json.encode({"message": {}, "saveToSentItems": keep})
    assert message(body)[1] is keep


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"message": []}',
        request(toRecipients=[{"address": "a@example.org"}]),
        request(toRecipients=[somebody("no address")]),
        request(**{"from": somebody("a@b@c")}),
        request(attachments=[{"name": "x", "contentBytes": "*"}]),
        request(subject="two\r\nBcc: evil@example.org"),
        request(internetMessageHeaders=[{"name": "X-A", "value": "1\r\nBcc: evil@example.org"}]),
        "ä".encode("latin-1"),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(Denied) as caught:
        message(body)
    assert (caught.value.status, caught.value.code) == (400, "BadRequest")


def test_only_headers_of_one_s_own_may_be_added() -> None:
    with pytest.raises(Denied) as caught:
        message(request(internetMessageHeaders=[{"name": "Return-Path", "value": "x"}]))
    assert caught.value.code == "InvalidInternetMessageHeader"
