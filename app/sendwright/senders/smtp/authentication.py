"""Signs in: one mechanism, one attempt (RFC 4954)."""

import base64
import binascii
from collections.abc import Sequence

import msgspec
from aiosmtplib import SMTPAuthenticationError, SMTPResponse
from aiosmtplib.auth import auth_crammd5_verify, auth_login_encode, auth_plain_encode, auth_xoauth2_encode

from sendwright.recording.redactor import Redactor
from sendwright.secret import Secret
from sendwright.senders.smtp.wire import Wire

PASSWORD_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""Most wanted first: under TLS plain ones are safe, and CRAM-MD5 makes a server keep clear passwords."""

TOKEN_MECHANISMS = ("XOAUTH2",)
CONTINUE = 334


class Outcome(msgspec.Struct, frozen=True):
    """How the attempt ended.

    refusal: what an OAuth server says about a refused token: `oauth_status`, `oauth_schemes`, `oauth_scope`.
    """

    response: SMTPResponse
    refusal: dict[str, str] = {}


def choose(offered: Sequence[str], *, token: bool) -> str | None:
    """Return the mechanism for a password, or for an OAuth token; None where the server has none of ours."""
    ours = TOKEN_MECHANISMS if token else PASSWORD_MECHANISMS
    return next((mechanism for mechanism in ours if mechanism in offered), None)


class Attempt:
    """One attempt to sign in; what it sends is known to `redactor` before it leaves."""

    def __init__(self, wire: Wire, *, username: str, secret: Secret, redactor: Redactor) -> None:
        self._wire = wire
        self._username = username.encode("utf-8", "surrogatepass")
        self._secret = secret
        self._redactor = redactor

    async def run(self, mechanism: str) -> Outcome:
        """Sign in with `mechanism`, one of ours. A reply other than 235 is no sign-in."""
        match mechanism:
            case "PLAIN":
                return Outcome(await self._plain())
            case "LOGIN":
                return Outcome(await self._login())
            case "CRAM-MD5":
                return Outcome(await self._cram_md5())
            case _:
                return await self._xoauth2()

    async def _plain(self) -> SMTPResponse:
        """RFC 4616; a server that does not take the answer along with AUTH asks for it."""
        answer = self._learned(auth_plain_encode(self._username, self._revealed()))
        response = await self._wire.command(b"AUTH", b"PLAIN", answer)
        return await self._wire.command(answer) if response.code == CONTINUE else response

    async def _login(self) -> SMTPResponse:
        """Give user name and password when asked: not every server takes one along with AUTH."""
        username, password = auth_login_encode(self._username, self._revealed())
        self._learned(password)
        response = await self._wire.command(b"AUTH", b"LOGIN")
        for answer in (username, password):
            if response.code != CONTINUE:
                break
            response = await self._wire.command(answer)
        return response

    async def _cram_md5(self) -> SMTPResponse:
        """RFC 2195."""
        response = await self._wire.command(b"AUTH", b"CRAM-MD5")
        if response.code != CONTINUE:
            return response
        try:
            answer = auth_crammd5_verify(self._username, self._revealed(), response.message)
        except SMTPAuthenticationError:  # the challenge is no base64: decline it (RFC 4954 section 4)
            return await self._wire.command(b"*")
        return await self._wire.command(self._learned(answer))

    async def _xoauth2(self) -> Outcome:
        """Google's and Microsoft's way: a challenge explains a refusal and wants an empty line."""
        answer = self._learned(auth_xoauth2_encode(self._username, self._revealed()))
        response = await self._wire.command(b"AUTH", b"XOAUTH2", answer)
        if response.code != CONTINUE:
            return Outcome(response)
        return Outcome(await self._wire.command(b""), _refusal(response.message))

    def _revealed(self) -> bytes:
        return self._secret.reveal().encode("utf-8", "surrogatepass")

    def _learned(self, sent: bytes) -> bytes:
        self._redactor.learn(secret=self._secret.reveal(), sent=sent)
        return sent


def _refusal(challenge: str) -> dict[str, str]:
    try:
        fields = msgspec.json.decode(base64.b64decode(challenge), type=dict[str, object])
    except (binascii.Error, ValueError):
        return {}
    return {f"oauth_{name}": str(fields[name]) for name in ("status", "schemes", "scope") if name in fields}
