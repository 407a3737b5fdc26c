"""Messages are encoded for interfaces; an address that cannot be used says whose it is."""

import asyncio

import pytest
from tests.unit.senders.gmail.doubles import outgoing

from sendwright.message import OutgoingMessage
from sendwright.problems.evidence import System
from sendwright.senders.interface import encoding
from sendwright.senders.interface.encoding import encoded
from sendwright.senders.sender import SendFailed
from sendwright.senders.smtp.sender import LARGE


async def test_a_message_goes_with_the_line_ends_of_mail() -> None:
    content = await encoded(outgoing(text="a\nb"), system=System.GMAIL, values={})
    assert content.startswith(b"Date: ")
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("size", [10, LARGE + 1])
async def test_only_a_large_message_is_encoded_aside(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    aside: list[OutgoingMessage] = []
    to_thread = asyncio.to_thread

    async def watched(work: object, message: OutgoingMessage, *rest: object) -> bytes:
        aside.append(message)
        assert callable(work)
        found = await to_thread(work, message, *rest)
        assert isinstance(found, bytes)
        return found

    monkeypatch.setattr(encoding.asyncio, "to_thread", watched)
    message = outgoing(text="x" * size)
    assert b"x" * 60 in await encoded(message, system=System.GMAIL, values={}) or size == 10
    assert aside == ([message] if size > LARGE else [])


@pytest.mark.parametrize("system", [System.GMAIL, System.GRAPH])
@pytest.mark.parametrize(
    ("field", "stage"), [("sender_address", "sender"), ("reply_to", "sender"), ("recipient", "submit")]
)
@pytest.mark.parametrize("size", [10, LARGE + 1])
async def test_whose_address_cannot_be_used_is_told(system: System, field: str, stage: str, size: int) -> None:
    message = outgoing(text="x" * size, **{field: "a@example.org\r\nBcc: eve@example.com"})
    with pytest.raises(SendFailed) as caught:
        await encoded(message, system=system, values={"host": "mail.example.org"})
    evidence = caught.value.evidence
    assert (evidence.system, evidence.stage, evidence.condition) == (system, stage, "address-not-sendable")
    assert evidence.values["host"] == "mail.example.org"
    assert evidence.values["reason"]
    assert not evidence.perhaps_sent
