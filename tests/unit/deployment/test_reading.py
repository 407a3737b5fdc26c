"""How single values of a deployment file are read."""

from pathlib import Path

import pytest

from sendwright.deployment import reading
from sendwright.deployment.colour import READABLE, WHITE, contrast
from sendwright.deployment.reading import Reader, Refused

HERE = Path("/nowhere")


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (reading.words, " a b ", "a b"),
        (reading.words, "", ""),
        (reading.some_words, "a", "a"),
        (reading.switch, True, True),
        (reading.switch, False, False),
        (reading.colour, "#1F5FBF", "#1f5fbf"),
        (reading.colour, "#000000", "#000000"),
        (reading.colour, "#767676", "#767676"),
        (reading.page, "", ""),
        (reading.page, "https://example.org", "https://example.org"),
        (reading.page, "HTTPS://example.org/a?b#c", "HTTPS://example.org/a?b#c"),
        (reading.endpoint, "", ""),
        (reading.endpoint, "https://example.org:8443/base", "https://example.org:8443/base"),
        (reading.endpoint, "http://127.0.0.1:1", "http://127.0.0.1:1"),
        (reading.endpoint, "http://127.8.8.8", "http://127.8.8.8"),
        (reading.endpoint, "http://[::1]:1", "http://[::1]:1"),
        (reading.endpoint, "http://localhost", "http://localhost"),
        (reading.redirect, "http://localhost", "http://localhost"),
        (reading.redirect, "org.example.app:/callback", "org.example.app:/callback"),
        (reading.kind_id, "a", "a"),
        (reading.kind_id, "rights-request-2", "rights-request-2"),
        (reading.one_of(("a", "b")), "b", "b"),
    ],
)
def test_a_value_that_is_fine_is_read(read: Reader, value: object, found: object) -> None:
    assert read(value, HERE) == found


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (reading.words, 1),
        (reading.words, None),
        (reading.words, ["a"]),
        (reading.words, "a\nb"),
        (reading.words, "a\x1b[31mb"),
        (reading.words, "a\u202eb"),
        (reading.some_words, "  "),
        (reading.switch, 1),
        (reading.switch, "true"),
        (reading.secret, ""),
        (reading.secret, 5),
        (reading.mailbox, "notifications@example.org"),
        (reading.mailbox, "A\nB <a@example.org>"),
        (reading.colour, "blue"),
        (reading.colour, "#777777"),
        (reading.colour, "#ffffff"),
        (reading.page, "example.org"),
        (reading.page, "javascript:alert(1)"),
        (reading.page, "https://"),
        (reading.page, "https://user@example.org"),
        (reading.endpoint, "http://example.org"),
        (reading.endpoint, "http://127.0.0.1.example.org"),
        (reading.endpoint, "http://user@127.0.0.1"),
        (reading.endpoint, "http://192.0.2.1"),
        (reading.endpoint, "https://example.org:99999"),
        (reading.endpoint, "https://[::1"),
        (reading.redirect, "callback"),
        (reading.redirect, "http://"),
        (reading.file, "missing.pem"),
        (reading.image, "missing.svg"),
        (reading.kind_id, "Two Words"),
        (reading.kind_id, "-a"),
        (reading.kind_id, "a--b"),
        (reading.one_of(("a", "b")), "c"),
        (reading.one_of(("a", "b")), ""),
    ],
)
def test_a_value_that_is_not_fine_is_refused_with_a_sentence(read: Reader, value: object) -> None:
    with pytest.raises(Refused) as raised:
        read(value, HERE)
    assert raised.value.reason.endswith((".", "would do."))
    assert "{" not in raised.value.reason


def test_a_pale_accent_is_refused_with_one_that_would_do() -> None:
    with pytest.raises(Refused) as raised:
        reading.colour("#ff9900", HERE)
    words = raised.value.reason
    assert "The contrast of #ff9900 with white is 2.14:1." in words
    proposal = words.rpartition("; ")[2].removesuffix(" would do.")
    assert contrast(proposal, WHITE) >= READABLE
    assert reading.colour(proposal, HERE) == proposal


def test_files_are_found_beside_the_deployment_file_or_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    logo = tmp_path / "sub" / "logo.png"
    logo.write_bytes(b"")
    assert reading.image("sub/logo.png", tmp_path) == logo
    assert reading.image(str(logo), HERE) == logo
    with pytest.raises(Refused, match="no such file"):
        reading.file("sub", tmp_path)


def test_a_secret_is_read_into_what_never_prints() -> None:
    found = reading.secret(" GOCSPX-hidden ", HERE)
    assert isinstance(found, reading.Secret)
    assert found.reveal() == "GOCSPX-hidden"
    assert "hidden" not in repr(found)
