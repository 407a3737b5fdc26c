from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.providers.microsoft365.pictured import (
    CLIENT,
    DIRECTOR,
    INFO,
    TENANT,
    accepted,
    account,
    application,
    proofs,
    refused,
    world,
)
from tests.unit.providers.microsoft365.powershell.hostile import HOSTILE
from tests.unit.providers.microsoft365.powershell.tokenizer import tokens

from sendwright.deployment import Deployment
from sendwright.deployment.model import Microsoft, Platform
from sendwright.document.blocks import Command, Document, Heading, Link, Mark, Row, Table
from sendwright.document.html import to_html
from sendwright.document.plain import to_plain
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.for_it.ending import Ending, ending
from sendwright.providers.microsoft365.for_it.it_sheet import it_sheet
from sendwright.senders.graph.settings import Route
from sendwright.texts import LANGUAGES, speaking
from sendwright.world import World


def sheet(state: MicrosoftAnswers, of: World | None = None) -> Document:
    return it_sheet(state, of or world())


def facts(document: Document) -> dict[str, str]:
    [table] = [block for block in document.blocks if isinstance(block, Table) and not block.columns]
    return {row.cells[0]: row.cells[1] for row in table.rows}


def rows_of(document: Document, title: str) -> list[Row]:
    for block in document.blocks:
        if isinstance(block, Table) and block.columns and block.columns[0] == title:
            return list(block.rows)
    return []


def commands(document: Document) -> list[str]:
    return [block.value for block in document.blocks if isinstance(block, Command)]


def test_it_says_what_it_is_about_at_a_glance() -> None:
    found = facts(sheet(account()))
    assert found["Id of the application (client)"] == CLIENT
    assert found["Your organisation (tenant)"] == TENANT
    assert found["Signed-in account"] == "Anna Dupont <anna@contoso.com>"
    assert found["Sends from"] == INFO
    assert found["Acts as"] == "signed-in account (delegated)"
    assert facts(sheet(application()))["Must not reach"] == DIRECTOR


@pytest.mark.parametrize(
    ("state", "permissions"),
    [
        (account(), {"User.Read", "Mail.Send", "Mail.Send.Shared", "offline_access"}),
        (account(mailbox="anna@contoso.com", sends_from="own"), {"User.Read", "Mail.Send", "offline_access"}),
        (account(route=Route.SMTP), {"User.Read", "Mail.Send", "Mail.Send.Shared", "SMTP.Send", "offline_access"}),
        (application(), {"Mail.Send"}),
    ],
)
def test_every_permission_stands_there_with_its_kind_and_why(state: MicrosoftAnswers, permissions: set[str]) -> None:
    rows = rows_of(sheet(state), "Permission")
    assert {row.cells[0] for row in rows} == permissions
    assert {row.cells[1] for row in rows} == {"delegated" if state.account else "application"}
    assert all(row.cells[2] for row in rows)


def test_the_commands_are_in_three_parts_in_their_order() -> None:
    for state in (account(), application()):
        titles = [block.text for block in sheet(state).blocks if isinstance(block, Heading)]
        places = [
            titles.index(title)
            for title in ("Commands to grant", "Commands to check (they change nothing)", "Commands to undo")
        ]
        assert places == sorted(places)


def test_each_way_has_its_own_commands_and_not_those_of_the_other() -> None:
    person, app = "\n".join(commands(sheet(account()))), "\n".join(commands(sheet(application())))
    for part in (
        "Add-RecipientPermission",
        "Remove-RecipientPermission",
        "-GrantSendOnBehalfTo @{Remove=",
        "Revoke-MgUserSignInSession",
    ):
        assert part in person
        assert part not in app
    for part in (
        "New-ServicePrincipal",
        "New-ManagementScope",
        "Remove-ManagementRoleAssignment",
        "Application Mail.Send",
    ):
        assert part in app
        assert part not in person
    for part in ("Get-OrganizationConfig | Format-List RejectDirectSend", "Get-EXOMailbox", "Connect-ExchangeOnline"):
        assert part in person
        assert part in app


def test_an_own_mailbox_needs_nothing_granted_in_exchange() -> None:
    written = "\n".join(commands(sheet(account(mailbox="anna@contoso.com"))))
    assert "Add-RecipientPermission" not in written
    assert "Set-CASMailbox" not in written


@pytest.mark.parametrize(
    ("route", "full", "smtp"), [(Route.ME, False, False), (Route.MAILBOX, True, False), (Route.SMTP, True, True)]
)
def test_the_route_decides_about_full_access_and_smtp(route: Route, full: bool, smtp: bool) -> None:
    written = "\n".join(commands(sheet(account(route=route))))
    assert ("Add-MailboxPermission" in written) is full
    assert ("SmtpClientAuthenticationDisabled $false" in written) is smtp


def test_a_proven_message_can_be_traced_by_its_own_values() -> None:
    state = account(proofs=proofs(me=accepted()), recipient="anna@contoso.com")
    [trace] = [command for command in commands(sheet(state)) if "Get-MessageTraceV2" in command]
    assert f"-SenderAddress '{INFO}' -RecipientAddress 'anna@contoso.com'" in trace
    assert "2026-11-20T08:45:00Z" in trace
    assert not any("Get-MessageTraceV2" in command for command in commands(sheet(account())))


def test_the_last_tries_stand_there_with_date_and_number() -> None:
    state = application(proofs=proofs(application=accepted(), control=refused("scope")))
    rows = rows_of(sheet(state), "When")
    assert [row.mark for row in rows] == [Mark.GOOD, Mark.GOOD]
    assert "r-1" in rows[0].cells
    assert rows[1].cells[2].startswith("Refused: a permission")
    assert rows_of(sheet(account()), "When") == []
    bad = application(proofs=proofs(application=accepted(), control=accepted()))
    assert [row.mark for row in rows_of(sheet(bad), "When")] == [Mark.GOOD, Mark.WRONG]


def test_whom_to_ask_comes_from_the_deployment() -> None:
    platform = Platform(name="Acme", support_contact="help@acme.example", help_url="https://acme.example/help")
    there = replace(world().deployment, platform=platform, microsoft=Microsoft(name="Acme Mailer"))
    other = World(**{**vars(world()), "deployment": there})
    document = sheet(account(), other)
    assert "help@acme.example" in to_plain(document)
    assert "https://acme.example/help" in [block.address for block in document.blocks if isinstance(block, Link)]
    assert facts(document)["Name of the application"] == "Acme Mailer"
    assert facts(document)["Published by"] == "Acme"


def test_a_registration_of_ones_own_is_not_published_by_the_platform() -> None:
    found = facts(sheet(account(own=True)))
    assert found["Name of the application"] == "a registration of your own organisation"
    assert found["Published by"] == "\u2013"


def test_links_are_those_of_the_cloud() -> None:
    worldwide = [block.address for block in sheet(account()).blocks if isinstance(block, Link)]
    assert any(address.startswith("https://entra.microsoft.com/") for address in worldwide)
    china = [block.address for block in sheet(application(cloud="china")).blocks if isinstance(block, Link)]
    assert "https://portal.azure.cn" in china
    assert not any("entra.microsoft.com" in address for address in china)
    assert all(address.startswith("https://") for address in (*worldwide, *china))


def test_before_a_mailbox_is_chosen_there_is_a_page_all_the_same() -> None:
    document = sheet(MicrosoftAnswers())
    assert commands(document) == []
    assert "as soon as the mailbox that sends is chosen" in to_plain(document)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_out_of_a_command_or_of_the_page(name: str) -> None:
    known = account().account
    assert known is not None
    state = account(account=replace(known, username=name, name=name), mailbox=f"x{name}", tenant_id=name)
    document = sheet(state)
    for command in commands(document):
        assert "broken" not in {token.kind for token in tokens(command)}
        assert not any("Remove-Mailbox" in token.text for token in tokens(command) if token.kind != "string")
    assert "<script" not in to_html(document)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_address_makes_a_page(mailbox: str, control: str) -> None:
    document = sheet(application(mailbox=mailbox, control=control))
    assert to_plain(document)
    assert to_html(document).encode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [account(), application(), account(route=Route.SMTP, proofs=proofs(smtp=accepted()))])
def test_it_is_written_in_every_language(language: str, state: MicrosoftAnswers) -> None:
    with speaking(language):
        document = sheet(state)
        written = to_plain(document)
        assert INFO in written
        assert CLIENT in to_html(document)
        assert "MC786329" in written
        assert "2026-12-31" in written


def test_when_passwords_for_smtp_end_is_data_in_order() -> None:
    found = ending()
    assert [one.name for one in found.change] == ["off-by-default", "new-organisations", "end-announced"]
    assert [one.after for one in found.change] == [date(2026, 12, 31), date(2026, 12, 31), date(2027, 7, 1)]
    assert found.checked


@pytest.mark.parametrize("wrong", [{}, {"checked": "x", "source": "y", "change": [{"name": "a"}]}, {"extra": 1}])
def test_dates_that_cannot_be_read_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Ending)


def test_the_neutral_deployment_has_a_page() -> None:
    assert sheet(account(), World(**{**vars(world()), "deployment": Deployment()})).blocks


def test_the_object_id_is_read_before_it_is_needed_and_the_wait_is_told() -> None:
    document = sheet(application())
    found = commands(document)
    read = next(at for at, one in enumerate(found) if "Format-List DisplayName,AppId,Id" in one)
    installed = next(at for at, one in enumerate(found) if "Microsoft.Graph.Applications" in one)
    used = next(at for at, one in enumerate(found) if one.startswith("New-ServicePrincipal"))
    assert installed < read < used
    assert "30 minutes to 2 hours" in to_plain(document).replace("\n", " ")
    assert "after a few minutes" in to_plain(sheet(account())).replace("\n", " ")


def test_the_cloud_is_called_by_its_name_and_not_by_our_word_for_it() -> None:
    assert facts(sheet(application()))["Cloud of Microsoft"] == "Worldwide"
