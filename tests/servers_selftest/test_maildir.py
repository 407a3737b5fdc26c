"""A mailbox is read in order, waited for, and emptied."""

import os
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.servers.maildir import Mailbox


def _deliver(mailbox: Path, name: str, subject: str, *, at: float | None = None) -> None:
    (mailbox / "new").mkdir(parents=True, exist_ok=True)
    (mailbox / "tmp").mkdir(exist_ok=True)
    file = mailbox / "tmp" / name
    file.write_bytes(f"From: a@example.org\r\nSubject: {subject}\r\n\r\nText\r\n".encode())
    if at is not None:
        os.utime(file, (at, at))
    file.rename(mailbox / "new" / name)


def _has_text(message: EmailMessage) -> bool:
    return "Text" in message.get_content()


def test_a_mailbox_nobody_wrote_to_is_empty(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path / "nobody")
    mailbox.clear()
    assert mailbox.messages() == []


def test_messages_come_oldest_first(tmp_path: Path) -> None:
    for name, at in (("b", 3.0), ("c", 1.0), ("a", 2.0)):
        _deliver(tmp_path, name, subject=name, at=at)
    assert [message["Subject"] for message in Mailbox(tmp_path).messages()] == ["c", "a", "b"]


def test_waiting_ends_when_the_right_message_comes(tmp_path: Path) -> None:
    _deliver(tmp_path, "1", "another")
    late = threading.Timer(0.1, _deliver, (tmp_path, "2", "wanted"))
    late.start()
    try:
        found = Mailbox(tmp_path).wait_for_message(_has_text, subject="wanted")
    finally:
        late.join()
    assert found["Subject"] == "wanted"
    assert len(Mailbox(tmp_path).wait_for_count(2)) == 2


def test_waiting_in_vain_says_what_was_there(tmp_path: Path) -> None:
    _deliver(tmp_path, "1", "another")
    with pytest.raises(TimeoutError, match="another"):
        Mailbox(tmp_path).wait_for_message(subject="wanted", within=0.05)
    with pytest.raises(TimeoutError, match="1 of 2"):
        Mailbox(tmp_path).wait_for_count(2, within=0.05)


def test_a_cleared_mailbox_is_empty(tmp_path: Path) -> None:
    _deliver(tmp_path, "1", "x")
    Mailbox(tmp_path).clear()
    assert Mailbox(tmp_path).messages() == []
