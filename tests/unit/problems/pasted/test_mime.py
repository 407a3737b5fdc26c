"""Messages are taken apart, also broken, cut off and hostile ones."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.problems.pasted.mime import headers_of, is_message, parts_of, value_of

MULTIPART = """\
From: a@example.org
To: bob@example.com
Content-Type: multipart/mixed; boundary="b"

preamble
--b
Content-Type: text/plain

first
--b
Content-Type: text/html; charset=utf-8

<p>second
--b--
epilogue
"""


def _bodies(text: str) -> list[tuple[str, str]]:
    return [(part.kind, part.body.strip()) for part in parts_of(text)[1]]


def test_a_multipart_message_is_taken_apart() -> None:
    headers, parts = parts_of(MULTIPART)
    assert value_of(headers, "to") == "bob@example.com"
    assert [(part.kind, part.body) for part in parts] == [("text/plain", "first"), ("text/html", "<p>second")]


def test_what_is_cut_off_is_read_as_far_as_it_goes() -> None:
    cut = MULTIPART[: MULTIPART.index("second") + 3]
    assert _bodies(cut) == [("text/plain", "first"), ("text/html", "<p>sec")]


@pytest.mark.parametrize(
    ("encoding", "body", "charset", "words"),
    [
        ("base64", base64.encodebytes("Größe 550".encode()).decode(), "utf-8", "Größe 550"),
        ("BASE64", base64.encodebytes("Größe 550".encode("latin-1")).decode(), "iso-8859-1", "Größe 550"),
        ("base64", base64.b64encode(b"550 5.1.1 User unknown").decode()[:-3], "utf-8", "550 5.1.1 User unknow"),
        ("base64", "!!!", "utf-8", ""),
        ("quoted-printable", quopri.encodestring("Größe 550 = x".encode()).decode(), "utf-8", "Größe 550 = x"),
        ("quoted-printable", "55=\n0 5.1.1=", "utf-8", "550 5.1.1"),
        ("quoted-printable", "=1B[31mred=07", "utf-8", "red"),
        ("7bit", "as it stands", "us-ascii", "as it stands"),
        ("x-unknown", "as it stands", "utf-8", "as it stands"),
        ("base64", base64.b64encode(b"x").decode(), "no-such-charset", "x"),
    ],
)
def test_bodies_are_decoded(encoding: str, body: str, charset: str, words: str) -> None:
    text = (
        f"From: a\nTo: b\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n{body}"
    )
    assert [found.strip() for _, found in _bodies(text)] == [words]


@pytest.mark.parametrize(
    "charset", ["utf-7", "UTF-7", "unicode-1-1-utf-7", "utf_7", "punycode", "idna", "rot13", "hex"]
)
def test_what_hides_signs_is_never_decoded(charset: str) -> None:
    hidden = base64.b64encode(b"+ADw-script+AD4-").decode()
    text = f"From: a\nTo: b\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n{hidden}"
    assert _bodies(text) == [("text/plain", "+ADw-script+AD4-")]
    header = headers_of(f"Subject: =?{charset}?q?+ADw-script+AD4-?=\n\n")
    assert "<script" not in value_of(header, "subject")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Subject: plain", "plain"),
        ("Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=", "Größe"),
        ("Subject: =?utf-8?b?R3LDtsOfZQ==?= 550", "Größe 550"),
        ("Subject: =?iso-8859-1?q?Gr=F6=DFe?=", "Größe"),
        ("Subject: =?utf-8?q?=1B[31mred?=", "red"),
        ("Subject: =?broken", "=?broken"),
        ("Subject: =?utf-8?b?!?=", "=?utf-8?b?!?="),
        ("Subject: folded\n\tover\n two lines", "folded over two lines"),
        ("SUBJECT : with a blank", "with a blank"),
    ],
)
def test_headers_are_unfolded_and_decoded(line: str, value: str) -> None:
    assert value_of(headers_of(f"{line}\n\nbody"), "subject") in {value, value.replace("=?utf-8?b?!?=", "")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("From: a@example.org\nTo: b@example.com\n\nx", True),
        ("From nobody Fri Nov 20\nFrom: a@example.org\nTo: b@example.com\n\nx", True),
        ("\n\nReceived: from a\n\tby b\nSubject: x\n\n", True),
        ("Subject: x\n\nbody", False),
        ("From: the desk of Ana\nHello Bob,\nTo: the point", False),
        ("550 5.1.1 User unknown", False),
        ("2026-11-20 10:00:00 From: x", False),
        ("", False),
    ],
)
def test_a_message_is_told_by_its_header(text: str, message: bool) -> None:
    assert is_message(text) is message


def _nested(depth: int) -> str:
    text = "Content-Type: text/plain\n\nthe heart"
    for level in range(depth):
        text = f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{text}\n--b{level}--"
    return f"From: a\nTo: b\n{text}"


@pytest.mark.parametrize(("depth", "found"), [(1, True), (7, True), (8, True), (50, False), (2000, False)])
def test_parts_inside_parts_have_an_end(depth: int, found: bool) -> None:
    assert (_bodies(_nested(depth)) == [("text/plain", "the heart")]) is found


def test_the_number_of_parts_has_an_end() -> None:
    text = "From: a\nTo: b\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 10_000
    assert len(parts_of(text)[1]) == 60


def test_the_number_and_length_of_headers_have_an_end() -> None:
    headers = headers_of("From: a\n" + "X-Long: " + "y" * 100_000 + "\n" + "X-More: z\n" * 10_000)
    assert len(headers) == 120
    assert max(len(value) for _, value in headers) == 4000


@given(st.text(alphabet="-b\n: =?utf8QB./\"'" + "FromContent-Type"), st.sampled_from(["", MULTIPART]))
def test_nothing_breaks_it(text: str, before: str) -> None:
    headers, parts = parts_of(before + text)
    assert all(name.strip() for name, _ in headers)
    assert all(part.kind for part in parts)
    assert is_message(text) in {True, False}
