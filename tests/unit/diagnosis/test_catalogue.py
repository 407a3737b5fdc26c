"""A profile is diagnosed by its kind of sender, with the credentials that travel beside it."""

import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.diagnosis.walking import RECIPIENT, SENDER, Login, Target, message, network, verdicts

from sendwright.diagnosis.catalogue import diagnose
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.credentials import PASSWORD, TOKEN
from sendwright.senders.unusable import ProfileUnusable

LOGIN = Login()


@pytest.fixture
def server(scripted_smtp: StartSmtp, certificates: Certificates) -> ScriptedSmtp:
    accounts = {LOGIN.username: LOGIN.secret}
    mechanisms = ("PLAIN", "XOAUTH2")
    return scripted_smtp(
        Script(security=Speaks.STARTTLS, certificate=certificates.good, accounts=accounts, mechanisms=mechanisms)
    )


@pytest.fixture
def profile(server: ScriptedSmtp, certificates: Certificates) -> SenderProfile:
    return SenderProfile(
        provider="custom_smtp",
        sender="smtp",
        address=SENDER,
        alias="Notices",
        settings={
            "host": "localhost",
            "port": server.port,
            "security": "starttls",
            "username": LOGIN.username,
            "ca_pem": certificates.ca_file.read_text(),
        },
    )


async def _diagnose(
    profile: SenderProfile, server: ScriptedSmtp, credentials: dict[str, Secret], **rest: object
) -> list[StageResult]:
    way = network(Target(port=server.port))
    return [result async for result in diagnose(profile, credentials, way, **rest)]  # type: ignore[arg-type]  # as each test names them


async def test_a_profile_with_its_password_passes(profile: SenderProfile, server: ScriptedSmtp) -> None:
    results = await _diagnose(profile, server, {PASSWORD: Secret(LOGIN.secret)}, message=message(), recipient=None)
    assert [result.id for result in results] == list(SMTP_STAGES)
    assert {result.verdict for result in results} == {Verdict.PASSED}
    (delivered,) = server.record.messages
    assert delivered.recipients == (RECIPIENT,)


async def test_a_token_signs_in_with_xoauth2(profile: SenderProfile, server: ScriptedSmtp) -> None:
    results = await _diagnose(profile, server, {TOKEN: Secret(LOGIN.secret)}, stop_after="sign-in")
    signed_in = next(result for result in results if result.id == "sign-in")
    assert (signed_in.verdict, signed_in.evidence["mechanism"]) == (Verdict.PASSED, "XOAUTH2")


async def test_without_its_password_the_sign_in_says_so(profile: SenderProfile, server: ScriptedSmtp) -> None:
    results = await _diagnose(profile, server, {})
    failed = next(result for result in results if result.verdict is Verdict.FAILED)
    assert failed.problem is not None
    assert (failed.id, failed.problem.code) == ("sign-in", "password-missing")


async def test_a_recipient_without_a_message_is_named_and_nothing_is_submitted(
    profile: SenderProfile, server: ScriptedSmtp
) -> None:
    results = await _diagnose(profile, server, {PASSWORD: Secret(LOGIN.secret)}, recipient=RECIPIENT)
    assert verdicts(results)["recipient"] is Verdict.PASSED
    assert verdicts(results)["submit"] is Verdict.NOT_REACHED


async def test_without_a_recipient_it_ends_at_the_sender(profile: SenderProfile, server: ScriptedSmtp) -> None:
    results = await _diagnose(profile, server, {PASSWORD: Secret(LOGIN.secret)})
    assert verdicts(results)["sender"] is Verdict.PASSED
    assert verdicts(results)["recipient"] is Verdict.NOT_REACHED


@pytest.mark.parametrize(
    ("sender", "settings", "said"),
    [
        ("pigeon", {}, "pigeon"),
        ("smtp", {"host": "localhost"}, "port"),
        ("smtp", {"host": "localhost", "port": 25, "security": "none"}, "security"),
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_before_anything_is_tried(
    sender: str, settings: dict[str, object], said: str
) -> None:
    profile = SenderProfile(
        provider="x",
        sender=sender,
        address=SENDER,
        alias="",
        settings=settings,  # type: ignore[arg-type]  # settings of no use on purpose
    )
    with pytest.raises(ProfileUnusable, match=said):
        diagnose(profile, {}, network(Target(port=1)))
