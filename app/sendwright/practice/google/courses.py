"""How the simulated Google differs from the usual course, by the name of a scenario."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from sendwright.oauth.google.scopes import SEND
from sendwright.practice.faults import Fault
from sendwright.practice.google.example import ANNA, CLIENT_ID, SERVICE_ACCOUNT_ID
from sendwright.practice.google.server import SimulatedGoogle

SIGN_IN_LASTS_S: Final = 300
WAIT_S: Final = "20"
BY_RELAY: Final = "google-relay-off"
"""The scenario in which SMTP means the relay of the Workspace."""


def _as_usual(google: SimulatedGoogle) -> None:
    google.workspace.delegations[SERVICE_ACCOUNT_ID] = {SEND}


def _partial_consent(google: SimulatedGoogle) -> None:
    google.workspace.policies.boxes = "always"


def _admin_blocked(google: SimulatedGoogle) -> None:
    google.workspace.policies.blocked.add(CLIENT_ID)


def _unverified(google: SimulatedGoogle) -> None:
    google.workspace.clients[CLIENT_ID].verified = False


def _testing(google: SimulatedGoogle) -> None:
    client = google.workspace.clients[CLIENT_ID]
    client.testing = True
    client.test_users.add(ANNA)


def _alias_replaced(google: SimulatedGoogle) -> None:
    google.workspace.people[ANNA].send_as.clear()


def _rate_limited(google: SimulatedGoogle) -> None:
    limited = Fault(path="messages/send", status=403, code="rateLimitExceeded", retry_after=WAIT_S)
    google.faults.tell_all([limited, limited])


def _token_dies(google: SimulatedGoogle) -> None:
    google.workspace.policies.access_token_s = SIGN_IN_LASTS_S
    google.workspace.policies.refresh_token_s = SIGN_IN_LASTS_S


def _delegation_missing(google: SimulatedGoogle) -> None:
    google.workspace.delegations.clear()


def _relay_off(google: SimulatedGoogle) -> None:
    google.workspace.policies.relay = False


COURSES: Final[Mapping[str, Callable[[SimulatedGoogle], None]]] = MappingProxyType(
    {
        "google-usual": _as_usual,
        "google-partial-consent": _partial_consent,
        "google-admin-blocked": _admin_blocked,
        "google-unverified": _unverified,
        "google-testing": _testing,
        "google-alias-replaced": _alias_replaced,
        "google-rate-limited": _rate_limited,
        "google-token-dies": _token_dies,
        "google-delegation-missing": _delegation_missing,
        BY_RELAY: _relay_off,
    }
)
"""What is arranged before anybody asks."""
