"""Pages of a network that wants a sign-in, told from pages of the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.network.wall.http_head import Head, read_date
from sendwright.network.wall.portal import leads_elsewhere, portal_in
from sendwright.problems.classify import classify

HOST = "mail.example.org"


def head(status: int, location: str = "") -> Head:
    return Head(status=status, words="", fields={"location": location} if location else {})


@pytest.mark.parametrize(
    ("seen", "instead_of_tls", "captive"),
    [
        (head(511), False, True),
        (head(511), True, True),
        (head(302, "https://login.hotel.example/?mac=00"), False, True),
        (head(307, "http://10.0.0.1/"), False, True),
        (head(302, f"https://{HOST}/"), False, False),
        (head(301, "https://webmail.example.org/"), False, False),
        (head(302, "/login"), True, False),
        (head(200), True, True),
        (head(200), False, False),
        (head(200, "https://login.hotel.example/"), False, False),
        (head(404), True, False),
        (head(400), True, False),
        (head(302), True, False),
    ],
)
def test_a_page_is_the_networks_where_it_says_so_or_leads_away(
    seen: Head, *, instead_of_tls: bool, captive: bool
) -> None:
    found = portal_in(seen, host=HOST, values={"host": HOST}, instead_of_tls=instead_of_tls)
    assert (found is not None) is captive
    if found is not None:
        assert classify(found).code == "captive-portal"
        assert found.http == seen.status
        assert "mac=" not in str(found.values)


def test_the_place_that_a_page_leads_to_is_named_without_what_it_carries() -> None:
    seen = head(302, "https://anna:geheim@login.hotel.example:8443/start?token=abc#x")
    found = portal_in(seen, host=HOST, values={}, instead_of_tls=True)
    assert found is not None
    assert found.values["location"] == "https://login.hotel.example/"


@pytest.mark.parametrize(
    ("location", "elsewhere"),
    [
        ("https://EXAMPLE.org./", False),
        ("https://example.org.evil.example/", True),
        ("//other.example/", True),
        ("http://[::1]/", True),
        ("http://[::1", False),
        ("", False),
        ("mailto:anna@example.org", False),
    ],
)
def test_what_leads_elsewhere_is_told_by_the_domain(location: str, *, elsewhere: bool) -> None:
    assert leads_elsewhere(location, host=HOST) is elsewhere


def test_an_address_has_no_domain_in_common_with_another() -> None:
    assert leads_elsewhere("http://10.0.0.1/", host="10.1.0.1")
    assert not leads_elsewhere("http://10.0.0.1/", host="10.0.0.1")


@given(st.text(max_size=80))
def test_no_address_whatever_makes_the_judgement_fail(location: str) -> None:
    found = portal_in(head(302, location), host=HOST, values={}, instead_of_tls=False)
    assert found is None or found.condition == "captive-portal"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Fri, 20 Nov 2026 09:41:00 GMT", "2026-11-20T09:41:00+00:00"),
        ("Fri, 20 Nov 2026 10:41:00 +0100", "2026-11-20T09:41:00+00:00"),
        ("yesterday", None),
        ("", None),
        ("Fri, 20 Nov 99999 09:41:00 GMT", None),
    ],
)
def test_a_date_is_read_in_utc_or_not_at_all(said: str, expected: str | None) -> None:
    found = read_date(said)
    assert (None if found is None else found.isoformat()) == expected


@given(st.text(max_size=60))
def test_no_date_whatever_makes_the_reader_fail(said: str) -> None:
    found = read_date(said)
    assert found is None or found.utcoffset() is not None
