"""The help of every command is in the language in use, argparse's own words included."""

import pytest

from sendwright.cli.local_parser import LocalParser
from sendwright.cli.parsing import COMMANDS, parser
from sendwright.texts import LANGUAGES, speaking, text

ARGPARSE_S_OWN = ("usage:", "positional arguments", "options:", "show this help message", "show program's version")
OWN_WORDS = {
    "en": ("usage: sendwright", "arguments:", "options:"),
    "fr": ("utilisation\N{NO-BREAK SPACE}: sendwright", "arguments:", "options:"),
    "nl": ("gebruik: sendwright", "argumenten:", "opties:"),
}


def help_of(language: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    with speaking(language), pytest.raises(SystemExit) as ended:
        parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_speaks_the_language_in_use(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = help_of(language, (), capsys)
    for words in OWN_WORDS[language]:
        assert words in said
    with speaking(language):
        assert text("cli.show-help") in said
        assert all(" ".join(text(purpose).split()) in " ".join(said.split()) for purpose in COMMANDS.values())


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("words", [*((command,) for command in COMMANDS), ("doctor", "smtp")])
def test_no_command_falls_back_to_argparse_s_english(
    words: tuple[str, ...], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = help_of(language, words, capsys)
    assert said.startswith(f"{OWN_WORDS[language][0]} {' '.join(words)} ")
    left = {english for english in ARGPARSE_S_OWN if english in said}
    assert left <= ({"options:"} if language == "fr" else set())  # the French word is the same


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_words_end_with_the_usage_and_code_2(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with speaking(language), pytest.raises(SystemExit) as ended:
        parser().parse_args(["notify", "--kind", "comment"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(f"{OWN_WORDS[language][0]} notify ")


def test_an_option_is_never_guessed_from_its_beginning() -> None:
    made = LocalParser(prog="x")
    made.add_argument("--password-file")
    commands = made.add_subparsers()
    commands.add_parser("y").add_argument("--token")
    with pytest.raises(SystemExit):
        made.parse_args(["--password", "a"])
    with pytest.raises(SystemExit):
        made.parse_args(["y", "--tok", "a"])
    assert made.parse_args(["y", "--token", "a"]).token == "a"


def test_help_is_asked_for_in_both_usual_ways(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for words in (["-h"], ["--help"]):
        with pytest.raises(SystemExit):
            LocalParser(prog="x", description="Does x.").parse_args(words)
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert "Does x." in said[0]
