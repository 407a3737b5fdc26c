"""Says that a profile cannot be sent with."""

from sendwright.errors import SendwrightError


class ProfileUnusable(SendwrightError):
    """No sender can be made of a profile: unknown kind, settings that are not valid, a credential that lacks.

    The text names the reason; it holds no credential.
    """
