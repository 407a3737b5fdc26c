"""Services that take one token as user name and password: it is sent twice and stands nowhere in clear."""

import msgspec
import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import script

from sendwright.secret import Secret
from sendwright.senders.smtp.settings import HIDDEN, Security, SmtpSettings

TOKEN = Secret("canary-3f6c-token")
TYPED = SmtpSettings(host="smtp.example.org", port=587, security=Security.STARTTLS, username=TOKEN.reveal())


def test_a_user_name_that_is_the_password_is_hidden_in_the_settings() -> None:
    hidden = TYPED.hiding(TOKEN)
    assert (hidden.username, hidden.token_twice) == (HIDDEN, True)
    assert TOKEN.reveal() not in msgspec.json.encode(hidden).decode() + repr(hidden)
    assert hidden.hiding(TOKEN) == hidden


@pytest.mark.parametrize("secret", [None, Secret("another"), Secret("")])
def test_any_other_user_name_stays(secret: Secret | None) -> None:
    assert TYPED.hiding(secret) == TYPED


def test_the_server_is_told_the_token_and_else_the_name() -> None:
    assert TYPED.hiding(TOKEN).login(TOKEN) == TOKEN.reveal()
    assert TYPED.login(Secret("another")) == TYPED.username
    assert msgspec.structs.replace(TYPED, username=None).login(TOKEN) is None


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
async def test_the_token_signs_in_twice(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, mechanism: str
) -> None:
    accounts = {TOKEN.reveal(): TOKEN.reveal()}
    server = scripted_smtp(script(certificates.good, mechanisms=(mechanism,), accounts=accounts))
    walking = walk(server.port, username=HIDDEN, token_twice=True)
    walking.password = TOKEN
    await walking.until("sign-in")
    assert len(server.record.sign_ins) == 1
    assert TOKEN.reveal() not in str(walking.facts)


async def test_a_refusal_shows_the_stand_in(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, auth=b"535 5.7.8 no"))
    walking = walk(server.port, username=HIDDEN, token_twice=True)
    walking.password = TOKEN
    evidence = await walking.fails_at("sign-in")
    assert evidence.values["username"] == HIDDEN
