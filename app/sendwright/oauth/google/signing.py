"""Signs for a service account without its key: by the interface of Google that signs, and an identity of one's own."""

from typing import TYPE_CHECKING, Final, Protocol

from sendwright.oauth.google.place import GooglePlace
from sendwright.secret import Secret

if TYPE_CHECKING:  # they take a tenth of a second to load
    import google.auth.credentials
    import google.auth.crypt
    import google.auth.transport

METADATA_SERVER: Final = "metadata-server"
"""Instead of a credential configuration: the service account that the machine runs as, where Google runs it."""


class Signing(Protocol):
    """Signs for service accounts."""

    def signer_for(self, email: str, asking: "google.auth.transport.Request") -> "google.auth.crypt.Signer":
        """Return what signs as `email`; runs, as its `sign` does, in the thread where Google's library runs.

        asking: what the library asks by. Raises OAuthFailed, then or while it signs.
        """
        ...


class IamSigning:
    """Signs by `projects.serviceAccounts.signBlob`, with the access token of an identity of one's own; see above."""

    def __init__(self, identity: "google.auth.credentials.Credentials", *, place: GooglePlace) -> None:
        self._identity = identity
        self._place = place

    def signer_for(self, email: str, asking: "google.auth.transport.Request") -> "google.auth.crypt.Signer":
        """Return what signs as `email`."""
        raise NotImplementedError


def open_identity(identity: Secret, *, place: GooglePlace) -> IamSigning:
    """Return what signs with the identity that `identity` describes.

    identity: METADATA_SERVER, or the JSON of a credential configuration (`external_account`: Workload Identity
    Federation) or of a service account's key. place: where Google, or a practice, answers. Raises OAuthFailed.
    """
    raise NotImplementedError
