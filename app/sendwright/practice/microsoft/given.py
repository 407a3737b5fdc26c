"""What a practice is given of the simulated Microsoft 365: facts, the backend's credential, a letter."""

from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path
from typing import Final

import trustme

from sendwright.deployment import Microsoft
from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft.contoso import APPLICATION_ID, CLIENT_ID
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import AppRegistration
from sendwright.practice.names import HOST
from sendwright.texts import text

_APPLICATION: Final = """client_id = "{client_id}"
certificate_file = "microsoft.crt"
key_file = "microsoft.key"
tenants = ["{tenant}"]
login = "{login}"
graph = "{graph}"
smtp_host = "{host}"
"""


def facts(real: Microsoft, microsoft: SimulatedMicrosoft) -> Microsoft:
    """Return the deployment's facts with the simulated service in them, and register there where it comes back to."""
    made = Microsoft(
        client_id=CLIENT_ID,
        redirect_uri=real.redirect_uri,
        name=real.name,
        authority=microsoft.login,
        graph=microsoft.graph,
        smtp=f"{HOST}:{microsoft.smtp_port}",
    )
    registered = microsoft.tenant.registrations[CLIENT_ID].redirect_uris
    registered |= {made.redirect_uri, f"{microsoft.login}/common/oauth2/nativeclient"}
    return made


def give_application(data: Path, microsoft: SimulatedMicrosoft) -> None:
    """Give the practice backend the credential of the platform's application, and register it at Microsoft."""
    authority = trustme.CA(organization_name="Sendwright practice", key_type=trustme.KeyType.RSA)
    made = authority.issue_cert("application.practice.example", key_type=trustme.KeyType.RSA)
    certificate = made.cert_chain_pems[0].bytes().decode("ascii")
    signing_in = microsoft.tenant.registrations[CLIENT_ID]
    application = AppRegistration(
        client_id=APPLICATION_ID,
        name=signing_in.name,
        public=False,
        redirect_uris=signing_in.redirect_uris,
        delegated=set(),
        application={"Mail.Send"},
    )
    application.upload(certificate)
    microsoft.tenant.registrations[APPLICATION_ID] = application
    (data / "microsoft.crt").write_text(certificate, encoding="ascii")
    key = data / "microsoft.key"
    key.touch(mode=0o600)
    key.write_bytes(made.private_key_pem.bytes())
    words = _APPLICATION.format(
        client_id=APPLICATION_ID,
        tenant=microsoft.tenant.id,
        login=microsoft.login,
        graph=microsoft.graph,
        host=HOST,
    )
    (data / "microsoft.toml").write_text(words, encoding="ascii")


def invitation(microsoft: SimulatedMicrosoft) -> Received:
    """Return the message that tells where the IT department is played."""
    return Received(
        at=datetime.now(UTC),
        sender=str(Address(text("practice.pages.practice"), addr_spec="it@contoso.com")),
        recipient="it@contoso.com",
        subject=text("practice.it-subject"),
        text=text("practice.it-text", address=f"{microsoft.login}/practice/it"),
        html="",
    )
