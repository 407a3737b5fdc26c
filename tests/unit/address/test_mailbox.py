"""What stands in From: safe whatever the name is, and the same when it is read again."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sendwright.address import Address, Mailbox, check_alias, parse_address, parse_mailbox
from sendwright.address.phrase import encode_phrase, encode_unstructured
from sendwright.errors import AddressInvalid

SCRIPTS = {
    "latin": "ÀÉÎõüßøğş",
    "greek": "αβγδώΩ",
    "cyrillic": "БГДжщя",
    "hebrew": "אבגד\u200fה",
    "arabic": "بتث\u064eج\u200c",
    "devanagari": "कखग\u094dषि",
    "thai": "กขค\u0e34\u0e48",
    "han": "漢字国東",
    "kana": "かなカナー",
    "hangul": "한글 소리",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u2764\ufe0f\U0001f1e7\U0001f1ea",
    "latin with signs": 'a"b\\c,d<e>f@g(h);i:j=?k?=_',
}


def read_back(header: str) -> tuple[str, str]:
    """Read a From as a mail program does: unfold, part name and address, decode the words."""
    assert re.search(r"\r\n(?![ \t])|\r(?!\n)|(?<!\r)\n", header) is None, "a fold goes on with a space"
    name, address = parseaddr(header.replace("\r\n", ""))
    return str(make_header(decode_header(name))), address


def aliases() -> st.SearchStrategy[str]:
    def sound(typed: str) -> str | None:
        try:
            return check_alias(typed)
        except AddressInvalid:
            return None

    one_script = st.sampled_from(list(SCRIPTS.values())).flatmap(
        lambda letters: st.text(st.sampled_from([*letters, " "]), min_size=1, max_size=64)
    )
    return st.one_of(one_script, st.text(min_size=1, max_size=64)).map(sound).filter(bool).map(str)


@given(aliases())
@example("=?utf-8?q?x?=")
@example("a =?utf-8?b?eA==?= b")
@example('"')
@example("\\")
@example("Contoso GmbH & Co. KG, Abteilung für Qualitätssicherung, Zürich!")
@example("two  spaces\u00a0and one that does not break")
@example("a" * 64)
@example("日本語" * 21)
def test_a_name_is_the_same_when_it_is_read_again(alias: str) -> None:
    mailbox = Mailbox(parse_address("notifications@bücher.example"), alias)
    header = mailbox.header()
    assert header.isascii()
    assert all(len(line) <= 76 for line in f"From: {header}".split("\r\n"))
    name, address = read_back(header)
    assert Mailbox(parse_address(address), name) == mailbox


@given(aliases())
def test_the_standard_library_finds_one_address_and_no_other_header(alias: str) -> None:
    header = Mailbox(parse_address("notifications@example.org"), alias).header()
    message = message_from_bytes(f"From: {header}\r\n\r\n".encode(), policy=policy.default)
    assert message.keys() == ["From"]
    assert [one.addr_spec for one in message["From"].addresses] == ["notifications@example.org"]
    assert not message["From"].defects


@given(st.text(max_size=300))
def test_no_words_at_all_can_leave_their_header(typed: str) -> None:
    for value in (encode_phrase(typed), encode_unstructured(typed, used=9)):
        assert value.isascii()
        assert all(line.startswith(" ") for line in value.split("\r\n")[1:])
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n", value)


@pytest.mark.parametrize(
    ("alias", "header"),
    [
        ("Contoso", '"Contoso" <a@example.org>'),
        ('The "best", of all', '"The \\"best\\", of all" <a@example.org>'),
        ("back\\slash", '"back\\\\slash" <a@example.org>'),
        ("Zoë", "=?utf-8?b?Wm/Dqw==?= <a@example.org>"),
        ("=?utf-8?q?x?=", "=?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <a@example.org>"),
        (
            "ü" * 40,
            (
                "=?utf-8?b?w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7w=?=\r\n"
                " =?utf-8?b?w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8?=\r\n <a@example.org>"
            ),
        ),
    ],
)
def test_a_header_looks_like_this(alias: str, header: str) -> None:
    assert Mailbox(parse_address("a@example.org"), alias).header() == header


def test_a_server_with_smtputf8_gets_the_address_as_people_read_it() -> None:
    mailbox = Mailbox(parse_address("jürgen@bücher.example"), "Jürgen")
    assert mailbox.header(smtputf8=True) == "=?utf-8?b?SsO8cmdlbg==?= <jürgen@bücher.example>"
    assert mailbox.text == "Jürgen <jürgen@bücher.example>"


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("Contoso <a@example.org>", "Contoso"),
        ('  "Contoso, Inc." <a@example.org> ', "Contoso, Inc."),
        ('"a \\"b\\" \\\\ c" <a@example.org>', 'a "b" \\ c'),
        ("Smart <one> <a@example.org>", "Smart <one>"),
        ("Zoë<a@example.org>", "Zoë"),
    ],
)
def test_a_mailbox_is_read_as_people_write_it(text: str, alias: str) -> None:
    assert parse_mailbox(text) == Mailbox(Address("a", "example.org"), alias)


@given(aliases())
def test_a_mailbox_written_for_people_is_read_again(alias: str) -> None:
    mailbox = Mailbox(Address("a", "example.org"), alias)
    if alias.startswith('"') and alias.endswith('"'):
        return  # quotation marks around all of it are taken for the quoting of a header
    assert parse_mailbox(mailbox.text) == mailbox


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a@example.org", "mailbox-not-name-and-address"),
        ("Contoso a@example.org", "mailbox-not-name-and-address"),
        ("Contoso <a@example.org", "mailbox-not-name-and-address"),
        ("", "mailbox-not-name-and-address"),
        ("<a@example.org>", "alias-empty"),
        ("Contoso <a>", "no-at-sign"),
        ("Contoso <>", "empty"),
    ],
)
def test_what_is_no_mailbox_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(AddressInvalid) as raised:
        parse_mailbox(text)
    assert raised.value.code == code
