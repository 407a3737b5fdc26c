"""What shows how the organisation is set up, and what became of a message. Nothing here changes anything."""

from datetime import UTC, datetime, timedelta

from sendwright.providers.microsoft365.powershell.quoting import literal
from sendwright.providers.microsoft365.powershell.recipe import Recipe, undo, verify

_BEFORE = timedelta(minutes=15)
_AFTER = timedelta(hours=6)


def message_trace(sender: str, recipient: str, *, at: datetime) -> Recipe:
    """Return the query for what became of a message sent at about `at` (aware).

    The times are written in UTC, and so that no language of the computer reads them otherwise.
    """
    begin, end = (_written(moment) for moment in (at - _BEFORE, at + _AFTER))
    return verify(
        "trace",
        f"Get-MessageTraceV2 -SenderAddress {literal(sender)} -RecipientAddress {literal(recipient)} "
        f"-StartDate {begin} -EndDate {end} | "
        "Format-List Received,SenderAddress,RecipientAddress,Subject,Status,MessageId",
        sender=sender,
        recipient=recipient,
    )


def organisation() -> tuple[Recipe, ...]:
    """Return the checks of switches that hold for the whole organisation."""
    return (
        verify("direct-send", "Get-OrganizationConfig | Format-List RejectDirectSend,SendFromAliasEnabled"),
        verify(
            "mailbox-policies",
            "Get-ApplicationAccessPolicy | Format-List AppId,ScopeName,ScopeIdentity,AccessRight",
        ),
    )


def mailbox_kind(mailbox: str) -> Recipe:
    """Return the check whether the mailbox is a shared one."""
    return verify(
        "mailbox-kind",
        f"Get-EXOMailbox -Identity {literal(mailbox)} -Properties RecipientTypeDetails,PrimarySmtpAddress | "
        "Format-List PrimarySmtpAddress,RecipientTypeDetails",
        mailbox=mailbox,
    )


def sessions(account: str, *, connection: str) -> Recipe:
    """Return how to end all sign-ins of an account, that of the backend among them."""
    return undo(
        "sessions-undo",
        connection,
        f"Revoke-MgUserSignInSession -UserId {literal(account)}",
        account=account,
    )


def _written(moment: datetime) -> str:
    return f"([datetime]::Parse({literal(f'{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}')}).ToUniversalTime())"
