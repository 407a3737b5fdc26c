import pytest
from tests.unit.providers.microsoft365.pictured import (
    ANNA,
    DIRECTOR,
    INFO,
    accepted,
    account,
    application,
    proofs,
    refused,
    world,
)

from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.board.mailbox_step import MailboxStep, limited
from sendwright.providers.trying import Trial
from sendwright.screens import Choice, Form, Rejected
from sendwright.senders.graph.settings import Route
from sendwright.texts import has, text

STEP = MailboxStep()


async def taken(state: MicrosoftAnswers, **answer: str) -> MicrosoftAnswers:
    return await STEP.accept(state, answer, world(), lambda _: None)


async def wrong(state: MicrosoftAnswers, **answer: str) -> dict[str, str]:
    with pytest.raises(Rejected) as rejected:
        await taken(state, **answer)
    return rejected.value.fields


def test_it_is_asked_once_somebody_signed_in_or_consented() -> None:
    assert STEP.applies(account())
    assert STEP.applies(application())
    assert not STEP.applies(account(account=None))
    assert not STEP.applies(application(consented=False))
    assert not STEP.applies(account(reconnecting=True))


def test_an_account_chooses_between_its_own_mailbox_and_another() -> None:
    screen = STEP.show(account(mailbox=""), world())
    assert isinstance(screen, Choice)
    assert [option.value for option in screen.options] == ["own", "other"]
    assert screen.options[0].note == ANNA.username
    assert [field.only_for for field in screen.fields] == ["other"]
    assert {notice.key for notice in screen.notices} >= {"microsoft365.mailbox.blocked", "microsoft365.mailbox.copies"}
    for key in (screen.title, screen.lead, *(option.label for option in screen.options)):
        assert text(key, **screen.values)


@pytest.mark.parametrize(
    ("state", "chosen", "typed"),
    [
        (account(mailbox=""), "own", ""),
        (account(mailbox="", address="noreply@contoso.com"), "other", "noreply@contoso.com"),
        (account(mailbox="", address="ANNA@contoso.com"), "own", ""),
        (account(mailbox=INFO), "other", INFO),
        (account(mailbox=ANNA.username), "own", ""),
    ],
)
def test_what_was_said_before_stands_there(state: MicrosoftAnswers, chosen: str, typed: str) -> None:
    screen = STEP.show(state, world())
    assert isinstance(screen, Choice)
    assert (screen.chosen, screen.fields[0].value) == (chosen, typed)


def test_an_application_is_asked_for_both_mailboxes() -> None:
    screen = STEP.show(application(), world())
    assert isinstance(screen, Form)
    assert {field.name: field.value for field in screen.fields} == {"mailbox": INFO, "control": DIRECTOR}
    for field in screen.fields:
        assert has(field.label)
        assert has(field.help)
        assert not field.only_for


async def test_the_own_mailbox_is_that_of_the_account() -> None:
    state = await taken(account(mailbox=""), choice="own", mailbox="ignored@contoso.com")
    assert state.mailbox == ANNA.username
    assert not state.shared


async def test_another_mailbox_is_taken_as_it_was_typed() -> None:
    state = await taken(account(mailbox=""), choice="other", mailbox=" info@contoso.com ")
    assert state.mailbox == INFO
    assert state.shared


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"choice": "other", "mailbox": ""}, "mailbox"),
        ({"choice": "other", "mailbox": "no address"}, "mailbox"),
        ({"choice": "other"}, "mailbox"),
        ({"choice": "nothing"}, "choice"),
        ({}, "choice"),
    ],
)
async def test_what_cannot_be_used_is_marked(answer: dict[str, str], field: str) -> None:
    found = await wrong(account(mailbox=""), **answer)
    assert list(found) == [field]
    assert has(found[field])


async def test_an_application_may_leave_the_control_mailbox_out() -> None:
    state = await taken(application(mailbox="", control=""), mailbox=INFO, control="")
    assert (state.mailbox, state.control, state.route) == (INFO, "", Route.MAILBOX)


@pytest.mark.parametrize("control", [INFO, "INFO@contoso.com"])
async def test_the_control_mailbox_is_another_one(control: str) -> None:
    assert await wrong(application(), mailbox=INFO, control=control) == {"control": "microsoft365.mailbox.control-same"}


async def test_both_mistakes_are_said_at_once() -> None:
    assert set(await wrong(application(), mailbox="x", control="y")) == {"mailbox", "control"}


async def test_what_was_proven_of_another_mailbox_is_forgotten() -> None:
    before = account(proofs=proofs(me=accepted()), route=Route.SMTP, trial=Trial(version=1, profile="x"))
    after = await taken(before, choice="other", mailbox="sales@contoso.com")
    assert (after.proofs, after.trial, after.route) == ({}, None, Route.ME)
    same = await taken(before, choice="other", mailbox="INFO@contoso.com")
    assert same.proofs == before.proofs


async def test_another_control_mailbox_leaves_the_rest_proven() -> None:
    before = application(proofs=proofs(application=accepted(), control=refused("scope")))
    after = await taken(before, mailbox=INFO, control="boss@contoso.com")
    assert set(after.proofs) == {"application"}
    assert (await taken(before, mailbox=INFO, control=DIRECTOR)).proofs == before.proofs


@pytest.mark.parametrize(
    ("mailbox", "warned"),
    [
        ("a@contoso.onmicrosoft.com", True),
        (" A@CONTOSO.ONMICROSOFT.COM ", True),
        ("a@contoso.onmicrosoft.us", True),
        ("a@contoso.partner.onmschina.cn", True),
        ("a@contoso.com", False),
        ("a@onmicrosoft.com.example.org", False),
        ("", False),
    ],
)
async def test_an_address_of_the_initial_domain_is_warned_of_while_it_is_typed(mailbox: str, warned: bool) -> None:
    advice = await STEP.advise(account(), {"choice": "other", "mailbox": mailbox}, world())
    assert bool(advice.notices) is warned
    assert all(notice.warning and text(notice.key, **notice.values) for notice in advice.notices)
    assert limited(mailbox) == advice.notices


async def test_the_own_mailbox_is_warned_of_by_its_own_address() -> None:
    advice = await STEP.advise(account(), {"choice": "own", "mailbox": "a@contoso.onmicrosoft.com"}, world())
    assert advice.notices == ()
