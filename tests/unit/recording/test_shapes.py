"""What looks like a secret, and what looks like an id or a word."""

import pytest

from sendwright.recording.shapes import cut_runs, looks_encoded, looks_secret


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("cAnAry0123456789xyz", True),
        ("0123456789abcdef0123456789abcdef", True),
        ("InvalidAuthenticationToken", False),
        ("5e1ca9a2-7c4e-4ca9-9a17-0c0ffee0ca9a", False),
        ("123456789012345678", False),
        ("short1", False),
        ("with spaces and 12345678", False),
        ("", False),
    ],
)
def test_a_secret_is_told_from_words_and_ids(value: str, secret: bool) -> None:
    assert looks_secret(value) is secret


@pytest.mark.parametrize(
    ("run", "encoded"),
    [
        ("dGhpcyBpcyBub3Qga25vd24h", True),
        ("YW5uYTpodW50ZXIyMg==", True),
        ("b913a602c7eda7a495b4e6e7334d3890", False),
        ("08DE1234ABCD5678", False),
        ("authentication", False),
    ],
)
def test_base64_is_told_from_hex_and_words(run: str, encoded: bool) -> None:
    assert looks_encoded(run) is encoded


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5.7.8 bad dGhpcyBpcyBub3Qga25vd24h!", "5.7.8 bad x!"),
        ("YW5uYTpodW50ZXIyMg==", "x"),
        ("[AM0PR04CA0012.eurprd04.prod.outlook.com 08DE1234ABCD5678]", None),
        ("b7345a2f1sm123456166b.12 - gsmtp", None),
        ("https://support.google.com/mail/?p=BadCredentials", None),
    ],
)
def test_in_a_sign_in_long_runs_are_cut_and_ids_stay(said: str, shown: str | None) -> None:
    assert cut_runs(said, "x") == (said if shown is None else shown)
