"""The refusals of the simulated Google: what a program is answered, and what a page says."""

from typing import Final

INVALID_GRANT: Final = "invalid_grant"
DEAD: Final = "Token has been expired or revoked."
BAD_REQUEST: Final = "Bad Request"


class Refused(Exception):
    """Google refuses. error: of OAuth or its own. said: its sentence. status: of HTTP. subtype: `error_subtype`."""

    def __init__(self, error: str, said: str = BAD_REQUEST, *, status: int = 400, subtype: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.said = said
        self.status = status
        self.subtype = subtype

    def body(self) -> dict[str, object]:
        """What a program is answered (RFC 6749 section 5.2)."""
        found: dict[str, object] = {"error": self.error, "error_description": self.said}
        return found | ({"error_subtype": self.subtype} if self.subtype else {})

    @property
    def line(self) -> str:
        """The line that the page of an error always has, in every language."""
        return f"Error {self.status}: {self.error}"


def missing(name: str) -> Refused:
    """Return the refusal of a request that lacks a parameter."""
    return Refused("invalid_request", f"Missing required parameter: {name}")


def dead(said: str = DEAD) -> Refused:
    """Return the refusal of a grant that is over."""
    return Refused(INVALID_GRANT, said)
