"""The names of credentials, as a profile's sender asks for them and as they are handed to the backend."""

from typing import Final

PASSWORD: Final = "password"  # noqa: S105 - the names of credentials, no credential
TOKEN: Final = "access_token"  # noqa: S105 - as above
TOKEN_SCOPE: Final = "access_token_scope"  # noqa: S105 - as above
"""What an access token was granted, separated by blanks (RFC 6749 section 5.1); a desk that knows it says so."""
REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105 - as above
CLIENT_SECRET: Final = "client_secret"  # noqa: S105 - as above
CLIENT_CERTIFICATE: Final = "client_certificate"
"""A private key and its certificate, both PEM, one after the other."""
SERVICE_ACCOUNT_KEY: Final = "service_account_key"
"""The JSON file that Google makes of a service account's key, whole."""
SIGNING_IDENTITY: Final = "signing_identity"
"""What the backend's own identity at Google is read from (`oauth.google.signing`); it never leaves the backend."""
