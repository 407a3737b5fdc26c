"""What lies on the way: firewalls, proxies, portals and inspected encryption have names, whatever codes come along."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Problem, Retry, Side
from sendwright.texts import LANGUAGES, speaking

OWNERS = {
    "port-blocked": "network-admin",
    "starttls-stripped": "network-admin",
    "banner-rewritten": "network-admin",
    "tls-inspected": "network-admin",
    "captive-portal": "you",
    "portal-or-filter-page": "network-admin",
    "proxy-authentication-required": "network-admin",
    "proxy-unreachable": "network-admin",
    "proxy-refused-tunnel": "network-admin",
    "dns-hijacked": "network-admin",
    "clock-wrong": "you",
}
LATER = {"proxy-unreachable"}

ERRNOS = ["ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ENETUNREACH", "EHOSTUNREACH", "EACCES", "EPERM"]
PLACES = [
    ("port-blocked", System.SOCKET, "connect"),
    ("starttls-stripped", System.SMTP, "secure"),
    ("banner-rewritten", System.SMTP, "greet"),
    ("tls-inspected", System.TLS, "secure"),
    ("captive-portal", System.HTTP, "connect"),
    ("portal-or-filter-page", System.HTTP, "submit"),
    ("proxy-authentication-required", System.HTTP, "connect"),
    ("proxy-unreachable", System.SOCKET, "connect"),
    ("proxy-refused-tunnel", System.HTTP, "connect"),
    ("dns-hijacked", System.DNS, "resolve"),
    ("clock-wrong", System.TLS, "secure"),
]

FOLDER = Path(__file__).parents[2] / "explanations"
ANSWERS = tomllib.loads((FOLDER / "network.toml").read_text(encoding="utf-8"))["answer"]


def seen(condition: str | None, system: System, stage: str = "connect", **codes: str | int) -> Problem:
    return classify(Evidence(stage=stage, system=system, condition=condition, **codes))  # type: ignore[arg-type]  # its fields


def test_every_cause_that_the_wall_map_observes_is_told() -> None:
    assert {code for code, *_ in PLACES} == set(OWNERS)
    assert set(OWNERS) <= set(load().definitions)


@pytest.mark.parametrize(("condition", "system", "stage"), PLACES)
def test_an_observation_has_its_own_name_and_owner(condition: str, system: System, stage: str) -> None:
    problem = seen(condition, system, stage)
    assert (problem.code, problem.owner, problem.side) == (condition, OWNERS[condition], Side.OURS)
    assert problem.retry is (Retry.LATER if condition in LATER else Retry.AFTER_FIX)


@pytest.mark.parametrize("condition", sorted(OWNERS))
@pytest.mark.parametrize("system", [System.SOCKET, System.DNS, System.TLS, System.SMTP, System.HTTP])
def test_an_observation_keeps_its_name_on_whatever_system_it_was_made(condition: str, system: System) -> None:
    assert seen(condition, system).code == condition


@pytest.mark.parametrize("errno", ERRNOS)
@pytest.mark.parametrize("condition", ["port-blocked", "proxy-unreachable"])
def test_the_error_of_the_socket_does_not_hide_what_was_observed(condition: str, errno: str) -> None:
    assert seen(condition, System.SOCKET, errno=errno).code == condition
    assert seen(None, System.SOCKET, errno=errno).code != condition


@pytest.mark.parametrize("verify", [2, 18, 19, 20, 21, 27, 62])
def test_the_code_of_the_certificate_does_not_hide_an_inspection(verify: int) -> None:
    assert seen("tls-inspected", System.TLS, "secure", verify=verify).code == "tls-inspected"
    assert seen(None, System.TLS, "secure", verify=verify).code.startswith("tls-certificate-")


@pytest.mark.parametrize("reply", [220, 250, 421, 500, 502, 554])
@pytest.mark.parametrize("condition", ["banner-rewritten", "starttls-stripped"])
def test_the_reply_of_the_server_does_not_hide_who_rewrote_it(condition: str, reply: int) -> None:
    assert seen(condition, System.SMTP, "greet", reply=reply).code == condition


@pytest.mark.parametrize(
    ("condition", "http", "code", "retry"),
    [
        (None, 407, "proxy-authentication-required", "after-fix"),
        ("proxy-refused-tunnel", 407, "proxy-authentication-required", "after-fix"),
        ("proxy-refused", 407, "proxy-authentication-required", "after-fix"),
        (None, 511, "captive-portal", "after-fix"),
        ("captive-portal", 302, "captive-portal", "after-fix"),
        ("captive-portal", 200, "captive-portal", "after-fix"),
        ("proxy-refused-tunnel", 403, "proxy-refused-tunnel", "after-fix"),
        ("proxy-refused-tunnel", 405, "proxy-refused-tunnel", "after-fix"),
        ("proxy-refused", 403, "proxy-refused-tunnel", "after-fix"),
        ("proxy-refused-tunnel", 502, "proxy-refused-tunnel", "later"),
        ("proxy-refused-tunnel", 503, "proxy-refused-tunnel", "later"),
        ("proxy-refused", 504, "proxy-refused-tunnel", "later"),
        ("portal-or-filter-page", 200, "portal-or-filter-page", "after-fix"),
    ],
)
def test_the_status_says_what_a_proxy_or_portal_wants(condition: str | None, http: int, code: str, retry: str) -> None:
    problem = seen(condition, System.HTTP, http=http)
    assert (problem.code, problem.retry) == (code, retry)


@pytest.mark.parametrize("http", [301, 400, 401, 403, 404, 500, 502, 503, 504])
def test_a_status_alone_is_never_blamed_on_a_proxy(http: int) -> None:
    assert seen(None, System.HTTP, http=http).code == "unrecognised"


@given(st.integers(100, 599), st.sampled_from(["", "proxy", "captive portal", "Access Denied", "Web filter"]))
def test_words_never_make_a_proxy_of_a_server(http: int, text: str) -> None:
    code = seen(None, System.HTTP, http=http, text=text).code
    assert code == {407: "proxy-authentication-required", 511: "captive-portal"}.get(http, "unrecognised")


def test_another_port_or_encryption_from_the_first_moment_is_offered() -> None:
    labels = {code: [remedy.label for remedy in load().definitions[code].remedies] for code in OWNERS}
    assert "remedies.other-port" in labels["port-blocked"]
    assert "remedies.use-tls" in labels["starttls-stripped"]
    assert "remedies.add-authority" in labels["tls-inspected"]
    proposed = [remedy.proposal for remedy in load().definitions["starttls-stripped"].remedies if remedy.proposal]
    assert proposed == ["tls"]


def test_the_command_that_shows_it_names_host_and_port() -> None:
    values = {"host": "smtp.example.org", "port": "587"}
    evidence = Evidence(stage="connect", system=System.SOCKET, condition="port-blocked", values=values)
    assert explain(classify(evidence)).verify.command == "curl -v telnet://smtp.example.org:587"
    hostile = {"host": "x; rm -rf ~", "port": "587"}
    evidence = Evidence(stage="connect", system=System.SOCKET, condition="port-blocked", values=hostile)
    assert "rm -rf" not in explain(classify(evidence)).verify.command


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(set(OWNERS) - {"clock-wrong"}))
def test_every_cause_is_told_with_its_reasons_where_only_the_host_is_known(code: str, language: str) -> None:
    evidence = Evidence(
        stage="connect", system=System.HTTP, condition=code, values={"host": "smtp.example.org", "port": "25"}
    )
    with speaking(language):
        explanation = explain(classify(evidence))
    assert len(explanation.why) >= 2
    assert not any("…" in line for line in (explanation.title, explanation.what, *explanation.why))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer['code']}: {answer['text'][:30]!r}")
def test_an_answer_of_the_sample_set_expects_what_the_dictionary_says(answer: dict[str, str]) -> None:
    definition = load().definitions[answer["code"]]
    assert (answer["owner"], answer["retry"]) == (definition.owner, definition.retry)
    assert OWNERS.get(answer["code"], definition.owner) == answer["owner"]
    assert answer["source"].strip()
    assert [other["text"] for other in ANSWERS].count(answer["text"]) == 1
