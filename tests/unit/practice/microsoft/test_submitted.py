"""A message as its recipients see it."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.practice.messages import parse, recipients, stated_sender
from sendwright.practice.microsoft.contoso import BEN, INFO, NOREPLY, contoso
from sendwright.practice.microsoft.rights import Identity
from sendwright.practice.microsoft.submitted import delivered


def made(**headers: str) -> EmailMessage:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return parse(f"{head}\r\nWords\r\n".encode())


@pytest.mark.parametrize(
    ("headers", "everybody"),
    [
        ({}, []),
        ({"To": "a@example.org"}, ["a@example.org"]),
        ({"To": "A <a@example.org>, b@example.org", "Cc": "c@example.org"},
         ["a@example.org", "b@example.org", "c@example.org"]),
        ({"Bcc": "d@example.org"}, ["d@example.org"]),
        ({"To": "undisclosed-recipients:;"}, []),
        ({"To": "no address"}, []),
        ({"To": "a@example.org, broken"}, ["a@example.org"]),
    ],
)  # fmt: skip
def test_everybody_it_is_for_is_found(headers: dict[str, str], everybody: list[str]) -> None:
    assert recipients(made(**headers)) == everybody


@pytest.mark.parametrize(
    ("header", "address"),
    [("", ""), (BEN, BEN), (f"Ben <{BEN}>", BEN), (f'"<x@y.example>" <{BEN}>', BEN), ("nonsense", "nonsense")],
)
def test_whose_it_claims_to_be_is_read_from_the_address_only(header: str, address: str) -> None:
    message = made(From=header) if header else made()
    assert stated_sender(message) == address


@pytest.mark.parametrize(
    ("stated", "identity", "sender", "submitter"),
    [
        ("", Identity(mailbox=BEN), f"Ben Example <{BEN}>", ""),
        (BEN, Identity(mailbox=BEN), f"Ben Example <{BEN}>", ""),
        (f"Alerts <{NOREPLY}>", Identity(mailbox=NOREPLY), f"Alerts <{NOREPLY}>", ""),
        (f"Alerts <{INFO}>", Identity(mailbox=INFO, sender=BEN), f"Alerts <{INFO}>", f"Ben Example <{BEN}>"),
        (f"=?utf-8?q?Gr=C3=BC=C3=9Fe?= <{INFO}>", Identity(mailbox=INFO), f"Grüße <{INFO}>", ""),
    ],
)
def test_recipients_see_the_alias_and_who_sent_on_behalf(
    stated: str, identity: Identity, sender: str, submitter: str
) -> None:
    message = made(From=stated) if stated else made()
    received = delivered(message, identity, contoso(), to=["a@example.org"], at=BEN)
    assert received.sender == sender
    assert received.sender_header == submitter
    assert received.on_behalf_of == (sender if submitter else "")
    assert (received.mailbox, received.recipient) == (BEN, "a@example.org")
    assert received.text.strip() == "Words"


@pytest.mark.parametrize("allowed", [False, True])
def test_another_address_shows_only_where_it_is_allowed(allowed: bool) -> None:
    tenant = contoso()
    tenant.aliases["alerts@contoso.com"] = NOREPLY
    tenant.policies.send_from_alias = allowed
    message = made(From="Alerts <alerts@contoso.com>")
    received = delivered(message, Identity(mailbox=NOREPLY), tenant, to=[], at=NOREPLY)
    assert received.sender == f"Alerts <{'alerts@contoso.com' if allowed else NOREPLY}>"


@pytest.mark.parametrize("address", ["jane@example.org", "nobody@contoso.com"])
def test_an_address_of_nobody_never_shows(address: str) -> None:
    tenant = contoso()
    tenant.policies.send_from_alias = True
    received = delivered(made(From=address), Identity(mailbox=NOREPLY), tenant, to=[], at=NOREPLY)
    assert received.sender == f"Contoso <{NOREPLY}>"


@given(st.binary(max_size=2000))
def test_whatever_is_handed_over_is_read(content: bytes) -> None:
    message = parse(content)
    assert all("@" in one for one in recipients(message))
    received = delivered(message, Identity(mailbox=BEN), contoso(), to=[], at=BEN)
    assert received.sender.endswith(f"<{BEN}>")


def test_the_name_of_a_message_is_kept() -> None:
    received = delivered(
        made(**{"Message-ID": "<1@contoso.com>", "Subject": "Hi"}), Identity(mailbox=BEN), contoso(), to=[], at=BEN
    )
    assert (received.message_id, received.subject) == ("<1@contoso.com>", "Hi")
