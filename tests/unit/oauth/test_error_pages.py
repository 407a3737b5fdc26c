"""Each service's pages are read by what knows that service."""

import pytest

from sendwright.oauth.error_pages import reader_of
from sendwright.problems.evidence import System


@pytest.mark.parametrize("system", [None, System.SMTP])
def test_pages_of_nobody_show_no_error(system: System | None) -> None:
    assert reader_of(system)("AADSTS50011: The redirect URI does not match. Error 403: org_internal") is None


def test_microsofts_pages_are_read_by_their_numbers() -> None:
    found = reader_of(System.ENTRA)("AADSTS50105: The signed in user is not assigned to a role.")
    assert found is not None
    assert (found.system, found.number) == (System.ENTRA, 50105)


def test_googles_pages_are_read_in_any_language() -> None:
    found = reader_of(System.GOOGLE)("Zugriff blockiert\nFehler 403: org_internal")
    assert found is not None
    assert (found.system, found.error, found.http) == (System.GOOGLE, "org_internal", 403)
