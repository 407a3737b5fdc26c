"""Whatever the other layers observe and name has a problem of its own: none of it ends as `unrecognised`."""

import pytest

from sendwright.diagnosis.stage import SMTP_STAGES
from sendwright.network.conditions import NetworkCondition
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.senders.smtp.conditions import SmtpCondition
from sendwright.service.trouble import STATUS

SYSTEMS = {
    "dns": System.DNS,
    "tls": System.TLS,
    "connection": System.SOCKET,
    "network": System.SOCKET,
}


def _system(condition: str) -> System:
    return SYSTEMS.get(condition.partition("-")[0], System.SMTP)


AT_MAIL_SERVERS = [
    (condition.value, stage)
    for condition in (*NetworkCondition, *SmtpCondition)
    for stage in SMTP_STAGES
    if condition != SmtpCondition.ADDRESS_NOT_SENDABLE or stage in {"sender", "recipient"}
]


@pytest.mark.parametrize(("condition", "stage"), AT_MAIL_SERVERS)
def test_every_observation_on_the_way_to_a_mail_server_has_a_name(condition: str, stage: str) -> None:
    assert classify(Evidence(stage=stage, system=_system(condition), condition=condition)).code != "unrecognised"


@pytest.mark.parametrize("condition", list(NetworkCondition))
def test_every_observation_on_the_way_to_the_backend_has_a_name(condition: str) -> None:
    problem = classify(Evidence(stage="backend", system=_system(condition), condition=condition))
    assert problem.code == "backend-unreachable" or problem.code.startswith("tls-")


@pytest.mark.parametrize(("reason", "status"), STATUS.items())
def test_every_trouble_of_the_backend_has_a_name(reason: str, status: int) -> None:
    named = classify(Evidence(stage="backend", system=System.BACKEND, http=status, reason=reason))
    assert named.code != "unrecognised"
    unnamed = classify(Evidence(stage="backend", system=System.BACKEND, http=status, reason="of-tomorrow"))
    assert unnamed.code != "unrecognised"


@pytest.mark.parametrize("condition", ["absent", "locked", "refused", "not-kept"])
def test_every_trouble_of_the_keychain_has_a_name(condition: str) -> None:
    for spelled in (condition, f"keychain-{condition}"):
        seen = Evidence(stage="sign-in", system=System.KEYCHAIN, condition=spelled)
        assert classify(seen).code == f"keychain-{condition}"


@pytest.mark.parametrize(
    "condition",
    [
        "backend-not-started",
        "backend-not-kept-running",
        "backend-not-recognised",
        "backend-version-unsupported",
        "backend-key-unsuitable",
        "connection-dropped",
        "credentials-unreadable",
    ],
)
def test_every_observation_of_the_backends_client_has_a_name(condition: str) -> None:
    seen = Evidence(stage="backend", system=System.BACKEND, condition=condition)
    assert classify(seen).code.startswith("backend-")


def test_the_certificate_of_the_backend_is_the_platforms_business() -> None:
    for verify in (10, 18, 20, 62):
        problem = classify(Evidence(stage="backend", system=System.TLS, verify=verify))
        assert problem.owner == "platform-vendor"
        assert [remedy.kind for remedy in problem.remedies] == ["copy", "retry"]
