"""Answers about Gmail as they stand after somebody signed in, or for a service account, without anybody asked."""

from datetime import UTC, datetime

from msgspec.structs import replace

from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import USUAL
from sendwright.providers.gmail.answers import Arrived, GmailAnswers, Shown
from sendwright.senders.gmail.sending_addresses import SendingAddress
from sendwright.senders.gmail.settings import SenderProof, Way
from sendwright.vault.vault import SecretRef

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CLIENT = "123456789012-abc.apps.googleusercontent.com"
ANNA = "anna@example.org"
NOTICES = "notices@example.org"
SERVICE_ACCOUNT = "notices@practice-project.iam.gserviceaccount.com"
UNIQUE_ID = "104857600000000000001"
IDENTITY = "sendwright@platform.iam.gserviceaccount.com"

LIST = (
    SendingAddress(address=ANNA, primary=True, default=True),
    SendingAddress(address=NOTICES, name="Notices"),
    SendingAddress(address="pending@example.org", confirmed=False),
    SendingAddress(address="sales@example.com", server="smtp.example.com"),
)


def account(**more: object) -> GmailAnswers:
    """Anna signed in with the account of a Workspace; notices@ shall be seen."""
    anna = Account(
        tenant="https://accounts.google.com", oid="110000000000000000001", username=ANNA, name="Anna",
        domain="example.org",
    )  # fmt: skip
    known = GmailAnswers(
        client_id=CLIENT, account=anna, scopes=USUAL, sender=NOTICES, proof=SenderProof.UNPROVEN,
        grant=SecretRef("google-grant", "one"),
    )  # fmt: skip
    return replace(known, **more)


def service(**more: object) -> GmailAnswers:
    """A service account with a key acts for Anna."""
    known = GmailAnswers(
        way=Way.SERVICE_ACCOUNT,
        service_account=SERVICE_ACCOUNT,
        service_account_id=UNIQUE_ID,
        key=SecretRef("google-service-account-key", "one"),
        subject=ANNA,
    )
    return replace(known, **more)


def granted(at: datetime = AT) -> Shown:
    """Google gave a token."""
    return Shown(at=at, granted=True)


def refused(problem: str = "google-delegation-missing", at: datetime = AT) -> Shown:
    """Google gave none."""
    return Shown(at=at, granted=False, problem=problem)


def arrived(sender: str = NOTICES, **more: object) -> Arrived:
    """A message has arrived."""
    return replace(Arrived(at=AT, sender=sender), **more)
