"""A private Dovecot that does nothing but check sign-ins for Postfix (passwords and OAuth tokens)."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey
from tests.servers.accounts import Account
from tests.servers.processes import Daemon, tail

MECHANISMS = "plain login cram-md5 xoauth2 oauthbearer"
ISSUER = "https://login.example.org"

CONFIGURATION = """\
protocols =
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
auth_verbose = yes
ssl = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
auth_cache_size = 0
passdb {{
  # decides nothing, only marks the request: a refusal would otherwise be held back half a second
  driver = static
  args = noauthenticate=yes nodelay=yes
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login cram-md5
  args = scheme=PLAIN username_format=%u {directory}/passwords
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
service auth {{
  unix_listener {directory}/sign-in {{
    mode = 0660
    user = postfix
  }}
}}
service anvil {{
  # no listener, no penalty: a test may type wrong passwords as fast as it likes
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

TOKENS = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={directory}/keys/
username_attribute = sub
issuers = {issuer}
"""


class DovecotAuth:
    """The sign-in service behind `socket`, with its own token issuer."""

    def __init__(self, directory: Path, *, mechanisms: str = MECHANISMS) -> None:
        self.socket = directory / "sign-in"
        self._directory = directory
        self._mechanisms = mechanisms
        self._key = ECKey.generate_key("P-256")

    @contextlib.contextmanager
    def running(self, accounts: Sequence[Account]) -> Iterator[None]:
        """Serve the accounts; returns as soon as the socket is there."""
        self._configure(accounts)
        command = ("dovecot", "-F", "-c", self._directory / "dovecot.conf")
        with Daemon(command, log=self._directory / "dovecot.out", grace=0.1) as daemon:
            daemon.wait_until(self.socket.exists, what="Dovecot's sign-in socket")
            yield

    def token(self, address: str, *, lifetime: dt.timedelta = dt.timedelta(hours=1)) -> str:
        """Issue an access token; a negative lifetime gives an expired one."""
        now = dt.datetime.now(dt.UTC)
        claims = {"iss": ISSUER, "sub": address, "iat": now - abs(lifetime), "exp": now + lifetime}
        return jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, self._key)

    def log_text(self) -> str:
        """Give the end of the log."""
        return tail(self._directory / "dovecot.log") + tail(self._directory / "dovecot.out")

    def _configure(self, accounts: Sequence[Account]) -> None:
        directory = self._directory
        for name in ("run", "state"):
            (directory / name).mkdir()
        keys = directory / "keys" / "default" / "ES256"
        keys.mkdir(parents=True)
        (keys / "default").write_bytes(self._key.as_pem(private=False))
        passwords = "".join(f"{account.address}:{{PLAIN}}{account.password}\n" for account in accounts)
        (directory / "passwords").write_text(passwords)
        (directory / "oauth2.conf").write_text(TOKENS.format(directory=directory, issuer=ISSUER))
        configuration = CONFIGURATION.format(directory=directory, mechanisms=self._mechanisms)
        (directory / "dovecot.conf").write_text(configuration)
