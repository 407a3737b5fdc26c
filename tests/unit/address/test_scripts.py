"""Characters that pass for others."""

# ruff: noqa: RUF001 - look-alike letters are what these tests are about

import pytest

from sendwright.address.scripts import alias_misleads, domain_misleads, hides_characters


@pytest.mark.parametrize(
    "domain",
    [
        "contоso.com",  # a Cyrillic o
        "аррӏе.com",  # Cyrillic throughout
        "αpple.com",  # a Greek alpha
        "ɡoogle.com",  # a phonetic g
        "mail.соса.example",
        "օո.example",  # Armenian throughout
    ],
)
def test_a_domain_that_can_pass_for_another_is_noticed(domain: str) -> None:
    assert domain_misleads(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "contoso.com",
        "bücher.example",
        "привет.рф",
        "почта.рф",
        "сос.рф",  # all letters look Latin, but so does the end: nobody expects Latin there
        "пример.example",
        "παράδειγμα.gr",
        "例え.jp",
        "ミキサーabc.example",
        "한국abc.example",
        "דוגמה.example",
        "xn-shop24.example",
        "127.example",
    ],
)
def test_an_honest_domain_is_left_alone(domain: str) -> None:
    assert not domain_misleads(domain)


@pytest.mark.parametrize(
    "alias",
    [
        "Contоso",  # a Cyrillic o
        "РауРаl Support",
        "Сосо bank",  # a word in look-alikes beside a Latin one
        "𝐂𝐨𝐧𝐭𝐨𝐬𝐨",
        "Μicrosoft",  # a Greek capital mu
    ],
)
def test_a_name_that_can_pass_for_another_is_noticed(alias: str) -> None:
    assert alias_misleads(alias)


@pytest.mark.parametrize(
    "alias",
    [
        "Contoso",
        "Contoso Россия",
        "Вера Оса",  # plain Russian, though half of its letters look Latin
        "Ομάδα Contoso",
        "コントソ株式会社 Contoso",
        "ＮＴＴデータ",
        "카카오뱅크",
        "½ price & ünïcode – naïve",
        "R&D 24/7 (EMEA)",
        "شركة Contoso",
        "Ångström Ωmega"[:8],
        "",
    ],
)
def test_an_honest_name_is_left_alone(alias: str) -> None:
    assert not alias_misleads(alias)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Con\u200btoso", True),
        ("Con\u00adtoso", True),
        ("\ufeffContoso", True),
        ("Contoso\u2060", True),
        ("Contoso\U000e0041", True),
        ("Contoso", False),
        ("می\u200cخواهم", False),
        ("\U0001f469\u200d\U0001f467", False),
        ("אבג\u200f.", False),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", False),
    ],
)
def test_characters_that_take_no_room_are_noticed(text: str, hidden: bool) -> None:
    assert hides_characters(text) is hidden
