"""Keys become words."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sendwright import texts
from sendwright.errors import TextMissing

VARIABLES = ("SENDWRIGHT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of our own in three languages, and an environment that names none."""
    contents = {
        "en/a.toml": 'plain = "Hello"\nfilled = "Hello {name}"\n'
        'perhaps = {none = "no things", other = "other {count}"}\n'
        'many = {one = "{count} thing", other = "{count} things"}\n'
        'list = ["First {x}", "Second"]\n[deep.down]\nhere = "There"\n',
        "fr/a.toml": 'plain = "Bonjour"\nmany = {one = "{count} chose", other = "{count} choses"}\n',
        "nl/a.toml": 'plain = "Hallo"\n',
    }
    for name, content in contents.items():
        file = tmp_path / "texts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    monkeypatch.setattr("sendwright.texts.resources.path", lambda name: tmp_path / name)
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    texts._load.cache_clear()


@pytest.fixture(autouse=True)
def _fresh() -> object:
    yield
    texts._load.cache_clear()


@pytest.mark.usefixtures("words")
def test_a_key_is_file_and_path() -> None:
    assert texts.text("a.plain") == "Hello"
    assert texts.text("a.deep.down.here") == "There"


def test_a_text_is_found_without_reading_the_files_of_others(words: None, tmp_path: Path) -> None:
    (tmp_path / "texts" / "en" / "b.toml").write_text("this is no TOML", encoding="utf-8")
    assert texts.text("a.plain") == "Hello"
    with pytest.raises(ValueError, match="Expected"):
        texts.catalogue("en")


@pytest.mark.usefixtures("words")
def test_values_are_filled_in() -> None:
    assert texts.text("a.filled", name="Anna {braces}") == "Hello Anna {braces}"


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("key", ["a.none", "b.plain", "a", "", "a.list", "a.deep"])
def test_a_key_without_words_is_an_error(key: str) -> None:
    with pytest.raises(TextMissing):
        texts.text(key)


@pytest.mark.usefixtures("words")
def test_a_missing_value_is_an_error_that_names_key_and_value() -> None:
    with pytest.raises(TextMissing, match=r"a\.filled.*name"):
        texts.text("a.filled")


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("language", "count", "words_expected"),
    [
        ("en", 0, "0 things"),
        ("en", 1, "1 thing"),
        ("en", 2, "2 things"),
        ("fr", 0, "0 chose"),
        ("fr", 1, "1 chose"),
        ("fr", 2, "2 choses"),
        ("en", "1", "1 thing"),
        ("en", "12", "12 things"),
    ],
)
def test_the_count_chooses_the_form(language: str, count: int | str, words_expected: str) -> None:
    with texts.speaking(language):
        assert texts.text("a.many", count=count) == words_expected


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(("count", "expected"), [(0, "no things"), ("0", "no things"), (1, "other 1"), (3, "other 3")])
def test_nought_may_have_words_of_its_own(count: int | str, expected: str) -> None:
    assert texts.text("a.perhaps", count=count) == expected


@pytest.mark.usefixtures("words")
def test_a_list_is_filled_line_by_line_and_a_missing_one_is_empty() -> None:
    assert texts.lines("a.list", x=1) == ("First 1", "Second")
    assert texts.lines("a.nothing") == ()
    with pytest.raises(TextMissing):
        texts.lines("a.plain")


@pytest.mark.usefixtures("words")
def test_what_is_not_translated_yet_is_said_in_english() -> None:
    with texts.speaking("nl"):
        assert texts.text("a.plain") == "Hallo"
        assert texts.text("a.filled", name="Anna") == "Hello Anna"


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "nl_NL"}, "nl"),
        ({"LC_ALL": "nl_NL", "SENDWRIGHT_LANGUAGE": "fr"}, "fr"),
    ],
)
def test_the_environment_chooses_the_language(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert texts.language() == expected


@pytest.mark.usefixtures("words")
def test_a_chosen_language_holds_for_its_block() -> None:
    with texts.speaking("fr"):
        assert texts.text("a.plain") == "Bonjour"
        with texts.speaking("nl"):
            assert texts.language() == "nl"
        assert texts.language() == "fr"
    assert texts.language() == "en"


@pytest.mark.usefixtures("words")
def test_has_tells_whether_there_are_words() -> None:
    assert texts.has("a.list")
    assert not texts.has("a.none")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_of_the_program_can_be_loaded(language: str) -> None:
    catalogue = texts.catalogue(language)
    assert all(isinstance(words, str | list | dict) for words in catalogue.values())


@pytest.fixture(
    params=[("UTC", "2026-11-20 23:30"), ("CET-1CEST", "2026-11-21 00:30"), ("EST5EDT", "2026-11-20 18:30")]
)
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where this computer stands, and what its clock shows there."""
    zone, shown = request.param
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield shown
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes no time zone from the environment")
def test_a_moment_is_told_as_the_clock_of_this_computer_shows_it(place: str) -> None:
    assert texts.here(datetime(2026, 11, 20, 23, 30, 59, tzinfo=UTC)) == place
