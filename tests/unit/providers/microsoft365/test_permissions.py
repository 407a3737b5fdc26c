"""Which permissions are asked for, which are needed, and which came although nobody asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import APPLICATION, ASKED, SHARED, SIGNED_IN

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.permissions import BASIC, beyond, missing, needed, wanted
from sendwright.senders.graph.settings import Route, Way

READING = ("Mail.Read", "Mail.ReadWrite", "Calendars.Read", "Contacts.Read", "MailboxSettings.Read", "User.Read.All")


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (ASKED, ("User.Read", "Mail.Send", "Mail.Send.Shared")),
        (replace(ASKED, sends_from="own"), ("User.Read", "Mail.Send")),
        (replace(ASKED, sends_from="shared"), ("User.Read", "Mail.Send", "Mail.Send.Shared")),
        (replace(ASKED, smtp=True), ("User.Read", "Mail.Send", "Mail.Send.Shared", "SMTP.Send")),
        (replace(ASKED, sends_from="own", route=Route.SMTP), ("User.Read", "Mail.Send", "SMTP.Send")),
        (replace(ASKED, way=Way.APPLICATION, smtp=True), ("Mail.Send",)),
        (replace(ASKED, way=Way.APPLICATION, sends_from="shared"), ("Mail.Send",)),
    ],
)
def test_no_more_is_asked_for_than_sending_needs(state: MicrosoftAnswers, asked: tuple[str, ...]) -> None:
    assert wanted(state) == asked
    assert not set(wanted(state)) & set(READING)


@pytest.mark.parametrize(
    ("state", "wants"),
    [
        (SIGNED_IN, ("Mail.Send",)),
        (replace(SIGNED_IN, mailbox="ben@contoso.com"), ("Mail.Send",)),
        (replace(SIGNED_IN, mailbox="BEN@contoso.com"), ("Mail.Send",)),
        (replace(SIGNED_IN, mailbox=SHARED), ("Mail.Send", "Mail.Send.Shared")),
        (replace(SIGNED_IN, sends_from="shared"), ("Mail.Send", "Mail.Send.Shared")),
        (replace(SIGNED_IN, sends_from="shared", mailbox="ben@contoso.com"), ("Mail.Send",)),
        (replace(SIGNED_IN, route=Route.SMTP), ("SMTP.Send",)),
        (APPLICATION, ("Mail.Send",)),
        (replace(APPLICATION, mailbox=SHARED, route=Route.MAILBOX), ("Mail.Send",)),
    ],
)
def test_what_is_needed_follows_from_mailbox_and_route(state: MicrosoftAnswers, wants: tuple[str, ...]) -> None:
    assert needed(state) == wants


@pytest.mark.parametrize(
    ("granted", "lacking"),
    [
        ((), ("Mail.Send", "Mail.Send.Shared")),
        (("Mail.Send",), ("Mail.Send.Shared",)),
        (("mail.send", "MAIL.SEND.SHARED"), ()),
        (("Mail.Send.Shared",), ("Mail.Send",)),
        (("Mail.ReadWrite", "User.Read"), ("Mail.Send", "Mail.Send.Shared")),
    ],
)
def test_what_is_missing_is_told_whatever_the_case_of_the_letters(
    granted: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    assert missing(replace(SIGNED_IN, mailbox=SHARED), granted) == lacking


def test_what_nobody_asked_for_is_told() -> None:
    given_too = ("Mail.Send", "User.Read", "Mail.Read", "openid", "offline_access", "Files.ReadWrite.All")
    assert beyond(SIGNED_IN, given_too) == ("Mail.Read", "Files.ReadWrite.All")
    assert beyond(replace(SIGNED_IN, route=Route.SMTP), ("SMTP.Send", "Mail.Send")) == ()
    assert beyond(APPLICATION, ("Mail.Send", "User.Read.All")) == ("User.Read.All",)


@given(st.lists(st.sampled_from([*READING, *BASIC, "Mail.Send", "Mail.Send.Shared", "User.Read"]), unique=True))
def test_whatever_is_granted_is_either_wanted_needed_basic_or_beyond(granted: list[str]) -> None:
    state = replace(SIGNED_IN, mailbox=SHARED)
    more = beyond(state, granted)
    assert set(granted) == set(more) | (set(granted) & {*wanted(state), *needed(state), *BASIC})
    assert not set(more) & set(wanted(state))
    assert bool(missing(state, granted)) == (not {"Mail.Send", "Mail.Send.Shared"} <= set(granted))
