from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.microsoft365.powershell.hostile import HOSTILE
from tests.unit.providers.microsoft365.powershell.tokenizer import tokens

from sendwright.oauth.entra.cloud import CLOUDS
from sendwright.providers.microsoft365.powershell import application_recipes, check_recipes, mailbox_recipes
from sendwright.providers.microsoft365.powershell.connecting import connect, connect_graph
from sendwright.providers.microsoft365.powershell.quoting import visible
from sendwright.providers.microsoft365.powershell.recipe import Purpose, Recipe
from sendwright.texts import LANGUAGES, speaking

CLIENT = "11111111-2222-3333-4444-555555555555"
MAILBOX = "info@contoso.com"
ACCOUNT = "anna@contoso.com"
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def every(
    mailbox: str, account: str, *, name: str = "Sendwright", control: str = "director@contoso.com"
) -> list[Recipe]:
    """Return all recipes there are."""
    return [
        connect("global"),
        *mailbox_recipes.send_as(mailbox, account),
        *mailbox_recipes.send_on_behalf(mailbox, account),
        *mailbox_recipes.full_access(mailbox, account),
        *mailbox_recipes.copies(mailbox),
        *mailbox_recipes.smtp(mailbox),
        *application_recipes.scoping(CLIENT, mailbox, name=name, control=control),
        application_recipes.unlimited_grant(CLIENT, cloud="global", tenant="contoso.com"),
        application_recipes.object_id_lookup(CLIENT, cloud="global", tenant="contoso.com"),
        application_recipes.revoke(CLIENT, cloud="global", tenant="contoso.com"),
        check_recipes.message_trace(mailbox, account, at=AT),
        *check_recipes.organisation(),
        check_recipes.mailbox_kind(mailbox),
        check_recipes.sessions(account, connection=connect_graph("global", "contoso.com", "User.RevokeSessions.All")),
    ]


def shape(command: str) -> list[tuple[str, str]]:
    """Return what a command is made of, apart from the contents of its strings."""
    return [(token.kind, "" if token.kind == "string" else token.text) for token in tokens(command)]


PLAIN = [shape(recipe.command) for recipe in every(MAILBOX, ACCOUNT)]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_changes_what_a_command_does(name: str) -> None:
    recipes = every(name, name, name=name, control=name or "x")
    assert [shape(recipe.command) for recipe in recipes] == PLAIN


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_no_address_changes_what_a_command_does(mailbox: str, account: str, name: str) -> None:
    assert [shape(recipe.command) for recipe in every(mailbox, account, name=name)] == PLAIN


def test_nothing_is_expanded_but_what_we_wrote() -> None:
    words = {token.text for recipe in every(MAILBOX, ACCOUNT) for token in tokens(recipe.command) if "$" in token.text}
    assert words <= {"$app", "$app.Id", "$_.Id", "$true", "$false", "$null", "-Confirm:$false", "-AutoMapping:$false",
                     "-ShowBanner:$false", "$app.ObjectId"}  # fmt: skip


@pytest.mark.parametrize(
    ("recipes", "commands"),
    [
        (
            mailbox_recipes.send_as(MAILBOX, ACCOUNT),
            [
                (
                    f"Add-RecipientPermission -Identity '{MAILBOX}' -Trustee '{ACCOUNT}' -AccessRights SendAs "
                    "-Confirm:$false"
                ),
                (
                    f"Get-RecipientPermission -Identity '{MAILBOX}' | "
                    "Format-List Identity,Trustee,AccessControlType,AccessRights"
                ),
                (
                    f"Remove-RecipientPermission -Identity '{MAILBOX}' -Trustee '{ACCOUNT}' -AccessRights SendAs "
                    "-Confirm:$false"
                ),
            ],
        ),
        (
            mailbox_recipes.send_on_behalf(MAILBOX, ACCOUNT),
            [
                f"Set-Mailbox -Identity '{MAILBOX}' -GrantSendOnBehalfTo @{{Add='{ACCOUNT}'}}",
                (
                    f"Get-Mailbox -Identity '{MAILBOX}' | Format-List PrimarySmtpAddress,RecipientTypeDetails,"
                    "GrantSendOnBehalfTo,MessageCopyForSentAsEnabled,MessageCopyForSendOnBehalfEnabled"
                ),
                f"Set-Mailbox -Identity '{MAILBOX}' -GrantSendOnBehalfTo @{{Remove='{ACCOUNT}'}}",
            ],
        ),
        (
            mailbox_recipes.smtp(MAILBOX),
            [
                f"Set-CASMailbox -Identity '{MAILBOX}' -SmtpClientAuthenticationDisabled $false",
                (
                    "Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled\n"
                    f"Get-CASMailbox -Identity '{MAILBOX}' | Format-List Name,SmtpClientAuthenticationDisabled"
                ),
                f"Set-CASMailbox -Identity '{MAILBOX}' -SmtpClientAuthenticationDisabled $null",
            ],
        ),
    ],
)
def test_the_commands_are_written_as_microsoft_documents_them(recipes: tuple[Recipe, ...], commands: list[str]) -> None:
    assert [recipe.command for recipe in recipes] == commands


def test_what_grants_has_something_that_checks_and_something_that_undoes() -> None:
    for recipes in (
        mailbox_recipes.send_as(MAILBOX, ACCOUNT),
        mailbox_recipes.send_on_behalf(MAILBOX, ACCOUNT),
        mailbox_recipes.full_access(MAILBOX, ACCOUNT),
        mailbox_recipes.smtp(MAILBOX),
        application_recipes.scoping(CLIENT, MAILBOX, name="x"),
    ):
        assert {recipe.purpose for recipe in recipes} == set(Purpose)


def test_what_only_checks_changes_nothing() -> None:
    changing = ("Set-", "Add-", "Remove-", "New-", "Revoke-", "Install-")
    for recipe in every(MAILBOX, ACCOUNT):
        if recipe.purpose is Purpose.VERIFY:
            assert not any(word in recipe.command for word in changing), recipe.command


def test_the_scope_is_limited_to_the_mailbox_and_tested_with_both() -> None:
    commands = "\n".join(
        recipe.command for recipe in application_recipes.scoping(CLIENT, MAILBOX, name="S", control="d@contoso.com")
    )
    assert f"-RecipientRestrictionFilter 'PrimarySmtpAddress -eq ''{MAILBOX}'''" in commands
    assert "-Role 'Application Mail.Send'" in commands
    assert "Test-ServicePrincipalAuthorization" in commands
    assert f"-Resource '{MAILBOX}'" in commands
    assert "-Resource 'd@contoso.com'" in commands


def test_what_was_made_is_removed_by_the_same_name() -> None:
    made = {recipe.name: recipe.command for recipe in application_recipes.scoping(CLIENT, MAILBOX, name="S")}
    scope = application_recipes.scope_name(CLIENT, MAILBOX)
    assignment = application_recipes.assignment_name(CLIENT, MAILBOX)
    assert f"'{scope}'" in made["scope"]
    assert f"'{scope}'" in made["assignment"]
    assert f"'{scope}'" in made["scope-undo"]
    assert f"'{assignment}'" in made["assignment"]
    assert f"'{assignment}'" in made["assignment-undo"]
    assert list(made).index("assignment-undo") < list(made).index("scope-undo") < list(made).index("principal-undo")


@pytest.mark.parametrize("mailbox", [MAILBOX, "x" * 300 + "@contoso.com"])
def test_names_in_exchange_are_short_enough(mailbox: str) -> None:
    assert len(application_recipes.scope_name(CLIENT, mailbox)) <= 64
    assert len(application_recipes.assignment_name(CLIENT, mailbox)) <= 64


def test_two_mailboxes_have_two_scopes() -> None:
    assert application_recipes.scope_name(CLIENT, "a@contoso.com") != application_recipes.scope_name(
        CLIENT, "b@contoso.com"
    )
    assert application_recipes.scope_name(CLIENT, "A@contoso.com") == application_recipes.scope_name(
        CLIENT, "a@contoso.com"
    )


def test_the_place_of_the_object_id_cannot_be_taken_for_an_id() -> None:
    [principal] = [one for one in application_recipes.scoping(CLIENT, MAILBOX, name="S") if one.name == "principal"]
    assert "-ObjectId '<object id of the enterprise application>'" in principal.command
    assert application_recipes.OBJECT_ID_PLACE in principal.block.label


@pytest.mark.parametrize(
    ("cloud", "option"),
    [
        ("", ""),
        ("global", ""),
        ("us-government", ""),
        ("us-government-high", " -ExchangeEnvironmentName O365USGovGCCHigh"),
        ("us-government-dod", " -ExchangeEnvironmentName O365USGovDoD"),
        ("china", " -ExchangeEnvironmentName O365China"),
    ],
)
def test_each_cloud_has_its_own_session(cloud: str, option: str) -> None:
    assert connect(cloud).command.splitlines()[1] == f"Connect-ExchangeOnline{option} -ShowBanner:$false"


@pytest.mark.parametrize("cloud", list(CLOUDS))
def test_graph_powershell_signs_in_where_the_organisation_is(cloud: str) -> None:
    line = connect_graph(cloud, "contoso.com", "A.Read", "B.Write")
    assert "-TenantId 'contoso.com'" in line
    assert "-Scopes 'A.Read','B.Write'" in line
    assert ("-Environment" in line) == (cloud not in {"global", "us-government"})


def test_a_trace_looks_around_the_moment_in_utc() -> None:
    paris = AT.astimezone(timezone(timedelta(hours=1)))
    recipe = check_recipes.message_trace(MAILBOX, "anna@contoso.com", at=paris)
    assert "-StartDate ([datetime]::Parse('2026-11-20T08:45:00Z').ToUniversalTime())" in recipe.command
    assert "-EndDate ([datetime]::Parse('2026-11-20T15:00:00Z').ToUniversalTime())" in recipe.command
    assert "-SenderAddress 'info@contoso.com' -RecipientAddress 'anna@contoso.com'" in recipe.command


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_recipe_has_words(language: str) -> None:
    with speaking(language):
        for recipe in every(MAILBOX, ACCOUNT):
            block = recipe.block
            assert block.value == recipe.command
            assert block.label
            assert "{" not in block.label
    assert visible(MAILBOX) == MAILBOX
