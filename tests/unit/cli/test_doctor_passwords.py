"""A password comes from a file, a variable, standard input or a question, and from nowhere else."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from sendwright.cli.passwords import PasswordSource, PasswordUnavailable
from sendwright.secret import Secret
from sendwright.texts import speaking

SECRET = "wax-Falke-42%&"


class _AtTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


def _asks(answer: str) -> Callable[[str], str]:
    return lambda _: answer


@pytest.mark.parametrize("written", [SECRET, f"{SECRET}\n", f"{SECRET}\r\n", f"{SECRET}\nand more\n"])
def test_the_first_line_of_a_file_is_the_password(tmp_path: Path, written: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(written.encode())
    assert PasswordSource(file=str(file)).read(may_ask=False) == Secret(SECRET)


def test_blanks_belong_to_the_password(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("  two words \n")
    assert PasswordSource(file=str(file)).read(may_ask=False) == Secret("  two words ")


def test_a_dash_is_standard_input() -> None:
    source = PasswordSource(file="-", standard_input=io.StringIO(f"{SECRET}\n"))
    assert source.read(may_ask=False) == Secret(SECRET)


def test_a_variable_is_read_from_the_environment() -> None:
    assert PasswordSource(variable="P", environment={"P": SECRET}).read(may_ask=False) == Secret(SECRET)


def test_at_a_terminal_it_is_asked_for() -> None:
    source = PasswordSource(standard_input=_AtTerminal(), ask=_asks(SECRET))
    assert source.read(may_ask=True) == Secret(SECRET)


@pytest.mark.parametrize(
    ("source", "may_ask", "said"),
    [
        (PasswordSource(standard_input=_AtTerminal(), ask=_asks(SECRET)), False, "--password-file"),
        (PasswordSource(standard_input=io.StringIO(SECRET), ask=_asks(SECRET)), True, "--password-file"),
        (PasswordSource(standard_input=_AtTerminal(), ask=_asks("")), True, "empty"),
        (PasswordSource(variable="P", environment={}), True, "P is not set"),
        (PasswordSource(variable="P", environment={"P": ""}), True, "P is not set"),
        (PasswordSource(file="/nowhere/password"), True, "/nowhere/password"),
        (PasswordSource(file="-", standard_input=io.StringIO("")), True, "empty"),
        (PasswordSource(file="-", standard_input=io.StringIO("\n")), True, "empty"),
    ],
)
def test_otherwise_it_says_what_is_missing(source: PasswordSource, may_ask: bool, said: str) -> None:
    with pytest.raises(PasswordUnavailable, match=said):
        source.read(may_ask=may_ask)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PasswordUnavailable):
        PasswordSource(file=str(file)).read(may_ask=False)


@pytest.mark.parametrize("name", ["/dev/zero", "~no-such-person/password", "\0", "", "/"])
def test_a_place_that_holds_no_password_is_refused(name: str) -> None:
    with pytest.raises(PasswordUnavailable, match="cannot be read"):
        PasswordSource(file=name).read(may_ask=False)


@pytest.mark.parametrize("password", ["x" * 1025, "half\0other", "half\rother"])
def test_what_no_server_can_be_told_is_no_password(tmp_path: Path, password: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(password.encode())
    for source in (PasswordSource(file=str(file)), PasswordSource(variable="P", environment={"P": password})):
        with pytest.raises(PasswordUnavailable, match="too long, or has a line break"):
            source.read(may_ask=False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_windows_puts_before_a_text_is_no_part_of_the_password(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "password"
    file.write_bytes(f"{SECRET}\r\n".encode(encoding))
    assert PasswordSource(file=str(file)).read(may_ask=False) == Secret(SECRET)


def test_nor_is_it_on_standard_input() -> None:
    source = PasswordSource(file="-", standard_input=io.StringIO(f"\ufeff{SECRET}\n"))
    assert source.read(may_ask=False) == Secret(SECRET)


def test_bytes_on_standard_input_that_are_no_text_are_refused() -> None:
    source = PasswordSource(file="-", standard_input=io.TextIOWrapper(io.BytesIO(b"\xff\xfe\xff\n"), "utf-8"))
    with pytest.raises(PasswordUnavailable, match="cannot be read"):
        source.read(may_ask=False)


def test_the_end_of_input_is_no_password() -> None:
    def ask(_: str) -> str:
        raise EOFError

    with pytest.raises(PasswordUnavailable, match="empty"):
        PasswordSource(standard_input=_AtTerminal(), ask=ask).read(may_ask=True)


def test_a_refused_file_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"canary\xff")
    with pytest.raises(PasswordUnavailable) as caught:
        PasswordSource(file=str(file)).read(may_ask=False)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert "canary" not in f"{seen!r} {vars(seen)} {getattr(seen, 'object', '')!r}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
