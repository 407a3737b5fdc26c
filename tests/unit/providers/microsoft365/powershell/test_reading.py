import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.microsoft365.powershell import printed

from sendwright.document.blocks import Line, Mark
from sendwright.providers.microsoft365.powershell.expected import Expected
from sendwright.providers.microsoft365.powershell.reading import read_output
from sendwright.providers.microsoft365.powershell.verdict import Reading, Shown
from sendwright.texts import LANGUAGES, speaking

ANNA = Expected(mailbox="info@contoso.com", account="anna@contoso.com", name="Anna Dupont", oid="0a-1")
BEN = Expected(mailbox="info@contoso.com", account="ben@contoso.com", name="Ben Smith")
APP = Expected(
    mailbox="info@contoso.com", client_id="11111111-2222-3333-4444-555555555555", control="director@contoso.com"
)
OBJECT = "aaaaaaaa-2222-3333-4444-555555555555"


def marked(reading: Reading, mark: Mark) -> list[Line]:
    return [line for line in reading.lines if line.mark is mark]


@pytest.mark.parametrize("text", [printed.SEND_AS_LIST, printed.SEND_AS_TABLE])
def test_send_as_of_the_account_is_seen_in_a_list_and_in_a_table(text: str) -> None:
    reading = read_output(text, ANNA)
    assert reading.shown is Shown.RIGHT
    assert reading.rights == {"send-as": True}
    [line] = marked(reading, Mark.GOOD)
    assert "anna@contoso.com may send as info@contoso.com" in line.remark


@pytest.mark.parametrize("text", [printed.SEND_AS_LIST, printed.SEND_AS_TABLE, printed.ONLY_SELF])
def test_a_list_without_the_account_is_wrong_and_its_last_entry_says_who_lacks(text: str) -> None:
    reading = read_output(text, BEN)
    assert reading.shown is Shown.WRONG
    assert reading.rights == {"send-as": False}
    [line] = marked(reading, Mark.WRONG)
    assert "ben@contoso.com is not in this list" in line.remark


def test_a_denial_weighs_more_than_a_grant() -> None:
    denied = printed.SEND_AS_LIST + "\n" + printed.SEND_AS_LIST.replace("Allow", "Deny")
    reading = read_output(denied, ANNA)
    assert reading.rights == {"send-as": False}
    assert reading.shown is Shown.WRONG
    assert any("denied" in line.remark for line in marked(reading, Mark.WRONG))


@pytest.mark.parametrize("text", [printed.FULL_ACCESS_LIST, printed.FULL_ACCESS_TABLE])
def test_full_access_is_seen_in_both_forms(text: str) -> None:
    assert read_output(text, ANNA).rights == {"full-access": True}
    assert read_output(text, BEN).rights == {"full-access": False}


def test_full_access_that_is_denied_is_marked() -> None:
    reading = read_output(printed.FULL_ACCESS_LIST.replace("Deny         : False", "Deny         : True"), ANNA)
    assert reading.rights == {"full-access": False}
    [line] = marked(reading, Mark.WRONG)
    assert line.text.startswith("User")


def test_reading_permission_alone_is_not_full_access() -> None:
    reading = read_output(printed.FULL_ACCESS_LIST.replace("{FullAccess}", "{ReadPermission}"), ANNA)
    assert reading.rights == {"full-access": False}
    assert "ReadPermission" in " ".join(line.remark for line in reading.lines)


def test_several_rights_in_one_entry_are_told_apart() -> None:
    reading = read_output(printed.FULL_ACCESS_LIST.replace("{FullAccess}", "{ReadPermission, FullAccess}"), ANNA)
    assert reading.rights == {"full-access": True}


def test_output_about_another_mailbox_is_not_taken_for_ours() -> None:
    text = printed.SEND_AS_LIST.replace("Identity          : info", "Identity          : sales@contoso.com")
    reading = read_output(text, ANNA)
    assert reading.shown is Shown.WRONG
    assert "sales@contoso.com" in marked(reading, Mark.WRONG)[0].remark
    assert reading.rights.get("send-as") is not True


def test_the_same_name_in_another_domain_is_another_account() -> None:
    reading = read_output(printed.SEND_AS_LIST.replace("anna@contoso.com", "anna@fabrikam.com"), ANNA)
    assert reading.rights == {"send-as": False}
    [line] = marked(reading, Mark.WRONG)
    assert "anna@fabrikam.com is another account" in line.remark


@pytest.mark.parametrize(
    "trustee",
    ["S-1-5-21-1234-5678-9012-1105", "99999999-2222-3333-4444-555555555555", "anna.dupo\u2026", "anna.dupo..."],
)
def test_a_name_that_cannot_be_told_is_unknown_and_neither_right_nor_wrong(trustee: str) -> None:
    reading = read_output(printed.SEND_AS_LIST.replace("anna@contoso.com", trustee), ANNA)
    assert "send-as" not in reading.rights
    assert reading.shown is Shown.PARTLY
    assert len(marked(reading, Mark.ATTENTION)) == 1


@pytest.mark.parametrize("trustee", ["anna", "Anna Dupont", "ANNA@CONTOSO.COM", "0a-1", "CONTOSO\\anna@contoso.com"])
def test_exchange_may_call_the_account_in_several_ways(trustee: str) -> None:
    assert read_output(printed.SEND_AS_LIST.replace("anna@contoso.com", trustee), ANNA).rights == {"send-as": True}


def test_a_mailbox_says_who_may_send_on_behalf_what_it_is_and_where_copies_go() -> None:
    reading = read_output(printed.MAILBOX_LIST, ANNA)
    assert reading.rights == {"send-on-behalf": True, "copies": True}
    assert reading.shown is Shown.RIGHT
    assert len(marked(reading, Mark.GOOD)) == 3


@pytest.mark.parametrize(
    ("listed", "right"),
    [
        ("{}", False),
        ("{Ben Smith}", False),
        ("{Ben Smith, Anna Dupont}", True),
        ("{anna}", True),
        ("{Ben Smith, 99999999-2222-3333-4444-555555555555}", None),
        ("{Ben Smith, An\u2026}", None),
    ],
)
def test_send_on_behalf_is_read_out_of_its_list(listed: str, right: bool | None) -> None:
    reading = read_output(printed.MAILBOX_LIST.replace("{Anna Dupont}", listed), ANNA)
    assert reading.rights.get("send-on-behalf") is right


@pytest.mark.parametrize(
    ("kind", "mark"),
    [
        ("SharedMailbox", Mark.GOOD),
        ("UserMailbox", Mark.GOOD),
        ("MailUser", Mark.WRONG),
        ("RemoteSharedMailbox", Mark.WRONG),
        ("MailUniversalDistributionGroup", Mark.WRONG),
        ("GroupMailbox", Mark.WRONG),
    ],
)
def test_only_a_mailbox_of_exchange_online_can_send(kind: str, mark: Mark) -> None:
    reading = read_output(f"PrimarySmtpAddress : info@contoso.com\nRecipientTypeDetails : {kind}", ANNA)
    assert kind in marked(reading, mark)[0].remark


def test_an_application_that_reaches_its_mailbox_only_is_as_it_should_be() -> None:
    reading = read_output(printed.AUTHORIZED, APP)
    assert reading.rights == {"scope": True, "limited": True}
    assert reading.shown is Shown.RIGHT
    assert [line.text.split()[-1] for line in marked(reading, Mark.GOOD)] == ["True", "False"]


def test_without_the_commands_the_order_of_ours_counts() -> None:
    text = "\n".join(line for line in printed.AUTHORIZED.split("\n") if not line.startswith("PS>"))
    assert read_output(text, APP).rights == {"scope": True, "limited": True}


def test_an_application_that_reaches_the_control_mailbox_too_is_marked_there() -> None:
    reading = read_output(printed.AUTHORIZED.replace("False", "True"), APP)
    assert reading.rights == {"scope": True, "limited": False}
    [line] = marked(reading, Mark.WRONG)
    assert "director@contoso.com too" in line.remark


def test_an_application_outside_its_scope_is_marked() -> None:
    reading = read_output(printed.AUTHORIZED_TABLE.replace("True", "False"), APP)
    assert reading.rights == {"scope": False}
    assert "outside the scope" in marked(reading, Mark.WRONG)[0].remark


def test_a_test_without_a_mailbox_says_so() -> None:
    reading = read_output(printed.AUTHORIZED_TABLE.replace("True", "Not Run"), APP)
    assert reading.rights == {}
    assert "-Resource" in marked(reading, Mark.ATTENTION)[0].remark


def test_a_role_for_the_whole_organisation_is_marked() -> None:
    text = printed.AUTHORIZED_TABLE.replace("CustomRecipientScope", "OrganizationConfig  ")
    reading = read_output(text, APP)
    assert reading.shown is Shown.WRONG
    assert any("every mailbox" in line.remark for line in marked(reading, Mark.WRONG))


def test_other_roles_alone_do_not_let_an_application_send() -> None:
    reading = read_output(printed.AUTHORIZED_TABLE.replace("Mail.Send", "Mail.Read"), APP)
    assert reading.rights == {"scope": False}
    assert "Application Mail.Send" in marked(reading, Mark.WRONG)[0].remark


@pytest.mark.parametrize(
    ("printed_id", "also", "mark"),
    [
        (OBJECT, "", Mark.ATTENTION),
        (OBJECT, OBJECT, Mark.GOOD),
        ("bbbbbbbb-2222-3333-4444-555555555555", OBJECT, Mark.WRONG),
        (APP.client_id, "", Mark.WRONG),
    ],
)
def test_the_object_id_has_to_be_that_of_the_enterprise_application(printed_id: str, also: str, mark: Mark) -> None:
    text = f"DisplayName : S\nAppId : {APP.client_id}\nObjectId : {printed_id}\n"
    if also:
        text += f"\nDisplayName : S\nAppId : {APP.client_id}\nId : {also}\n"
    reading = read_output(text, APP)
    [line] = marked(reading, mark)
    assert line.text.startswith("ObjectId")


def test_another_application_is_not_ours() -> None:
    reading = read_output(f"DisplayName : X\nAppId : {OBJECT}\nObjectId : {OBJECT}", APP)
    assert APP.client_id in marked(reading, Mark.WRONG)[0].remark


@pytest.mark.parametrize(
    ("scope", "enabled", "shown"),
    [
        ("Sendwright senders 1", "True", Shown.RIGHT),
        ("", "True", Shown.WRONG),
        ("Sendwright senders 1", "False", Shown.WRONG),
    ],
)
def test_an_assignment_has_to_be_limited_and_switched_on(scope: str, enabled: str, shown: Shown) -> None:
    text = f"Name : A\nRole : Application Mail.Send\nCustomResourceScope : {scope}\nEnabled : {enabled}"
    assert read_output(text, APP).shown is shown


@pytest.mark.parametrize(
    ("organisation", "mailbox", "right"),
    [
        ("True", "", False),
        ("True", "False", True),
        ("True", "True", False),
        ("False", "", True),
        ("False", "True", False),
        ("False", "False", True),
    ],
)
def test_the_switch_of_the_mailbox_beats_that_of_the_organisation(organisation: str, mailbox: str, right: bool) -> None:
    text = (
        f"SmtpClientAuthenticationDisabled : {organisation}\n\nName : info\n"
        f"SmtpClientAuthenticationDisabled : {mailbox}"
    )
    smtp = Expected(mailbox="info@contoso.com", account="anna@contoso.com", smtp=True)
    reading = read_output(text, smtp)
    assert reading.rights == {"smtp": right}
    assert (reading.shown is Shown.WRONG) is not right


def test_smtp_that_is_off_hurts_nobody_who_does_not_use_it() -> None:
    assert read_output(printed.SMTP_OFF, ANNA).shown is Shown.PARTLY
    assert marked(read_output(printed.SMTP_OFF, ANNA), Mark.WRONG) == []


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        ("Delivered", Mark.GOOD),
        ("Failed", Mark.WRONG),
        ("Quarantined", Mark.WRONG),
        ("FilteredAsSpam", Mark.WRONG),
        ("Pending", Mark.ATTENTION),
        ("GettingStatus", Mark.ATTENTION),
        ("Beamed", Mark.ATTENTION),
    ],
)
def test_what_became_of_a_message_is_said(status: str, mark: Mark) -> None:
    reading = read_output(printed.TRACE_TABLE.replace("Delivered", status), ANNA)
    assert len(marked(reading, mark)) == 1


@pytest.mark.parametrize(("result", "shown"), [("Granted", Shown.RIGHT), ("Denied", Shown.WRONG)])
def test_an_older_policy_may_keep_the_application_out(result: str, shown: Shown) -> None:
    text = f"AppId : {APP.client_id}\nMailbox : info\nAccessCheckResult : {result}"
    assert read_output(text, APP).shown is shown


def test_what_the_organisation_switches_is_explained_and_not_blamed() -> None:
    reading = read_output("RejectDirectSend : True\nSendFromAliasEnabled : False", ANNA)
    assert marked(reading, Mark.WRONG) == []
    assert all(line.remark for line in reading.lines)


@pytest.mark.parametrize("text", [printed.NOT_FOUND_5, printed.NO_COMMAND_7, printed.NO_COMMAND_FR])
def test_a_pasted_error_is_explained(text: str) -> None:
    reading = read_output(text, ANNA)
    assert reading.shown is Shown.WRONG
    assert marked(reading, Mark.WRONG)[0].remark


@pytest.mark.parametrize("text", ["", "\n", "hello", "{}", "<html>", "SendAs", "\x00", "a" * 100_000])
def test_what_is_no_output_shows_nothing(text: str) -> None:
    reading = read_output(text, ANNA)
    assert reading.shown is Shown.NOTHING
    assert reading.rights == {}


@given(st.text(max_size=500), st.sampled_from([ANNA, BEN, APP]))
def test_anything_is_survived(text: str, wish: Expected) -> None:
    reading = read_output(text, wish)
    assert all(line.remark for line in reading.lines if line.mark is not Mark.NONE)


KEYS = [
    "Identity",
    "Trustee",
    "User",
    "AccessRights",
    "Deny",
    "InScope",
    "RoleName",
    "Role",
    "AppId",
    "ObjectId",
    "Status",
    "RecipientAddress",
    "GrantSendOnBehalfTo",
    "SmtpClientAuthenticationDisabled",
    "AccessCheckResult",
]
VALUES = ["", "True", "False", "{SendAs}", "{FullAccess}", "info", "anna@contoso.com", "Application Mail.Send"]
VALUES += [APP.client_id, "Delivered", "{", "}", "\u2026"]


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=12), st.sampled_from([ANNA, APP]))
def test_any_mixture_of_properties_is_survived(pairs: list[tuple[str, str]], wish: Expected) -> None:
    reading = read_output("\n".join(f"{key} : {value}" for key, value in pairs), wish)
    assert reading.shown in set(Shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_why(language: str) -> None:
    with speaking(language):
        for text, wish in ((printed.SEND_AS_LIST, BEN), (printed.AUTHORIZED, APP), (printed.NO_COMMAND_FR, ANNA)):
            reading = read_output(text, wish)
            assert [line.text for line in reading.lines][1:] == [
                line.rstrip() for line in text.replace("\u00a0", " ").split("\n")
            ][1:]
            assert any(line.remark for line in reading.lines)
