"""A password that is an ordinary word: the file is written, and the word stands nowhere in it."""

import pytest
from tests.unit.diagnosis_file.made import HOST, NOON, diagnosis, expired, nobody_hidden, stages, wrong_password

from sendwright.diagnosis_file import DiagnosisFile, SecretFound, Shown, holds_ordinary, pack, preview, unpack
from sendwright.diagnosis_file.ordinary import without_ordinary
from sendwright.recording.event import Event, Layer
from sendwright.recording.grammar import STAND_IN
from sendwright.secret import Secret

FILE = diagnosis(
    wrong_password(),
    environment={"system": "Linux 6.1", "locale": "en_US.UTF-8", "python": "3.11.7", "proxy": "none"},
    stages=stages(
        wrong_password(),
        resolve={"addresses": ["192.0.2.1"]},
        greet={"greeting": f"{HOST} ESMTP Postfix"},
        secure={"chain": [{"issuer": "O=Example Trust", "names": ["relay.example.net"]}]},
    ),
    events=(Event(at_ms=1.0, layer=Layer.SMTP, name="heard", text="220 hello"),),
    screens=(Shown(at=NOON, screen={"type": "form", "step": "server", "fields": [{"name": "host", "value": HOST}]}),),
    wall={"ways": [{"place": "outlook"}]},
    sides={"rows": [{"desk_problem": "something"}]},
)

WORDS = (
    *("example", "Example", "mail", "linux", "none", "starttls", "postfix", "outlook", "something", "trust", "berger"),
    *("x7Q!", "UTF-8", "en_US", "3.11.7", "5.7.8", "587"),
    *(HOST, "example.org", "192.0.2.1", "relay.example.net", "anna.berger@contoso.com"),
)


def written(file: DiagnosisFile, word: str) -> DiagnosisFile:
    return unpack(pack(file, secrets=(Secret(word),), pseudonyms=nobody_hidden()))


def foreign(file: DiagnosisFile) -> str:
    """All that others said or that somebody typed, without our own words."""
    seen = [stage.evidence for stage in file.stages]
    said = [(problem.evidence.text, problem.evidence.values, problem.values) for problem in file.problems]
    shown = [shown.screen.get("fields") for shown in file.screens]
    return repr((seen, said, shown, file.environment, file.wall, file.sides, file.subject.get("host"))).casefold()


@pytest.mark.parametrize("word", WORDS)
def test_a_word_does_not_forbid_the_file_and_does_not_stand_in_it(word: str) -> None:
    assert word.casefold() not in foreign(written(FILE, word))


@pytest.mark.parametrize("word", WORDS)
def test_the_preview_shows_what_is_written(word: str) -> None:
    secrets = (Secret(word),)
    left = without_ordinary(FILE, secrets)
    shown = preview(FILE, pseudonyms=nobody_hidden(), secrets=secrets)
    assert shown == preview(left, pseudonyms=nobody_hidden())


def test_the_gap_is_seen_and_the_rest_stays() -> None:
    left = written(FILE, "example")
    assert left.subject == {"kind": "smtp", "host": f"mail.{STAND_IN}.org", "port": 587, "security": "starttls"}
    assert left.environment == FILE.environment
    assert left.problems[0].code == "auth-wrong-credentials"
    assert [stage.verdict for stage in left.stages] == [stage.verdict for stage in FILE.stages]
    assert (left.made_at, left.screens[0].at) == (NOON, NOON)
    assert left.events == FILE.events


def test_our_own_words_stay_although_they_are_somebodys_password() -> None:
    left = written(FILE, "sign-in")
    assert [stage.id for stage in left.stages] == [stage.id for stage in FILE.stages]
    assert written(FILE, "form").screens[0].screen["type"] == "form"
    assert written(FILE, "smtp").subject["kind"] == "smtp"


@pytest.mark.parametrize("secret", ["wax-Falke-42%&", "P@ssw0rd-2026", "a1b2c3d4e5f60718"])
def test_a_strong_secret_is_not_cut_but_forbids_the_file(secret: str) -> None:
    for file in (
        diagnosis(environment={"proxy": secret}),
        diagnosis(sides={"a": f"x {secret}"}),
        diagnosis(stages=stages(sign_in={"mechanism": secret})),
    ):
        with pytest.raises(SecretFound):
            written(file, secret)


@pytest.mark.parametrize("word", ["example", HOST, "1234"])
def test_a_word_that_slipped_into_the_events_forbids_the_file(word: str) -> None:
    slipped = Event(at_ms=1.0, layer=Layer.SMTP, name="heard", text=f"535 {word} is wrong")
    with pytest.raises(SecretFound) as found:
        written(diagnosis(events=(slipped,)), word)
    assert found.value.entry == "events.jsonl"


def test_where_only_that_word_may_stand_the_file_is_refused_and_nothing_breaks() -> None:
    assert written(diagnosis(expired()), "tls").problems[0].code == "tls-certificate-expired"


@pytest.mark.parametrize(
    ("word", "told"), [("example", True), (HOST, True), ("geheim", False), ("wax-Falke-42%&", False)]
)
def test_the_person_can_be_told_that_her_password_is_a_word(word: str, told: bool) -> None:
    assert holds_ordinary(FILE, (Secret(word),)) is told
