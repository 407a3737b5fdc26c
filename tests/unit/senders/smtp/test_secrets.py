"""Canaries: no password, token or what they were sent as comes out anywhere, whatever the server repeats."""

import base64
import logging
import traceback

import msgspec
import pytest
from tests.servers.accounts import ANNA
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Answer, Drop, Say
from tests.unit.senders.smtp.conftest import StartWalk
from tests.unit.senders.smtp.walking import Walk, script

from sendwright.secret import Secret
from sendwright.senders.sender import SendFailed

PASSWORD = "canary-Zaunkönig-7%&"
PLAIN = base64.b64encode(f"\0{ANNA.address}\0{PASSWORD}".encode()).decode()
LOGIN = base64.b64encode(PASSWORD.encode()).decode()
BEARER = base64.b64encode(f"user={ANNA.address}\1auth=Bearer {PASSWORD}\1\1".encode()).decode()
FORMS = (PASSWORD, PLAIN, LOGIN, BEARER, PASSWORD.upper(), PLAIN.upper(), PLAIN[:30], LOGIN[4:20])

ECHOES = [
    "535 5.7.8 I did not like AUTH PLAIN {plain}",
    "535 5.7.8 {user}:{password} is wrong",
    "535-5.7.8 You said\r\n535 5.7.8 {login} and {plain_upper}",
    "501 5.5.2 Cannot decode {plain_cut}…",
    "535 5.7.8 token {bearer} of {password_upper}",
]
"""What servers are known to repeat, and a bit more."""


def echo(template: str) -> bytes:
    return template.format(
        user=ANNA.address,
        password=PASSWORD,
        plain=PLAIN,
        login=LOGIN,
        bearer=BEARER,
        plain_upper=PLAIN.upper(),
        plain_cut=PLAIN[:30],
        password_upper=PASSWORD.upper(),
    ).encode()


def everything(failure: SendFailed) -> str:
    """All that a log, a report or a debugger could print of a failure, causes and contexts included."""
    parts = [repr(failure), str(failure), msgspec.json.encode(failure.evidence).decode()]
    parts += traceback.format_exception(failure)
    seen: BaseException | None = failure
    while seen is not None:
        parts += [repr(seen), str(vars(seen)), str(seen.args)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(parts)


async def failure_of(walking: Walk, stage: str) -> SendFailed:
    await walking.before(stage)
    with pytest.raises(SendFailed) as caught:
        await walking.until(stage)
    return caught.value


def assert_clean(text: str) -> None:
    assert not [form for form in FORMS if form.casefold() in text.casefold()]


@pytest.mark.parametrize("template", ECHOES)
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
async def test_a_server_that_repeats_credentials_is_not_quoted(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    template: str,
    mechanism: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server = scripted_smtp(script(certificates.good, mechanisms=(mechanism,), auth=echo(template)))
    walking = walk(server.port)
    walking.password = Secret(PASSWORD)
    failure = await failure_of(walking, "sign-in")
    if mechanism == "PLAIN":
        assert_clean(everything(failure) + caplog.text)
    assert PASSWORD not in everything(failure) + caplog.text
    assert LOGIN not in everything(failure)
    assert failure.evidence.text
    assert failure.evidence.reply in {501, 535}


@pytest.mark.parametrize(("place", "stage"), [("mail", "sender"), ("rcpt", "recipient"), ("end_of_data", "submit")])
@pytest.mark.parametrize("template", ECHOES[:3])
async def test_nor_is_one_that_does_so_later(
    *,
    scripted_smtp: StartSmtp,
    certificates: Certificates,
    walk: StartWalk,
    place: str,
    stage: str,
    template: str,
) -> None:
    server = scripted_smtp(script(certificates.good, **{place: echo(template)}))
    walking = walk(server.port)
    walking.password = Secret(PASSWORD)
    assert_clean(everything(await failure_of(walking, stage)))


@pytest.mark.parametrize(
    "answer",
    [
        Say(f"what is AUTH PLAIN {PLAIN} supposed to be, {PASSWORD}?\r\n".encode()),
        Say(f"777 {PLAIN} {PASSWORD}\r\n".encode()),
        Say(f"334 {LOGIN}\r\n".encode()),
        Drop(f"535 {PLAIN}".encode()),
    ],
)
async def test_nor_what_is_no_reply(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, answer: Answer
) -> None:
    server = scripted_smtp(script(certificates.good, auth=answer, unknown=f"334 {PLAIN}".encode()))
    walking = walk(server.port)
    walking.password = Secret(PASSWORD)
    assert_clean(everything(await failure_of(walking, "sign-in")))


async def test_nor_a_token(scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=("XOAUTH2",), auth=echo(ECHOES[4])))
    walking = walk(server.port)
    await walking.until("secure")
    with pytest.raises(SendFailed) as caught:
        await walking.session.sign_in(Secret(PASSWORD), token=True)
    assert_clean(everything(caught.value))


@pytest.mark.parametrize("mechanisms", [("PLAIN",), ("NTLM",), ()])
async def test_a_token_that_is_user_name_and_password_at_once_is_shown_as_neither(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk, mechanisms: tuple[str, ...]
) -> None:
    server = scripted_smtp(script(certificates.good, mechanisms=mechanisms, auth=b"535 5.7.8 no"))
    walking = walk(server.port, username=PASSWORD)
    walking.password = Secret(PASSWORD)
    failure = await failure_of(walking, "sign-in")
    assert PASSWORD not in everything(failure)
    assert failure.evidence.values["username"] == "[…]"


async def test_facts_do_not_quote_it_either(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    welcome = f"235 2.7.0 Welcome {ANNA.address}:{PASSWORD} {PLAIN}".encode()
    server = scripted_smtp(
        script(certificates.good, auth=welcome, end_of_data=f"250 queued as {PLAIN} {PASSWORD}".encode())
    )
    walking = walk(server.port)
    walking.password = Secret(PASSWORD)
    await walking.until("submit")
    facts = msgspec.json.encode(walking.facts).decode()
    assert_clean(facts)
    assert "Welcome" in facts


async def test_a_password_that_is_no_text_is_sent_without_being_shown(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good, accounts={ANNA.address: "another"}))
    walking = walk(server.port)
    walking.password = Secret("canary-\ud800-lone-surrogate")
    failure = await failure_of(walking, "sign-in")
    assert "canary" not in everything(failure)


async def test_the_session_and_its_parts_do_not_print_it(
    scripted_smtp: StartSmtp, certificates: Certificates, walk: StartWalk
) -> None:
    server = scripted_smtp(script(certificates.good))
    walking = walk(server.port)
    walking.password = Secret(PASSWORD)
    await walking.until("sign-in")
    assert_clean(f"{walking.session!r} {walking.session._witness.redactor!r} {walking.password!r}")
