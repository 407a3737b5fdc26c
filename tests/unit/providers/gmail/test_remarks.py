"""The warnings that stay with a sender through Gmail until they are settled."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.providers.gmail.flows import ANNA, ASKED, NOW, SERVICE, SIGNED_IN

from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.providers.gmail.domains import is_personal
from sendwright.providers.gmail.remarks import remarks
from sendwright.senders.gmail.settings import SenderProof
from sendwright.texts import LANGUAGES, speaking, text

NOTICES = "notices@example.org"
UNPROVEN, ENDS = "gmail.remarks.unproven", "gmail.remarks.ends"
OTHER = replace(SIGNED_IN, sender=NOTICES, proof=SenderProof.UNPROVEN)
ENDING = {"ends_at": NOW + timedelta(days=7)}


@pytest.mark.parametrize(
    ("state", "address", "keys"),
    [
        (ASKED, NOTICES, []),
        (SIGNED_IN, "", []),
        (SIGNED_IN, ANNA.username.upper(), []),
        (SIGNED_IN, NOTICES, [UNPROVEN]),
        (OTHER, "", [UNPROVEN]),
        (replace(OTHER, proof=SenderProof.LISTED), "", []),
        (replace(OTHER, proof=SenderProof.ARRIVED), NOTICES.upper(), []),
        (replace(OTHER, proof=SenderProof.ARRIVED), "sales@example.org", [UNPROVEN]),
        (replace(SIGNED_IN, **ENDING), "", [ENDS]),
        (replace(OTHER, **ENDING), "", [UNPROVEN, ENDS]),
        (SERVICE, SERVICE.subject, []),
        (SERVICE, NOTICES, [UNPROVEN]),
        (replace(SERVICE, **ENDING), SERVICE.subject, []),
    ],
)
def test_what_is_not_settled_is_said_and_nothing_else(state: GmailAnswers, address: str, keys: list[str]) -> None:
    found = remarks(state, address=address)
    assert [one.key for one in found] == keys
    assert all(one.warning for one in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_whose_sender_and_until_when(language: str) -> None:
    with speaking(language):
        unproven, ends = remarks(replace(OTHER, **ENDING), address="")
        assert NOTICES in text(unproven.key, **unproven.values)
        assert ANNA.username in text(ends.key, **ends.values)
        assert str(ends.values["when"]) in text(ends.key, **ends.values)


@pytest.mark.parametrize(
    ("address", "personal"),
    [
        ("clara@gmail.com", True),
        ("clara@GoogleMail.com", True),
        ("anna@example.org", False),
        ("anna@gmail.com.example.org", False),
        ("gmail.com", True),
        ("", False),
    ],
)
def test_a_personal_mailbox_is_known_by_its_domain(address: str, personal: bool) -> None:
    assert is_personal(address) is personal
