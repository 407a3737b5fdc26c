"""What is said about a diagnosis file: a sentence for each refusal, a name for each part."""

import pytest
from tests.unit.diagnosis_file.made import contents, diagnosis, packed

from sendwright.diagnosis_file import FileRefused, Refusal, SecretFound
from sendwright.diagnosis_file.wording import told_entry, told_refusal, told_subject
from sendwright.texts import LANGUAGES, speaking


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(Refusal))
def test_every_refusal_has_a_sentence(code: Refusal, language: str) -> None:
    with speaking(language):
        words = told_refusal(FileRefused(code))
    assert words.endswith((".", "?"))
    assert len(words) > 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", ["plain", "split", "coded"])
@pytest.mark.parametrize("entry", ["archive", "events.jsonl", "diagnosis.jsonl"])
def test_a_secret_that_was_found_is_told_by_its_place_and_form(entry: str, form: str, language: str) -> None:
    with speaking(language):
        words = told_refusal(SecretFound(entry=entry, form=form))
        assert told_entry(entry) in words
    assert "{" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_has_a_name(language: str) -> None:
    names = [*contents(packed(diagnosis())), "archive"]
    with speaking(language):
        assert all(told_entry(name) != name for name in names)
        assert len({told_entry(name) for name in names}) == len(names)
        assert told_entry("weather.jsonl") == "weather.jsonl"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ({"host": "a.example.org", "port": 465, "security": "tls"}, "a.example.org, port 465, encrypted from the"),
        ({"host": "::1", "port": 587, "security": "starttls"}, "[::1], port 587, switching to encryption"),
        ({"host": "a.example.org", "port": 25, "security": "smtp.subject"}, "a.example.org, port 25, smtp.subject"),
        ({"host": "a.example.org", "port": 25}, "a.example.org, port 25"),
        ({"kind": "domain", "domain": "example.org"}, "Domain: example.org"),
        ({"kind": "wizard", "purpose": "set-up"}, "Setup in the wizard"),
        ({"kind": "gmail", "provider": "gmail", "sender": "person-1@example.org"}, "Gmail: person-1@example.org"),
        ({"kind": "from-the-future", "host": "a.example.org"}, "from-the-future: a.example.org"),
        ({"kind": ""}, ""),
        ({"host": "{x}", "port": "{y}", "security": "{z}"}, "{x}, port {y}, {z}"),
        ({}, ""),
    ],
)
def test_what_was_looked_at_is_told_as_far_as_it_is_known(subject: dict[str, str | int], said: str) -> None:
    with speaking("en"):
        told = told_subject(subject)
    assert told.startswith(said)
    assert bool(told) == bool(said)
