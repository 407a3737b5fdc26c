"""The server's side of AUTH: PLAIN, LOGIN, CRAM-MD5 and XOAUTH2 (RFC 4954, 4616, 2195)."""

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Mapping

from tests.servers.smtp_record import SignIn

CHALLENGE = b"<1896.697170952@mail.example.org>"
REFUSED_TOKEN = b'{"status":"400","schemes":"Bearer","scope":"https://mail.example.org/"}'

# Sends a 334 with these bytes and gives the decoded answer.
Ask = Callable[[bytes], Awaitable[bytes]]


class BadAnswerError(ValueError):
    """The client's answer is no base64, or not what the mechanism asks for, or it gave up with `*`."""


def decode(line: bytes) -> bytes:
    """Decode one line of an AUTH dialogue; `=` stands for an empty one."""
    if line == b"=":
        return b""
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise BadAnswerError("not base64") from error


async def sign_in(mechanism: str, initial: bytes | None, *, ask: Ask, encrypted: bool) -> SignIn:
    """Lead one attempt to its end; raises BadAnswerError, or KeyError for a mechanism unknown here."""
    username, secret, challenge = await EXCHANGES[mechanism](initial, ask)
    return SignIn(
        mechanism=mechanism,
        username=username.decode(errors="replace"),
        secret=secret.decode(errors="replace"),
        challenge=challenge,
        encrypted=encrypted,
    )


def is_right(attempt: SignIn, *, accounts: Mapping[str, str]) -> bool:
    """Whether user name and secret fit; everybody is welcome where there are no accounts."""
    if not accounts:
        return True
    expected = accounts.get(attempt.username)
    if expected is None:
        return False
    if attempt.mechanism == "CRAM-MD5":
        expected = hmac.new(expected.encode(), attempt.challenge, "md5").hexdigest()
    return hmac.compare_digest(expected.encode(), attempt.secret.encode())


Exchange = Callable[[bytes | None, Ask], Awaitable[tuple[bytes, bytes, bytes]]]


async def _plain(initial: bytes | None, ask: Ask) -> tuple[bytes, bytes, bytes]:
    answer = await ask(b"") if initial is None else initial
    try:
        _, username, secret = answer.split(b"\0")
    except ValueError as error:
        raise BadAnswerError("not three fields") from error
    return username, secret, b""


async def _login(initial: bytes | None, ask: Ask) -> tuple[bytes, bytes, bytes]:
    username = await ask(b"Username:") if initial is None else initial
    return username, await ask(b"Password:"), b""


async def _cram_md5(_initial: bytes | None, ask: Ask) -> tuple[bytes, bytes, bytes]:
    username, _, digest = (await ask(CHALLENGE)).rpartition(b" ")
    return username, digest, CHALLENGE


async def _xoauth2(initial: bytes | None, ask: Ask) -> tuple[bytes, bytes, bytes]:
    answer = await ask(b"") if initial is None else initial
    fields = dict(part.split(b"=", 1) for part in answer.split(b"\1") if b"=" in part)
    if not fields.keys() >= {b"user", b"auth"}:
        raise BadAnswerError("no user or no token")
    return fields[b"user"], fields[b"auth"].removeprefix(b"Bearer "), b""


EXCHANGES: Mapping[str, Exchange] = {
    "PLAIN": _plain,
    "LOGIN": _login,
    "CRAM-MD5": _cram_md5,
    "XOAUTH2": _xoauth2,
}
