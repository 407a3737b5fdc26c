"""Traces of devices that write over what a mail server says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network.wall.masks import banner_is_masked, command_is_masked, masked_words, starttls_is_masked


@pytest.mark.parametrize(
    ("banner", "masked"),
    [
        ("************************************************", True),
        ("*******************************0*2******0***********************", True),
        ("****************************************2***************0*00", True),
        ("mail.example.org ESMTP Postfix", False),
        ("*****************2******0***** ESMTP", True),
        ("****************************** mail.example.org", False),
        ("****************************** Welcome", False),
        ("mail.example.org *** no unsolicited mail ***", False),
        ("mail.example.org ESMTP ********** WARNING: only for customers of Example **********", False),
        ("*****", False),
        ("", False),
        ("* * * * * * * * * * * *", False),
    ],
)
def test_a_greeting_is_masked_where_stars_stand_in_its_place(banner: str, *, masked: bool) -> None:
    assert banner_is_masked(banner) is masked


@pytest.mark.parametrize(
    ("offered", "masked", "starttls"),
    [
        (("SIZE 1000", "XXXXXXXA"), ("XXXXXXXA",), True),
        (("XXXA", "XXXXXXXXXXXXXXXXB"), ("XXXA", "XXXXXXXXXXXXXXXXB"), False),
        (("XXXXXX XXXX", "XXXXXXX"), ("XXXXXX XXXX", "XXXXXXX"), False),
        (("STARTTLS", "XCLIENT NAME ADDR", "XFORWARD", "X-EXPS GSSAPI NTLM", "XX"), (), False),
        (("XXXXXXXB", "XXXA"), ("XXXXXXXB", "XXXA"), True),
        ((), (), False),
    ],
)
def test_words_of_the_offer_are_masked_where_nothing_but_an_x_is_left(
    offered: tuple[str, ...], masked: tuple[str, ...], *, starttls: bool
) -> None:
    assert masked_words(offered) == masked
    assert starttls_is_masked(offered) is starttls


@given(st.text(alphabet="abcdefgh .-", max_size=80))
def test_words_without_stars_are_never_masked(banner: str) -> None:
    assert not banner_is_masked(banner)


@given(st.integers(min_value=12, max_value=200))
def test_nothing_but_stars_always_is(count: int) -> None:
    assert banner_is_masked("*" * count)


@pytest.mark.parametrize(
    ("refusal", "masked"),
    [
        ('500 5.5.1 Command unrecognized: "XXXXXXXX"', True),
        ("500 #5.5.1 command not recognized XXXXXXXA", True),
        ("502 5.5.1 STARTTLS not available", False),
        ("454 4.7.0 TLS not available due to XX-1", False),
        ("", False),
    ],
)
def test_a_refusal_that_quotes_another_command_shows_who_changed_it(refusal: str, *, masked: bool) -> None:
    assert command_is_masked(refusal) is masked
