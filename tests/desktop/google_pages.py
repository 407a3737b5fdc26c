"""The pages of Gmail, as its steps make them, and the way back to the platform's sender."""

from dataclasses import replace as with_
from datetime import timedelta

from msgspec.structs import replace
from tests.unit.providers.doubles import make_world
from tests.wizard.surroundings import NOW, ORGANISATION

from sendwright.deployment import Deployment, Google
from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.wire import ProfileState
from sendwright.oauth.account import Account
from sendwright.oauth.google.scopes import USUAL
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.gmail.answers import Arrived, Check, GmailAnswers, Shown
from sendwright.providers.gmail.provider import Gmail
from sendwright.providers.gmail.sign_in import ways_on
from sendwright.screens import Consent, ConsentWay, Notice, Screen
from sendwright.senders.gmail.settings import Way
from sendwright.vault.vault import SecretRef
from sendwright.wizard.disconnect import DisconnectedStep, DisconnectStep
from sendwright.wizard.draft import Disconnection, Draft, Platform, Purpose

CLIENT_ID = "123456789012-0abcdefghijklmnopqrstuvwxyz12345.apps.googleusercontent.com"
SERVICE_ACCOUNT = "notices@practice-project.iam.gserviceaccount.com"
ANNA = Account(
    tenant="https://accounts.google.com", oid="110000000000000000001", username="anna@example.org", domain="example.org"
)
WORLD = with_(make_world(), deployment=Deployment(google=Google(client_id=CLIENT_ID)), clock=lambda: NOW)
GMAIL = Gmail()
EMPTY = GmailAnswers(address="anna@example.org", client_id=CLIENT_ID)
CONNECTED = replace(
    EMPTY, account=ANNA, scopes=USUAL, granted_at=NOW, grant=SecretRef("google-grant", "1"), ends_at=NOW + timedelta(7)
)
OTHER = replace(CONNECTED, sender="notifications@example.org")
SENT = replace(OTHER, sent="<a@example.org>", sent_at=NOW, recipient="anna@example.org")
REPLACED = replace(SENT, arrived=Arrived(at=NOW, sender="anna@example.org", original="notifications@example.org"))
SERVICE = replace(
    EMPTY,
    way=Way.SERVICE_ACCOUNT,
    service_account=SERVICE_ACCOUNT,
    service_account_id="104857600000000000001",
    key=SecretRef("google-service-account-key", "1"),
)
TRIED = replace(
    SERVICE,
    subject="notifications@example.org",
    control="ben@example.org",
    checks={Check.SENDER: Shown(at=NOW, granted=True), Check.CONTROL: Shown(at=NOW, granted=True)},
)
REFUSED = Evidence(stage="sign-in", system=System.GOOGLE, error="unauthorized_client", http=401)
WAITING = replace(
    TRIED,
    delegated_at=NOW,
    checks={Check.SENDER: Shown(at=NOW, granted=False, problem=classify(REFUSED).code, evidence=REFUSED)},
)
CONSENT = Consent(
    step="gmail-consent",
    title="gmail.consent.title",
    lead="gmail.consent.lead",
    url="https://accounts.google.com/o/oauth2/v2/auth?client_id=6&prompt=select_account+consent&response_type=code",
    way=ConsentWay.BROWSER,
    redirect_uri="http://127.0.0.1:50123/",
    actions=ways_on.on_page(EMPTY),
    notices=(
        Notice(key="gmail.consent.tick", warning=True),
        Notice(key="gmail.consent.expected", values={"account": "notifications@contoso.com"}),
    ),
)
PROFILE = GMAIL.profile(CONNECTED, address="", alias="Example Organisation")
STANDING = ProfileState(
    version=7, state="in-force", profile=PROFILE, credential=None, created_at=NOW, created_by="Anna's laptop"
)
IN_FORCE = Draft(
    id="draft",
    purpose=Purpose.DISCONNECT,
    platform=Platform(
        address=BackendAddress(url="https://backend.example"),
        token=SecretRef("backend-token", "1"),
        organisation=replace(ORGANISATION, in_force=STANDING),
    ),
)


def gone(**how: object) -> Draft:
    """Return the draft after the platform's sender came back."""
    platform = IN_FORCE.platform
    assert platform is not None
    platform = replace(platform, organisation=ORGANISATION)
    return replace(IN_FORCE, platform=platform, disconnection=Disconnection(former=STANDING, **how))  # type: ignore[arg-type]


def _of(step: str, answers: GmailAnswers) -> Screen:
    return next(one for one in GMAIL.steps if one.id == step).show(answers, WORLD)


PAGES: dict[str, Screen] = {
    "gmail-way": _of("gmail-way", EMPTY),
    "gmail-client": _of("gmail-client", replace(EMPTY, own=True)),
    "gmail-plan": _of("gmail-plan", EMPTY),
    "gmail-consent": CONSENT,
    "gmail-connected": _of("gmail-connected", CONNECTED),
    "gmail-key": _of("gmail-key", SERVICE),
    "gmail-delegation": _of("gmail-delegation", TRIED),
    "gmail-delegation-waiting": _of("gmail-delegation", WAITING),
    "gmail-sender": _of("gmail-sender", OTHER),
    "gmail-alias": _of("gmail-alias", OTHER),
    "gmail-alias-sent": _of("gmail-alias", SENT),
    "gmail-alias-replaced": _of("gmail-alias", REPLACED),
    "disconnect": DisconnectStep().show(IN_FORCE, WORLD),
    "disconnected": DisconnectedStep().show(gone(), WORLD),
    "disconnected-left": DisconnectedStep().show(gone(revoked=False, problem="connection-refused"), WORLD),
}
ASKING = {name for name, page in PAGES.items() if getattr(page, "fields", ())}
STOPS = {
    "gmail-sender": "sender",
    "gmail-alias": "sender",
    "gmail-alias-sent": "sender",
    "gmail-alias-replaced": "sender",
}
"""Where a page stands on the rail, unless at the connection."""
