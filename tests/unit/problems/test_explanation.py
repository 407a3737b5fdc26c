"""A problem is put into words, whatever is missing and whoever named it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.problems.test_classify import evidences

from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import UNKNOWN, Explanation, RemedyText, explain
from sendwright.problems.problem import Confidence, Owner, Problem, Remedy, RemedyKind, Retry
from sendwright.texts import LANGUAGES, has, placeholders, speaking

TENANT = "SmtpClientAuthentication is disabled for the Tenant"


def _problem(code: str, *remedies: Remedy, **values: str) -> Problem:
    return Problem(
        code=code,
        owner=Owner.YOU,
        retry=Retry.NOW,
        confidence=Confidence.CERTAIN,
        evidence=Evidence(stage="sign-in", system=System.SMTP),
        remedies=remedies,
        values=values,
    )


def _tenant(username: str | None) -> Explanation:
    values = {} if username is None else {"username": username}
    seen = Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.139", text=TENANT, values=values)
    return explain(classify(seen))


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@pytest.mark.parametrize("code", sorted(load().definitions))
def test_every_problem_reads_well_without_any_value(code: str) -> None:
    explanation = explain(_problem(code))
    assert explanation.title
    assert explanation.why
    for sentence in (explanation.title, explanation.what, *explanation.why):
        assert "{" not in sentence
        assert sentence[0] == UNKNOWN or sentence[0].isupper(), sentence
        assert "the the" not in sentence.lower()
        assert "!" not in sentence


def test_a_value_stands_where_it_is_known() -> None:
    assert "mail.example.org" in explain(_problem("connection-refused", host="mail.example.org", port="25")).what


def test_neutral_words_begin_a_sentence_with_a_capital_and_names_do_not() -> None:
    assert explain(_problem("recipient-unknown")).what.startswith("The server says")
    assert explain(_problem("recipient-unknown", host="mail.example.org")).what.startswith("mail.example.org says")


def test_an_empty_value_is_as_good_as_none() -> None:
    assert explain(_problem("recipient-unknown", host="")).what.startswith("The server")


def test_braces_in_a_value_are_just_braces() -> None:
    what = explain(_problem("recipient-unknown", host="{port}", recipient="{0}")).what
    assert what.startswith("{port} says that {0}")


def test_a_problem_of_a_newer_version_is_told_in_the_words_of_the_unknown() -> None:
    explanation = explain(_problem("a-problem-of-tomorrow"))
    assert explanation.code == "a-problem-of-tomorrow"
    assert explanation.title == explain(_problem("unrecognised")).title


def test_a_remedy_without_words_is_left_out() -> None:
    assert explain(_problem("unrecognised", Remedy(kind=RemedyKind.RETRY, label="remedies.of-tomorrow"))).remedies == ()


def test_the_command_for_the_administrator_is_exact() -> None:
    values = [remedy.value for remedy in _tenant("anna@contoso.com").remedies if remedy.kind == "copy"]
    assert values == [
        "Set-CASMailbox -Identity 'anna@contoso.com' -SmtpClientAuthenticationDisabled $false",
        "Set-TransportConfig -SmtpClientAuthenticationDisabled $false",
    ]


@pytest.mark.parametrize(
    "username", [None, "", "x'; Remove-Mailbox -Identity *; '", "a b", "$(x)", "a\nb", "“x”", "-e", "@x", "+x"]
)
def test_nothing_but_an_address_gets_into_a_command(username: str | None) -> None:
    command = next(remedy.value for remedy in _tenant(username).remedies if remedy.kind == "copy")
    assert command == f"Set-CASMailbox -Identity '{UNKNOWN}' -SmtpClientAuthenticationDisabled $false"


def test_a_value_in_an_address_is_quoted() -> None:
    remedy = Remedy(kind=RemedyKind.OPEN, label="remedies.try-again", value="https://example.org/?u={username}")
    (told,) = explain(_problem("unrecognised", remedy, username="a&b=\ud800/..")).remedies
    assert told.value == "https://example.org/?u=a%26b%3D%3F%2F.."


@pytest.mark.parametrize("kind", [RemedyKind.OPEN, RemedyKind.COPY])
def test_a_link_of_which_a_part_is_not_known_is_not_offered(kind: RemedyKind) -> None:
    remedy = Remedy(kind=kind, label="remedies.try-again", value="https://example.org/?u={username}")
    assert explain(_problem("unrecognised", remedy)).remedies == ()
    assert explain(_problem("unrecognised", remedy, username="x")).remedies[0].value == "https://example.org/?u=x"


def test_a_command_of_which_a_part_is_not_known_shows_where_it_is_missing() -> None:
    remedy = Remedy(kind=RemedyKind.COPY, label="remedies.try-again", value="Get-Mailbox '{username}'")
    assert explain(_problem("unrecognised", remedy)).remedies[0].value == f"Get-Mailbox '{UNKNOWN}'"


@pytest.mark.parametrize(("values", "shown"), [({}, "any"), ({"username": ""}, "any"), ({"username": "x"}, "x")])
def test_a_value_may_have_a_usual_one(values: dict[str, str], shown: str) -> None:
    remedy = Remedy(kind=RemedyKind.OPEN, label="remedies.try-again", value="https://example.org/{username|any}/")
    assert explain(_problem("unrecognised", remedy, **values)).remedies[0].value == f"https://example.org/{shown}/"


def test_what_cannot_stand_in_a_link_makes_no_usual_one() -> None:
    remedy = Remedy(kind=RemedyKind.COPY, label="remedies.try-again", value="https://example.org/{username|any}/")
    assert explain(_problem("unrecognised", remedy, username="x y")).remedies == ()


def test_a_change_names_the_field_and_what_to_put_there() -> None:
    seen = Evidence(stage="greet", system=System.SMTP, condition="wrong-security-mode", values={"security": "starttls"})
    first = explain(classify(seen)).remedies[0]
    assert first == RemedyText("change", "Use the other kind of encryption", "security", "tls")


def test_a_change_without_a_known_value_proposes_nothing() -> None:
    seen = Evidence(stage="greet", system=System.SMTP, condition="wrong-security-mode")
    assert explain(classify(seen)).remedies[0].proposal == ""


def test_a_certificate_for_other_names_proposes_one_of_them() -> None:
    seen = Evidence(stage="secure", system=System.TLS, verify=62, values={"names": "*.x.example, mail.example.net"})
    assert explain(classify(seen)).remedies[0].proposal == "mail.example.net"


def test_a_wait_is_always_a_number_of_seconds() -> None:
    remedy = Remedy(kind=RemedyKind.WAIT, label="remedies.wait", value="{wait_s}")
    assert explain(_problem("unrecognised", remedy)).remedies[0].value == "300"
    assert explain(_problem("unrecognised", remedy, wait_s="42")).remedies[0].value == "42"


def test_the_enhanced_code_is_told_once() -> None:
    seen = Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8", text="5.7.8 Error: no")
    source = explain(classify(seen)).source
    assert (source.code, source.text) == ("535 5.7.8", "Error: no")


def test_braces_that_are_no_placeholder_stay_in_a_value() -> None:
    remedy = Remedy(kind=RemedyKind.COPY, label="remedies.try-again", value="a {b c} {} {username}")
    assert explain(_problem("unrecognised", remedy, username="x")).remedies[0].value == "a {b c} {} x"


@given(evidences)
def test_no_failure_is_without_words(evidence: Evidence) -> None:
    explanation = explain(classify(evidence))
    assert explanation.title
    assert explanation.what


problems = st.builds(
    Problem,
    code=st.text() | st.sampled_from(sorted(load().definitions)),
    owner=st.sampled_from(Owner),
    retry=st.sampled_from(Retry),
    confidence=st.sampled_from(Confidence),
    evidence=evidences,
    remedies=st.tuples(
        st.builds(
            Remedy,
            kind=st.sampled_from(RemedyKind),
            label=st.text() | st.sampled_from(["remedies.wait", "remedies.try-again"]),
            value=st.text(),
            proposal=st.text(),
        )
    ),
    values=st.dictionaries(st.text(), st.text()),
    learn_more=st.text(),
)


@given(problems)
def test_no_problem_however_odd_breaks_the_words(problem: Problem) -> None:
    assert explain(problem).code == problem.code


def test_the_fields_are_those_of_the_interface() -> None:
    written = msgspec.to_builtins(
        explain(_problem("unrecognised", Remedy(kind=RemedyKind.RETRY, label="remedies.try-again")))
    )
    assert list(written) == [
        "code", "title", "what", "why", "owner", "retry", "confidence", "remedies", "source", "learn_more",
        "finality", "side", "standing", "verify", "fact", "stage",
    ]  # fmt: skip
    assert set(written["remedies"][0]) >= {"kind", "label", "value"}
    assert set(written["source"]) == {"system", "code", "text"}


def _request(evidence: Evidence) -> str:
    first = explain(classify(evidence)).remedies[0]
    assert (first.kind, first.label) == ("copy", "Pass this on")
    return first.value


def test_who_cannot_act_gets_a_request_to_pass_on() -> None:
    seen = Evidence(stage="secure", system=System.TLS, verify=10, values={"host": "mail.example.org"})
    assert _request(seen).startswith("The certificate of mail.example.org has expired")
    assert _request(Evidence(stage="secure", system=System.TLS, verify=10)).startswith("The certificate of the server")


def test_a_request_quotes_code_and_words_on_one_line() -> None:
    seen = Evidence(stage="submit", system=System.SMTP, reply=554, enhanced="5.7.1", text="5.7.1 Not\n today.")
    assert "“554 5.7.1 Not today”." in _request(seen)
    assert "“550 5.7.23 SPF”" in _request(msgspec.structs.replace(seen, reply=550, enhanced="5.7.23", text="SPF"))


def test_a_long_answer_is_quoted_in_part_and_our_own_name_not_at_all() -> None:
    seen = Evidence(stage="submit", system=System.SMTP, reply=554, enhanced="5.7.1", text="x" * 2000)
    assert f"“554 5.7.1 {'x' * 289}…”" in _request(seen)
    named = Evidence(stage="secure", system=System.TLS, condition="tls-certificate-refused")
    assert "“…”" in _request(named)


REQUESTED = {"host", "username", "sender", "said", "not_after", "service_account", "principal"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_request_reads_well_without_and_with_values(language: str) -> None:
    with speaking(language):
        for entry in load().definitions.values():
            for key in (remedy.value for remedy in entry.remedies if remedy.value.startswith("handover.")):
                assert has(key), key
                assert placeholders(key) <= REQUESTED, key
