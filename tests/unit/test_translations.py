"""Every language says the same as English, in words and marks of its own."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright import resources
from sendwright.providers.catalogue import PROVIDERS
from sendwright.providers.custom_smtp.search_steps import SOURCES
from sendwright.texts import LANGUAGES, catalogue, lines, placeholders, speaking, text
from sendwright.wizard.activate import IN_FORCE, STORE

ENGLISH = "en"
OTHERS = tuple(language for language in LANGUAGES if language != ENGLISH)
NO_BREAK = "\N{NO-BREAK SPACE}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
QUOTES = {"en": "“”", "fr": "«»", "nl": "“”"}

EVERYWHERE = {
    "custom_smtp.address.placeholder",
    "custom_smtp.host.placeholder",
    "doctor.gmail.subject",
    "doctor.microsoft.subject",
    "gmail.key.account-placeholder",
    "gmail.shown.placeholder",
    "gmail.way.address-placeholder",
    "kinds.incident",
    "kinds.test",
    "microsoft365.shown.placeholder",
    "microsoft365.way.address-placeholder",
    "platform.code.placeholder",
    "providers.microsoft365.name",
    "rail.test",
    "sender.address-placeholder",
    "window.title",
    "diagnosis_file.environment.proxy",
    "diagnosis_file.environment.python",
    "diagnosis_file.environment.qt",
    "diagnosis_file.kinds.gmail",
    "diagnosis_file.kinds.microsoft365",
    "wall.speech.https",
}
"""Texts that are the same in every language: names, examples, and words that all three share."""
ALIKE = {
    "fr": {
        "cli.arguments",
        "cli.options",
        "custom_smtp.port.label",
        "custom_smtp.proposal.starttls",
        "custom_smtp.proposal.tls",
        "diagnosis_file.subject.port",
        "doctor.smtp.path",
        "doctor.smtp.subject",
        "done.organisation",
        "done.version",
        "message.test.organisation",
        "microsoft365.connected.application",
        "microsoft365.connected.tenant",
        "microsoft365.guide.kind-application",
        "microsoft365.handover.fact-application",
        "replay.fact.port",
        "service.path",
        "wall.port",
    },
    "nl": {
        "custom_smtp.host.label",
        "diagnosis_file.environment.machine",
        "diagnosis_file.subject.host",
        "explain.about.server",
        "gmail.connected.account",
        "gmail.handover.fact-application",
        "microsoft365.clouds.china",
        "microsoft365.connected.account",
        "microsoft365.connected.token",
        "rail.plan",
        "replay.fact.host",
        "wall.verdicts.open",
    },
}
"""Texts that happen to be written as in English."""

PORTAL_LABELS = {
    "microsoft365.certificate.application",
    "microsoft365.handover.fact-client-id",
    "microsoft365.registration.client-id",
    "microsoft365.registration.tenant",
}
"""Labels that read as Microsoft's own pages have them in that language, with brackets where English has none."""

ENGLISH_WORDS = re.compile(
    r"(?<![\w-])(the|and|with|your|this|cannot|which|they|from|has|have|been|does)(?![\w-])", re.IGNORECASE
)
LITERAL = re.compile(
    r"`[^`]+`|sendwright [a-z]+|--[a-z]+(?:-[a-z]+)*|\b[a-z]+(?:_[a-z]+)+\b|[a-z0-9]+://[^ ,\"]*"
    r"|[A-Z][A-Za-z]* PowerShell|\b[A-Z][A-Z0-9]{2,}\b|\b\d{2,}\b|\b[a-z]+\.(?:org|com)\b"
)
"""What is no language's own: commands, options, keys of files, addresses, acronyms, numbers."""


def strings(words: object) -> list[str]:
    """The single strings of a text: one, the lines of a list, or the plural forms."""
    if isinstance(words, dict):
        return [str(words[form]) for form in sorted(words)]
    return [str(line) for line in words] if isinstance(words, list) else [str(words)]


def pairs(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, English string and string of `language`, string by string."""
    english, other = catalogue(ENGLISH), catalogue(language)
    for key in english:
        for one, same in zip(strings(english[key]), strings(other[key]), strict=True):
            yield key, one, same


def all_strings(language: str) -> Iterator[tuple[str, str]]:
    """Yield every string of `language` with its key."""
    for key, words in catalogue(language).items():
        for line in strings(words):
            yield key, line


def wordless(line: str) -> bool:
    """Tell whether nothing but placeholders, numbers and units stands in `line`."""
    return not re.search(r"[^\W\d_]{2,}", re.sub(r"\{\w+\}( ms)?", "", line))


def areas(language: str) -> set[str]:
    """The files of `language`."""
    return {file.name for file in resources.path(f"texts/{language}").rglob("*.toml")}


def test_there_are_words_to_look_at() -> None:
    assert OTHERS == ("fr", "nl")
    assert all(len(catalogue(language)) > 500 for language in LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_files_and_keys_of_english(language: str) -> None:
    assert areas(language) == areas(ENGLISH)
    assert set(catalogue(language)) == set(catalogue(ENGLISH))


@pytest.mark.parametrize("language", OTHERS)
def test_lists_are_as_long_and_plurals_have_the_forms_of_english(language: str) -> None:
    english, other = catalogue(ENGLISH), catalogue(language)
    for key, words in english.items():
        assert type(other[key]) is type(words), key
        if isinstance(words, list):
            assert len(strings(other[key])) == len(words), key
        if isinstance(words, dict):
            forms = other[key]
            assert isinstance(forms, dict)
            assert {"one", "other"} <= set(words) == set(forms), key


@pytest.mark.parametrize("language", OTHERS)
def test_each_string_wants_the_values_of_english(language: str) -> None:
    def wanted(line: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)\}", line))

    assert [key for key, one, same in pairs(language) if wanted(one) != wanted(same)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_only_what_may_is_written_as_in_english(language: str) -> None:
    alike = {key for key, one, same in pairs(language) if one == same and not wordless(one)}
    assert alike == EVERYWHERE | ALIKE[language]


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_word_is_left(language: str) -> None:
    found = {key: line for key, line in all_strings(language) if ENGLISH_WORDS.search(re.sub(r'"[^"]*"', "", line))}
    assert found == {}


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_no_language_s_own_stays(language: str) -> None:
    lost = {
        key: missing
        for key, one, same in pairs(language)
        if (missing := {literal for literal in LITERAL.findall(one) if literal not in same})
    }
    assert lost == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_shouted_and_nothing_is_blank(language: str) -> None:
    silent = "window.state.waiting"
    for key, line in all_strings(language):
        assert "!" not in line, key
        assert line.strip() or key == silent, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_blanks_are_single_and_inside(language: str) -> None:
    asks_in_the_same_line = "doctor.password.ask"
    for key, line in all_strings(language):
        assert not re.search(r"\s\s", line), key
        assert "\t" not in line, key
        assert line == line.strip() or key == asks_in_the_same_line, key


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_begins_and_ends_as_in_english(language: str) -> None:
    for key, one, same in pairs(language):
        marks = (".", "?", "…", ":", ")", '"')
        ends = {line: next((mark for mark in marks if line.rstrip().endswith(mark)), "") for line in (one, same)}
        assert ends[one] == ends[same] or key in PORTAL_LABELS, key
        if one[:1].isalpha() and same[:1].isalpha():
            assert one[0].isupper() == same[0].isupper() or key.startswith("message.months"), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_the_language_s_own_and_close(language: str) -> None:
    opening, closing = QUOTES[language]
    foreign = set("“”„«»") - {opening, closing}
    for key, line in all_strings(language):
        assert not foreign & set(line), key
        bare = re.sub(f"{opening}[^{opening}{closing}]+{closing}", "", line)
        assert opening not in bare, key
        assert closing not in bare, key


@pytest.mark.parametrize("language", OTHERS)
def test_straight_marks_stand_only_where_they_are_typed(language: str) -> None:
    for key, one, same in pairs(language):
        assert "'" not in same, key
        assert same.count('"') == one.count('"'), key


def test_english_has_straight_apostrophes() -> None:
    assert [key for key, line in all_strings(ENGLISH) if APOSTROPHE in line] == []


def test_french_keeps_tall_marks_with_their_word() -> None:
    for key, line in all_strings("fr"):
        assert not re.search(r" [:;?»]|« ", line), key
        assert not re.search(rf"[^\s{NO_BREAK}][;?»]|[^\s{NO_BREAK}]:( |$)|«[^{NO_BREAK}]", line), key
        assert not re.search(r"\} m?s$", line), key


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "fr"])
def test_only_french_has_no_break_spaces(language: str) -> None:
    assert [key for key, line in all_strings(language) if NO_BREAK in line] == []
    assert [key for key, line in all_strings(language) if re.search(r"\w [:;?]", line)] == []


def test_french_words_do_not_depend_on_what_is_filled_in() -> None:
    assert [
        key for key, line in all_strings("fr") if re.search(rf"({APOSTROPHE}|\b[Dd]u |\b[Aa]u |\bdes )\{{", line)
    ] == []


@pytest.mark.parametrize(
    ("language", "familiar"), [("fr", r"\b(tu|ton|ta|tes|toi)\b"), ("nl", r"\b(je|jij|jou|jouw|jullie)\b")]
)
def test_the_reader_is_addressed_politely(language: str, familiar: str) -> None:
    assert [key for key, line in all_strings(language) if re.search(familiar, line, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_that_a_page_shows_has_words(language: str) -> None:
    stages = {STORE, IN_FORCE, *SOURCES, *(stage for known in PROVIDERS for stage in known.stages)}
    with speaking(language):
        assert all(text(f"stages.{stage}.{part}") for stage in stages for part in ("label", "detail"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_steps_fit_their_column_in_the_terminal(language: str) -> None:
    smtp = ("resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit")
    with speaking(language):
        assert [stage for stage in smtp if len(text(f"stages.{stage}.label")) > 24] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_begin_with_different_letters(language: str) -> None:
    """The terminal looks at the first letter of an answer."""
    with speaking(language):
        assert text("terminal.yes")[0] != text("terminal.no")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_has_twelve_different_months(language: str) -> None:
    with speaking(language):
        assert len(set(lines("message.months"))) == 12


@given(language=st.sampled_from(LANGUAGES), value=st.text(min_size=1), place=st.integers(min_value=0))
def test_any_value_can_be_filled_into_any_text(language: str, value: str, place: int) -> None:
    with speaking(language):
        wanting = sorted(key for key, words in catalogue(language).items() if isinstance(words, str | dict))
        key = wanting[place % len(wanting)]
        names = placeholders(key)
        words = text(key, **(dict.fromkeys(names, value) | {"count": 1}))
    assert all(value in words for name in names if name != "count")
