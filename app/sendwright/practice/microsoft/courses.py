"""How the simulated Microsoft 365 differs from the usual course, by the name of a scenario."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from sendwright.practice.faults import Fault
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import UserConsent

DELAY_S: Final = 120.0
SIGN_IN_LASTS_S: Final = 300


def _admin_approval(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.policies.user_consent = UserConsent.ADMIN_ONLY


def _request(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.policies.user_consent = UserConsent.REQUEST


def _device_required(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.policies.device = 53000


def _blocked(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.policies.blocked = 53003


def _no_send_as(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.rights.clear()


def _right_takes_time(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.rights.clear()
    microsoft.tenant.policies.grant_delay_s = DELAY_S


def _throttled(microsoft: SimulatedMicrosoft) -> None:
    wait = Fault(path="sendMail", status=429, retry_after="5")
    microsoft.faults.tell_all([wait, wait, Fault(path="sendMail", status=503, retry_after="5")])


def _token_dies(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.policies.access_token_s = SIGN_IN_LASTS_S
    microsoft.tenant.policies.sign_in_frequency_s = SIGN_IN_LASTS_S


def _smtp_off(microsoft: SimulatedMicrosoft) -> None:
    microsoft.tenant.policies.smtp_auth = False


def _as_usual(microsoft: SimulatedMicrosoft) -> None:
    del microsoft


COURSES: Final[Mapping[str, Callable[[SimulatedMicrosoft], None]]] = MappingProxyType(
    {
        "microsoft-usual": _as_usual,
        "microsoft-admin-approval": _admin_approval,
        "microsoft-approval-request": _request,
        "microsoft-consent-refused": _as_usual,  # the person refuses
        "microsoft-device-required": _device_required,
        "microsoft-blocked": _blocked,
        "microsoft-no-send-as": _no_send_as,
        "microsoft-right-takes-time": _right_takes_time,
        "microsoft-throttled": _throttled,
        "microsoft-token-dies": _token_dies,
        "microsoft-smtp-off": _smtp_off,
    }
)
"""What is arranged before anybody asks."""
