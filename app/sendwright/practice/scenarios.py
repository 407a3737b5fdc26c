"""What the simulated mail server does, by name."""

import msgspec

from sendwright.errors import SendwrightError
from sendwright.texts import text


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """Replies that differ from the usual course; an empty one is the usual course. Its words: `practice.<name>`.

    refuse_sign_in, refuse_sender, refuse_recipient, defer_first: replies.
    """

    name: str
    refuse_sign_in: str = ""
    refuse_sender: str = ""
    refuse_recipient: str = ""
    defer_first: str = ""


SCENARIOS = (
    Scenario(name="usual"),
    Scenario(name="wrong-password", refuse_sign_in="535 5.7.8 Error: authentication failed: wrong password"),
    Scenario(name="foreign-sender", refuse_sender="553 5.7.1 Sender address rejected: not owned by the account"),
    Scenario(
        name="greylisting",
        defer_first="450 4.7.1 Recipient address rejected: Greylisted, see you in a minute",
    ),
    Scenario(name="unknown-recipient", refuse_recipient="550 5.1.1 Recipient address rejected: User unknown"),
    Scenario(name="full-mailbox", refuse_recipient="552 5.2.2 The mailbox of the recipient is full"),
    Scenario(name="microsoft-usual"),  # what these do is in practice.microsoft.courses
    Scenario(name="microsoft-admin-approval"),
    Scenario(name="microsoft-approval-request"),
    Scenario(name="microsoft-consent-refused"),
    Scenario(name="microsoft-device-required"),
    Scenario(name="microsoft-blocked"),
    Scenario(name="microsoft-no-send-as"),
    Scenario(name="microsoft-right-takes-time"),
    Scenario(name="microsoft-throttled"),
    Scenario(name="microsoft-token-dies"),
    Scenario(name="microsoft-smtp-off"),
    Scenario(name="google-usual"),  # and what these do in practice.google.courses
    Scenario(name="google-partial-consent"),
    Scenario(name="google-admin-blocked"),
    Scenario(name="google-unverified"),
    Scenario(name="google-testing"),
    Scenario(name="google-alias-replaced"),
    Scenario(name="google-rate-limited"),
    Scenario(name="google-token-dies"),
    Scenario(name="google-delegation-missing"),
    Scenario(name="google-relay-off"),
)


class ScenarioUnknown(SendwrightError):
    """There is no scenario of this name; the text lists those that there are."""


def scenario(name: str) -> Scenario:
    """Return the scenario of `name`; an empty name is the usual course. Raises ScenarioUnknown."""
    for known in SCENARIOS:
        if known.name == (name or "usual"):
            return known
    raise ScenarioUnknown(text("practice.unknown-scenario", names=", ".join(known.name for known in SCENARIOS)))
