"""The refusals of the simulated sign-in service, by their AADSTS numbers."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import uuid4

_INVALID_CLIENT: Final = 401

MEANINGS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        16000: ("interaction_required", "The account is from an identity provider that this directory does not know."),
        50011: ("invalid_request", "The redirect URI of the request is not one of those registered for '{client}'."),
        50020: ("invalid_request", "The account '{user}' does not exist in the directory '{tenant}'."),
        50034: ("invalid_grant", "There is no account '{user}' in the directory '{tenant}'."),
        50053: ("invalid_grant", "The account is locked: too many sign-ins with a wrong user name or password."),
        50055: ("invalid_grant", "The password has expired."),
        50057: ("invalid_grant", "The account is disabled."),
        50058: ("login_required", "A silent sign-in was asked for, but nobody is signed in."),
        50074: ("interaction_required", "Multi-factor authentication is required and was not passed."),
        50076: ("interaction_required", "Multi-factor authentication is required after a change of policy or place."),
        50097: ("interaction_required", "The device must authenticate."),
        50105: ("access_denied", "The account '{user}' is not assigned to a role of the application '{client}'."),
        50126: ("invalid_grant", "Wrong user name or password."),
        50129: ("interaction_required", "The device is not joined to the organisation."),
        50147: ("invalid_request", "The code challenge is missing or badly formed."),
        50155: ("interaction_required", "The device could not be authenticated."),
        50173: ("invalid_grant", "The grant has expired because tokens were revoked. A new sign-in is needed."),
        50194: (
            "invalid_request",
            "The application '{client}' is for one organisation only; /common is not its address.",
        ),
        53000: ("interaction_required", "The device does not comply with the organisation's policy."),
        53001: ("interaction_required", "The device is not joined to the organisation's domain."),
        53002: ("interaction_required", "The application is not an approved one."),
        53003: ("interaction_required", "Access was blocked by a Conditional Access policy."),
        54005: ("invalid_grant", "The authorisation code has been redeemed already."),
        65001: ("interaction_required", "Nobody has consented to the application '{client}'."),
        65004: ("access_denied", "The person declined to consent to the application."),
        65005: ("invalid_client", "The application asks for something that its registration does not list."),
        70000: ("invalid_grant", "The grant is not valid."),
        70003: ("unsupported_grant_type", "The grant type '{value}' is not supported."),
        70008: ("invalid_grant", "The authorisation code or refresh token has expired."),
        70011: ("invalid_scope", "The scope '{value}' is not valid."),
        70016: ("authorization_pending", "The person has not finished signing in yet."),
        70018: ("bad_verification_code", "The device code is not known."),
        70019: ("expired_token", "The device code has expired."),
        70043: ("invalid_grant", "The refresh token has expired: sign-in frequency of Conditional Access."),
        90002: ("invalid_tenant", "The tenant '{tenant}' was not found."),
        90014: ("invalid_request", "The field '{value}' is missing."),
        90024: ("temporarily_unavailable", "The service could not be reached for a moment."),
        90094: ("access_denied", "An administrator must consent to what the application asks for."),
        90095: ("access_denied", "An administrator must consent; a request for it can be sent."),
        500113: ("invalid_request", "The application has no redirect URI."),
        501481: ("invalid_grant", "The code verifier does not fit the code challenge."),
        501491: ("invalid_request", "The code challenge or the code verifier is badly formed."),
        650053: ("invalid_client", "The application '{client}' asked for '{value}', which the resource does not have."),
        700016: ("unauthorized_client", "The application '{client}' was not found in the directory '{tenant}'."),
        700022: ("invalid_request", "The scope names more than one resource."),
        700025: ("invalid_client", "The client is public: it must send no secret and no assertion."),
        700027: ("invalid_client", "The assertion's signature or its certificate is not accepted: {value}"),
        700054: ("unsupported_response_type", "The response type '{value}' is not enabled for the application."),
        700082: ("invalid_grant", "The refresh token has expired: it was not used for too long."),
        7000112: ("unauthorized_client", "The application '{client}' is disabled."),
        7000215: ("invalid_client", "The client secret is wrong. Send its value, not its id."),
        7000218: ("invalid_client", "The request must contain client_assertion or client_secret."),
        7000222: ("invalid_client", "The client secret has expired."),
        9001023: ("invalid_request", "The grant type is not supported on /common or /consumers; name the tenant."),
        9002313: ("invalid_request", "The request is malformed."),
    }
)
"""By number: the OAuth error and a sentence of our own (learn.microsoft.com: reference-error-codes)."""

UNAUTHORISED = frozenset({"invalid_client", "unauthorized_client"})


class Refused(Exception):
    """The simulated sign-in service refuses. values: fill the sentence. error: replaces the number's own."""

    def __init__(self, number: int, *, error: str = "", **values: str) -> None:
        super().__init__(number)
        self.number = number
        own, self._sentence = MEANINGS.get(number, ("interaction_required", "Access was refused by a policy."))
        self.error = error or own
        self._values = {"client": "", "user": "", "tenant": "", "value": ""} | values
        self.correlation_id = str(uuid4())
        self.trace_id = str(uuid4())

    @property
    def status(self) -> int:
        """HTTP status at the token endpoint."""
        return _INVALID_CLIENT if self.error in UNAUTHORISED else 400

    def sentence(self) -> str:
        """The first line of the description."""
        return f"AADSTS{self.number}: {self._sentence.format_map(self._values)}"

    def description(self, now: datetime) -> str:
        """The whole description, with the ids that support asks for."""
        return (
            f"{self.sentence()}\r\nTrace ID: {self.trace_id}\r\n"
            f"Correlation ID: {self.correlation_id}\r\nTimestamp: {stamp(now)}"
        )

    def body(self, now: datetime) -> dict[str, object]:
        """What the token endpoint answers."""
        return {
            "error": self.error,
            "error_description": self.description(now),
            "error_codes": [self.number],
            "timestamp": stamp(now),
            "trace_id": self.trace_id,
            "correlation_id": self.correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


def stamp(now: datetime) -> str:
    """Return a time as the sign-in service writes it."""
    return f"{now:%Y-%m-%d %H:%M:%SZ}"
