"""An application that the organisation registered itself is for its own administrator to mend."""

import msgspec
import pytest

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Owner, Side
from sendwright.texts import LANGUAGES, speaking, text

OF_THE_REGISTRATION = {
    "application-permissions-misregistered",
    "redirect-uri-mismatch",
    "application-client-type-wrong",
    "application-audience-wrong",
    "client-secret-wrong",
    "client-secret-expired",
    "client-certificate-refused",
    "client-credential-unreadable",
    "application-credentials-refused",
    "wrong-cloud",
}
OF_THE_CLIENT = {
    "google-not-a-test-user",
    "google-redirect-not-registered",
    "google-client-unknown",
    "google-client-removed",
    "google-app-not-let-in",
    "google-scope-refused",
    "gmail-interface-off",
    "gmail-project-unusable",
    "gmail-project-quota",
}
OF_THE_PROGRAM = {
    "sign-in-request-malformed",
    "sign-in-encryption-outdated",
    "sign-in-loop-detected",
    "scope-invalid",
    "client-assertion-out-of-time",
    "sign-in-service-not-recognised",
}


def seen(number: int, **values: str) -> Evidence:
    return Evidence(stage="sign-in", system=System.ENTRA, number=number, values=values)


def test_what_lies_in_the_registration_changes_hands() -> None:
    changed = {definition.code for definition in load().definitions.values() if definition.for_own is not None}
    assert changed == OF_THE_REGISTRATION | OF_THE_CLIENT
    for code in changed:
        google = code in OF_THE_CLIENT
        assert load().definitions[code].owner is Owner.PLATFORM_VENDOR
        expected = Owner.GOOGLE_WORKSPACE_ADMIN if google else Owner.MICROSOFT_365_ADMIN
        assert load().definitions[code].for_own is expected


@pytest.mark.parametrize("code", sorted(OF_THE_PROGRAM))
def test_what_the_program_does_wrong_does_not(code: str) -> None:
    definition = load().definitions[code]
    assert (definition.owner, definition.for_own) == (Owner.PLATFORM_VENDOR, None)


@pytest.mark.parametrize("number", [50011, 7000215, 7000218, 7000222, 700027, 50194, 650057, 90038])
def test_the_registration_decides_who_acts(number: int) -> None:
    platform, own = classify(seen(number)), classify(seen(number, registration="own"))
    assert platform.owner is Owner.PLATFORM_VENDOR
    assert own.owner is Owner.MICROSOFT_365_ADMIN
    assert (own.code, own.side, own.retry) == (platform.code, Side.OURS, platform.retry)
    assert own.remedies == platform.remedies


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(stage="sign-in", system=System.GOOGLE, error="invalid_client", http=401),
        Evidence(stage="sign-in", system=System.GOOGLE, error="redirect_uri_mismatch", http=400),
        Evidence(stage="submit", system=System.GMAIL, reason="accessNotConfigured", http=403),
        Evidence(stage="submit", system=System.GMAIL, reason="dailyLimitExceeded", http=403),
    ],
    ids=lambda evidence: evidence.code,
)
def test_a_client_at_google_is_for_whoever_made_it(evidence: Evidence) -> None:
    own = msgspec.structs.replace(evidence, values={"registration": "own"})
    assert classify(evidence).owner is Owner.PLATFORM_VENDOR
    assert classify(own).owner is Owner.GOOGLE_WORKSPACE_ADMIN
    assert classify(own).code == classify(evidence).code


@pytest.mark.parametrize("value", ["", "platform", "OWN", "owned"])
def test_any_other_word_changes_nothing(value: str) -> None:
    assert classify(seen(7000215, registration=value)).owner is Owner.PLATFORM_VENDOR


def test_a_rule_that_names_somebody_is_stronger() -> None:
    assert classify(seen(90130, registration="own")).owner is Owner.PLATFORM_VENDOR


@pytest.mark.parametrize("number", [50105, 90094, 7000112, 65001])
def test_others_stay_who_they_are(number: int) -> None:
    assert classify(seen(number, registration="own")).owner is classify(seen(number)).owner


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(OF_THE_REGISTRATION))
def test_the_words_do_not_send_anybody_to_the_platform_alone(code: str, language: str) -> None:
    with speaking(language):
        assert text(f"problems.{code}.title")
        assert text(f"owners.{Owner.MICROSOFT_365_ADMIN}.who")
