"""Answers about Microsoft 365 as they stand after somebody signed in or consented, and a world without a network."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.structs import replace
from tests.unit.providers.doubles import make_world

from sendwright.oauth.account import Account
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.senders.graph.settings import Way
from sendwright.world import World

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CLIENT = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-2222-3333-4444-555555555555"
INFO = "info@contoso.com"
DIRECTOR = "director@contoso.com"
ANNA = Account(
    tenant=TENANT, oid="0a0a0a0a-2222-3333-4444-555555555555", username="anna@contoso.com", name="Anna Dupont"
)
GRAPH = ("User.Read", "Mail.Send", "Mail.Send.Shared")


def account(**more: object) -> MicrosoftAnswers:
    """Anna signed in; info@ shall send."""
    known = MicrosoftAnswers(client_id=CLIENT, tenant_id=TENANT, account=ANNA, scopes=GRAPH, mailbox=INFO)
    return replace(known, **more)


def application(**more: object) -> MicrosoftAnswers:
    """The application may act; info@ shall send, director@ must not."""
    known = MicrosoftAnswers(
        way=Way.APPLICATION, client_id=CLIENT, tenant_id=TENANT, consented=True, mailbox=INFO, control=DIRECTOR
    )
    return replace(known, **more)


def proofs(**by_cell: Proof) -> Mapping[str, Proof]:
    """Return proofs by cell."""
    return {name: replace(proof, cell=name) for name, proof in by_cell.items()}


def accepted(at: datetime = AT, request_id: str = "r-1") -> Proof:
    """Microsoft took a message."""
    return Proof(cell="", at=at, accepted=True, request_id=request_id)


def refused(missing: str = "send-as", at: datetime = AT, reason: str = "ErrorSendAsDenied") -> Proof:
    """Microsoft refused a message."""
    evidence = Evidence(stage="sender", system=System.GRAPH, http=403, reason=reason)
    return Proof(cell="", at=at, accepted=False, missing=missing, problem="sender-not-allowed", evidence=evidence)


def problem(**seen: object) -> Problem:
    """Return the problem that evidence shows."""
    return classify(Evidence(**({"stage": "sender", "system": System.GRAPH} | seen)))


def world() -> World:
    """Return a world in which nothing is to be asked."""
    return make_world()
