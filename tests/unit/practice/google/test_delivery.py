"""A message as its recipients see it, and how much of a day a mailbox has left."""

from datetime import timedelta

import pytest

from sendwright.practice.google.delivery import ORIGINAL_FROM, ORIGINAL_ID, Delivery
from sendwright.practice.google.example import ANNA, CLARA, NOTICES, example
from sendwright.practice.google.identities import identity
from sendwright.practice.mail_server import Received
from sendwright.practice.messages import parse

HEAD = b"To: x@example.com\r\nSubject: Hello\r\n"


class Post:
    """Delivers for one test. inbox: what arrived."""

    def __init__(self) -> None:
        self.inbox: list[Received] = []
        self.workspace = example()
        self.delivery = Delivery(self.workspace, self.inbox.append)

    def take(self, headers: bytes, email: str = ANNA, *, told: bool = False) -> Received:
        person = self.workspace.people[email]
        message = parse(headers + HEAD + b"\r\nWords\r\n")
        self.delivery.take(message, identity(message, person), person, to=["x@example.com"], told=told)
        return self.inbox[-1]


@pytest.mark.parametrize(
    ("headers", "told", "sender", "original"),
    [
        (f"From: Notices <{NOTICES}>\r\n".encode(), True, f"Notices <{NOTICES}>", ""),
        (b"From: Boss <boss@example.com>\r\n", True, f"Anna Example <{ANNA}>", "Boss <boss@example.com>"),
        (b"From: Boss <boss@example.com>\r\n", False, f"Anna Example <{ANNA}>", ""),
        (b"", True, f"Anna Example <{ANNA}>", ""),
    ],
)
def test_a_from_that_was_replaced_is_kept_along_only_where_that_is_usual(
    headers: bytes, told: bool, sender: str, original: str
) -> None:
    arrived = parse(Post().take(headers, told=told).source)
    assert arrived.get_all("From") == [sender]
    assert str(arrived[ORIGINAL_FROM] or "") == original


def test_an_id_of_ours_is_replaced_and_kept_along() -> None:
    received = Post().take(b"Message-ID: <ours@sendwright>\r\n")
    arrived = parse(received.source)
    assert arrived[ORIGINAL_ID] == "<ours@sendwright>"
    assert str(arrived["Message-ID"]) == received.message_id != "<ours@sendwright>"
    assert received.message_id.endswith("@mail.gmail.com>")


def test_what_lacks_is_added_and_what_is_nobody_s_business_goes() -> None:
    post = Post()
    arrived = parse(post.take(b"Bcc: secret@example.com\r\n").source)
    assert arrived["Date"]
    assert arrived["Message-ID"]
    assert arrived["Bcc"] is None
    dated = parse(post.take(b"Date: Fri, 20 Nov 2026 12:00:00 +0000\r\n").source)
    assert dated["Date"] == "Fri, 20 Nov 2026 12:00:00 +0000"


def test_what_arrives_has_the_traces_of_its_way_and_lines_that_end_as_they_must() -> None:
    source = Post().take(b"").source
    assert source.startswith(f"Return-Path: <{ANNA}>\r\nReceived: from mail.gmail.com".encode())
    assert source.count(b"\n") == source.count(b"\r\n")


def test_a_copy_lies_in_sent() -> None:
    post = Post()
    received = post.take(b"")
    (copy,) = post.delivery.sent
    assert (copy.mailbox, copy.subject, copy.message_id) == (ANNA, "Hello", received.message_id)


@pytest.mark.parametrize(("email", "most"), [(ANNA, "per_day"), (CLARA, "per_day_personal")])
def test_a_day_holds_so_many_messages_and_no_more(email: str, most: str) -> None:
    post = Post()
    setattr(post.workspace.policies, most, 2)
    person = post.workspace.people[email]
    began = post.workspace.now()
    for ahead in (0, 60):
        assert post.delivery.full(person) is None
        post.workspace.ahead = timedelta(minutes=ahead)
        post.take(b"", email)
    until = post.delivery.full(person)
    assert until is not None
    assert timedelta(hours=24) <= until - began < timedelta(hours=24, minutes=5), "when the first of them is a day old"
    post.workspace.ahead = timedelta(hours=24, minutes=30)
    assert post.delivery.full(person) is None


def test_what_was_sent_elsewhere_counts_as_well_and_nobody_else_is_kept_from_sending() -> None:
    post = Post()
    post.workspace.people[ANNA].sent_today = post.workspace.policies.per_day
    assert post.delivery.full(post.workspace.people[ANNA]) is not None
    assert post.delivery.full(post.workspace.people[CLARA]) is None
