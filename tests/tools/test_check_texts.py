import check_texts
import pytest
from tests.tools.conftest import Checkout

START = """
[screen]
title = "Welcome to {platform}"
lead = "A few questions."
"""
CODE = 'text("start.screen.title", platform="x")\ntext("start.screen.lead")\n'


def findings(checkout: Checkout, contents: dict[str, str]) -> list[str]:
    return list(check_texts.findings(checkout(contents)))


def project(code: str = CODE, start: str = START, **more: str) -> dict[str, str]:
    return {"app/a.py": code, "resources/texts/en/start.toml": start, **more}


def test_words_that_are_all_used_are_well(checkout: Checkout) -> None:
    assert findings(checkout, project()) == []


def test_a_key_without_words_is_named_with_its_place(checkout: Checkout) -> None:
    found = findings(checkout, project(CODE + 'text("start.screen.titel")\n'))
    assert found == ["a.py:3: no text start.screen.titel"]


def test_words_that_nothing_uses_are_named(checkout: Checkout) -> None:
    found = findings(checkout, project(start=START + 'old = "Gone."\n'))
    assert found == ["nothing uses the text start.screen.old"]


def test_a_placeholder_that_the_call_leaves_open_is_named(checkout: Checkout) -> None:
    found = findings(checkout, project('text("start.screen.title")\ntext("start.screen.lead")\n'))
    assert found == ["a.py:1: start.screen.title wants platform"]


def test_values_that_are_passed_on_are_not_second_guessed(checkout: Checkout) -> None:
    code = 'text("start.screen.title", **values)\ntext("start.screen.lead", **values)\n'
    assert findings(checkout, project(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        'text(f"start.screen.{name}", **values)',
        'text(f"start.{area}.{name}", **values)',
        'key = "start.screen"\ntext(f"{key}.title", **values)',
        'Form(title="start.screen.title", lead="start.screen.lead")',
    ],
)
def test_keys_are_found_however_they_are_spelled(checkout: Checkout, code: str) -> None:
    assert findings(checkout, project(code)) == []


def test_a_pattern_that_fits_no_key_is_named(checkout: Checkout) -> None:
    found = findings(checkout, project(CODE + 'text(f"start.page.{name}")\n'))
    assert found == ["a.py:3: no text start.page.*"]


@pytest.mark.parametrize("literal", ["start.toml", "start.example.org", "Start. Again", "start", "stop.here"])
def test_strings_that_only_look_like_keys_are_left_alone(checkout: Checkout, literal: str) -> None:
    assert findings(checkout, project(CODE + f'open("{literal}")\n')) == []


def test_keys_in_data_count_as_used_and_must_exist(checkout: Checkout) -> None:
    data = {"resources/problems/smtp.toml": 'label = "start.screen.lead"\n[[more]]\nlabel = "start.screen.none"\n'}
    code = 'text("start.screen.title", platform="x")\n'
    assert findings(checkout, project(code) | data) == ["smtp.toml: no text start.screen.none"]


def test_a_label_needs_words_even_where_its_file_is_missing(checkout: Checkout) -> None:
    data = {"resources/problems/smtp.toml": 'remedies = [{kind = "copy", label = "remedies.none"}]\n'}
    assert findings(checkout, project() | data) == ["smtp.toml: no text remedies.none"]


def test_a_text_that_is_asked_for_needs_words_even_where_its_file_is_missing(checkout: Checkout) -> None:
    found = findings(checkout, project(CODE + 'lines("nowhere.words")\n'))
    assert found == ["a.py:3: no text nowhere.words"]


def test_a_key_that_ends_like_a_file_name_is_a_key_where_it_is_asked_for(checkout: Checkout) -> None:
    words = {"resources/texts/en/cli.toml": 'json = "As JSON."\n'}
    assert findings(checkout, project(CODE + 'text("cli.json")\n') | words) == []


def test_a_family_of_texts_may_want_different_values(checkout: Checkout) -> None:
    assert findings(checkout, project('text(f"start.screen.{name}", count=1)\n')) == []


def test_every_problem_needs_title_what_and_why(checkout: Checkout) -> None:
    words = {"resources/texts/en/problems.toml": '[greylisted]\ntitle = "A"\nwhat = "B"\nwhy = ["C"]\n'}
    data = {"resources/problems/smtp.toml": '[[problem]]\ncode = "greylisted"\n[[problem]]\ncode = "busy"\n'}
    assert findings(checkout, project() | data | words) == [
        f"smtp.toml: no text problems.busy.{part}" for part in ("title", "what", "why")
    ]


def test_words_of_a_problem_that_does_not_exist_are_named(checkout: Checkout) -> None:
    words = {"resources/texts/en/problems.toml": '[gone]\ntitle = "A"\n'}
    assert findings(checkout, project() | words) == ["nothing uses the text problems.gone.title"]


def french(start: str) -> dict[str, str]:
    return project() | {"resources/texts/fr/start.toml": start}


def test_a_language_like_english_is_well(checkout: Checkout) -> None:
    start = '[screen]\ntitle = "Bienvenue chez {platform}"\nlead = "Quelques questions."\n'
    assert findings(checkout, french(start)) == []


@pytest.mark.parametrize(
    ("start", "finding"),
    [
        ('[screen]\ntitle = "Chez {platform}"\n', "fr: start.screen.lead is missing"),
        (
            '[screen]\ntitle = "Chez {platform}"\nlead = "A"\nmore = "B"\n',
            "fr: start.screen.more is not in English",
        ),
        (
            '[screen]\ntitle = "Chez {plateforme}"\nlead = "A"\n',
            "fr: start.screen.title has other placeholders than English (platform)",
        ),
        (
            '[screen]\ntitle = "Chez {platform}"\nlead = ["A"]\n',
            "fr: start.screen.lead is another kind of text than in English",
        ),
    ],
)
def test_a_language_that_differs_is_named(checkout: Checkout, start: str, finding: str) -> None:
    assert findings(checkout, french(start)) == [finding]


def test_a_language_that_nobody_has_begun_is_no_fault(checkout: Checkout) -> None:
    root = checkout(project())
    (root / "resources/texts/nl").mkdir()
    assert list(check_texts.findings(root)) == []


def test_plural_forms_are_one_text(checkout: Checkout) -> None:
    start = '[left]\none = "{count} message"\nother = "{count} messages"\n'
    assert findings(checkout, project('text("start.left", count=2)\n', start)) == []
    assert check_texts.placeholders({"one": "one", "other": "{count} of {all}"}) == {"count", "all"}


def test_lists_are_searched_for_placeholders() -> None:
    assert check_texts.placeholders(["{host}", "port {port:>4}", "{a.b} {c[0]}"]) == {
        "host",
        "port",
        "a",
        "c",
    }


def test_braces_that_do_not_match_are_an_error() -> None:
    with pytest.raises(ValueError, match="expected '}'"):
        check_texts.placeholders("{host")
