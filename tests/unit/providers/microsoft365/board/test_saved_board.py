"""What the board knows survives the program's end, and nothing secret is among it."""

import msgspec
import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.pictured import AT, accepted, account, application, proofs, refused

from sendwright.problems.evidence import Evidence, System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers, Proof
from sendwright.providers.trying import Trial

FULL = account(
    proofs=proofs(me=replace(refused(), granted_at=AT), mailbox=accepted(), smtp=refused("policy")),
    output="Trustee : x",
    recipient="anna@contoso.com",
)


@pytest.mark.parametrize(
    "state", [FULL, application(trial=Trial(version=3, profile="ab")), account(), MicrosoftAnswers()]
)
def test_answers_are_read_back_as_they_were(state: MicrosoftAnswers) -> None:
    written = msgspec.json.encode(state)
    assert msgspec.json.decode(written, type=MicrosoftAnswers) == state


def test_answers_of_an_earlier_version_are_read() -> None:
    old = msgspec.to_builtins(FULL)
    for name in ("recipient", "trial"):
        del old[name]
    for proof in old["proofs"].values():
        proof.pop("evidence", None)
    read = msgspec.convert(old, MicrosoftAnswers)
    assert read.recipient == ""
    assert read.proofs["me"].missing == "send-as"


def test_a_proof_keeps_what_the_refusal_was_recognised_by() -> None:
    evidence = Evidence(stage="sender", system=System.GRAPH, http=403, reason="ErrorSendAsDenied", values={"a": "b"})
    proof = Proof(cell="me", at=AT, accepted=False, evidence=evidence)
    assert msgspec.json.decode(msgspec.json.encode(proof), type=Proof).evidence == evidence
