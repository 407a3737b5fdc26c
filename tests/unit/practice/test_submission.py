"""What simulated SMTP servers have alike."""

import asyncio
import base64
import contextlib
import ssl
from types import SimpleNamespace
from typing import Any

import aiosmtplib
import pytest
from aiosmtpd.smtp import MISSING

from sendwright.practice.submission import LONGEST_LINE, SmtpListener, SmtpProtocol, xoauth2

SAID = b"user=anna@example.org\x01auth=Bearer a-token\x01\x01"


def server(answer: object = MISSING) -> Any:  # noqa: ANN401 - stands in for aiosmtpd's
    async def challenge_auth(words: str, *, encode_to_b64: bool) -> object:
        assert (words, encode_to_b64) == ("", False)
        return answer

    return SimpleNamespace(challenge_auth=challenge_auth)


@pytest.mark.parametrize(
    "args", [["XOAUTH2", base64.b64encode(SAID).decode("ascii")], ["XOAUTH2"]], ids=["along", "asked"]
)
async def test_user_and_token_are_read_at_once_or_after_a_question(args: list[str]) -> None:
    assert await xoauth2(server(SAID), args) == ("anna@example.org", "a-token")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"user=anna@example.org",
        b"user=\x01auth=Bearer a-token\x01\x01",
        b"user=anna@example.org\x01auth=Bearer \x01\x01",
        b"user=anna@example.org\x01auth=Basic a-token\x01\x01",
        SAID + b"more",
    ],
)
async def test_anything_else_is_no_sign_in(said: bytes) -> None:
    assert await xoauth2(server(), ["XOAUTH2", base64.b64encode(said).decode("ascii")]) is None
    assert await xoauth2(server(said), ["XOAUTH2"]) is None


@pytest.mark.parametrize("letters", ["no base64", "====", "é"])
async def test_what_cannot_be_decoded_is_no_sign_in(letters: str) -> None:
    assert await xoauth2(server(), ["XOAUTH2", letters]) is None
    assert await xoauth2(server(), ["XOAUTH2"]) is None


class Handler:
    """Takes every sign-in, and keeps what was said."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str] | None] = []

    async def auth_XOAUTH2(self, asked: Any, args: list[str]) -> Any:  # noqa: ANN401, N802 - aiosmtpd's
        self.said.append(await xoauth2(asked, args))
        return MISSING


async def test_a_token_as_long_as_google_s_and_microsoft_s_fits_into_a_line() -> None:
    handler, listener = Handler(), SmtpListener()
    port = await listener.listen(lambda: SmtpProtocol(handler, auth_require_tls=False))
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, use_tls=False)
    await client.connect()
    await client.ehlo()
    token = "x" * 20_000
    assert len(token) < LONGEST_LINE
    await client.execute_command(
        b"AUTH", b"XOAUTH2", base64.b64encode(f"user=a\x01auth=Bearer {token}\x01\x01".encode())
    )
    assert handler.said == [("a", token)]
    client.close()
    await listener.stop()


async def test_what_is_stopped_ends_who_is_connected_and_stops_twice_as_well() -> None:
    listener = SmtpListener()
    port = await listener.listen(lambda: SmtpProtocol(Handler()))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert (await reader.readline()).startswith(b"220 ")
    await listener.stop()
    with contextlib.suppress(ConnectionError):  # it may be reset, or end
        assert await reader.read() == b""
    writer.close()
    with pytest.raises(OSError, match=str(port)):
        await asyncio.open_connection("127.0.0.1", port)
    await listener.stop()


async def test_a_port_with_tls_from_the_start_says_nothing_in_clear() -> None:
    listener = SmtpListener()
    port = await listener.listen(lambda: SmtpProtocol(Handler()), context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"EHLO client\r\n")
    answer = await asyncio.wait_for(reader.read(100), timeout=30)
    assert b"220" not in answer
    writer.close()
    await listener.stop()
