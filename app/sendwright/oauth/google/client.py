"""The OAuth client that asks: the platform's, or one of the organisation's own."""

from dataclasses import dataclass, field

from sendwright.oauth.google.place import GooglePlace, place_of
from sendwright.secret import Secret


@dataclass(frozen=True, kw_only=True)
class GoogleClient:
    """An OAuth client of the type desktop app.

    client_id: `….apps.googleusercontent.com`. secret: what Google gives along with it, None where it gave none; it
    keeps nobody out (RFC 8252 section 8.5), PKCE does. own: the organisation made it, so that what is wrong with it is
    for its administrator to mend. login, gmail, page: replace Google's addresses, for practice and tests only; page is
    where the person signs in, on this computer without TLS; it counts only beside a login of a practice.
    """

    client_id: str
    secret: Secret | None = field(default=None, repr=False)
    login: str = ""
    gmail: str = ""
    page: str = ""
    own: bool = False

    @property
    def place(self) -> GooglePlace:
        """Where Google answers."""
        return place_of(login=self.login, gmail=self.gmail)
