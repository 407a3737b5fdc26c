"""The dialogue of each mechanism, line by line."""

import base64
from collections.abc import Sequence
from typing import cast

import pytest
from aiosmtplib import SMTPResponse

from sendwright.recording.redactor import Redactor
from sendwright.secret import Secret
from sendwright.senders.smtp.authentication import Attempt, Outcome
from sendwright.senders.smtp.wire import Wire

USER, PASSWORD = "anna@example.org", "wax-Falke-42%&"
PLAIN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode())
ASKED = SMTPResponse(334, "")
WELCOME = SMTPResponse(235, "2.7.0 Welcome")
REFUSED = SMTPResponse(535, "5.7.8 No")


class Script:
    """Plays the wire: notes what is sent, answers in turn."""

    def __init__(self, *answers: SMTPResponse) -> None:
        self.sent: list[bytes] = []
        self._answers = list(answers)

    async def command(self, *words: bytes) -> SMTPResponse:
        self.sent.append(b" ".join(words))
        return self._answers.pop(0)


async def run(mechanism: str, *answers: SMTPResponse) -> tuple[Outcome, Sequence[bytes]]:
    wire = Script(*answers)
    attempt = Attempt(cast("Wire", wire), username=USER, secret=Secret(PASSWORD), redactor=Redactor())
    outcome = await attempt.run(mechanism)
    assert not wire._answers
    return outcome, wire.sent


async def test_plain_goes_along_with_auth() -> None:
    outcome, sent = await run("PLAIN", WELCOME)
    assert sent == [b"AUTH PLAIN " + PLAIN]
    assert outcome.response == WELCOME


async def test_plain_is_given_when_the_server_asks_for_it() -> None:
    outcome, sent = await run("PLAIN", ASKED, WELCOME)
    assert sent == [b"AUTH PLAIN " + PLAIN, PLAIN]
    assert outcome.response == WELCOME


async def test_login_answers_two_questions() -> None:
    outcome, sent = await run("LOGIN", ASKED, ASKED, WELCOME)
    assert sent == [b"AUTH LOGIN", base64.b64encode(USER.encode()), base64.b64encode(PASSWORD.encode())]
    assert outcome.response == WELCOME


@pytest.mark.parametrize("questions", [0, 1])
async def test_login_keeps_the_password_when_the_server_stops_asking(questions: int) -> None:
    outcome, sent = await run("LOGIN", *[ASKED] * questions, REFUSED)
    assert len(sent) == questions + 1
    assert base64.b64encode(PASSWORD.encode()) not in sent
    assert outcome.response == REFUSED


async def test_cram_md5_answers_the_challenge_without_the_password() -> None:
    challenge = base64.b64encode(b"<1896.697170952@postoffice.example.net>").decode()
    outcome, sent = await run("CRAM-MD5", SMTPResponse(334, challenge), WELCOME)
    user, _, digest = base64.b64decode(sent[1]).partition(b" ")
    assert (user, len(digest)) == (USER.encode(), 32)
    assert outcome.response == WELCOME


async def test_cram_md5_declines_a_challenge_that_is_no_base64() -> None:
    outcome, sent = await run("CRAM-MD5", SMTPResponse(334, "a"), SMTPResponse(501, "5.7.0 declined"))
    assert sent == [b"AUTH CRAM-MD5", b"*"]
    assert outcome.response.code == 501


async def test_cram_md5_ends_where_it_is_not_wanted() -> None:
    _, sent = await run("CRAM-MD5", REFUSED)
    assert sent == [b"AUTH CRAM-MD5"]


async def test_xoauth2_answers_the_explanation_with_an_empty_line() -> None:
    why = base64.b64encode(b'{"status":"401","schemes":"bearer mac","more":[1]}').decode()
    outcome, sent = await run("XOAUTH2", SMTPResponse(334, why), REFUSED)
    assert base64.b64decode(sent[0].split()[2]) == f"user={USER}\1auth=Bearer {PASSWORD}\1\1".encode()
    assert sent[1] == b""
    assert outcome == Outcome(REFUSED, {"oauth_status": "401", "oauth_schemes": "bearer mac"})


async def test_what_google_says_of_a_refused_token_is_understood() -> None:
    why = "eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ=="
    outcome, sent = await run("XOAUTH2", SMTPResponse(334, why), REFUSED)
    told = {"oauth_status": "400", "oauth_schemes": "Bearer", "oauth_scope": "https://mail.google.com/"}
    assert (outcome, sent[1]) == (Outcome(REFUSED, told), b"")


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"])
async def test_what_is_sent_is_known_to_the_redactor_before_it_leaves(mechanism: str) -> None:
    redactor = Redactor()

    class Echo(Script):
        async def command(self, *words: bytes) -> SMTPResponse:
            line = b" ".join(words).decode()
            _, _, secret = line.rpartition(" ")
            if secret not in ("", mechanism) and secret != base64.b64encode(USER.encode()).decode():
                assert redactor.clean(secret) == "[…]"
            return await super().command(*words)

    challenge = SMTPResponse(334, base64.b64encode(b"<1@example.net>").decode())
    wire = Echo(challenge, challenge, REFUSED)
    attempt = Attempt(cast("Wire", wire), username=USER, secret=Secret(PASSWORD), redactor=redactor)
    await attempt.run(mechanism)
    assert PASSWORD not in redactor.clean(f"what was {PASSWORD} again")
