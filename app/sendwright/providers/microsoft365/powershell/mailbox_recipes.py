"""Rights on a mailbox for an account that signs in: to grant, to check, to undo.

Source: the Exchange PowerShell reference, learn.microsoft.com/powershell/module/exchangepowershell.
"""

from sendwright.providers.microsoft365.powershell.quoting import literal
from sendwright.providers.microsoft365.powershell.recipe import Recipe, grant, undo, verify


def send_as(mailbox: str, account: str) -> tuple[Recipe, ...]:
    """Return the recipes of Send As: recipients see the mailbox and nothing else."""
    who, of = literal(account), literal(mailbox)
    names = {"mailbox": mailbox, "account": account}
    return (
        grant(
            "send-as",
            f"Add-RecipientPermission -Identity {of} -Trustee {who} -AccessRights SendAs -Confirm:$false",
            **names,
        ),
        verify(
            "send-as-check",
            f"Get-RecipientPermission -Identity {of} | Format-List Identity,Trustee,AccessControlType,AccessRights",
            **names,
        ),
        undo(
            "send-as-undo",
            f"Remove-RecipientPermission -Identity {of} -Trustee {who} -AccessRights SendAs -Confirm:$false",
            **names,
        ),
    )


def send_on_behalf(mailbox: str, account: str) -> tuple[Recipe, ...]:
    """Return the recipes of Send on Behalf: recipients see the account beside the mailbox."""
    who, of = literal(account), literal(mailbox)
    names = {"mailbox": mailbox, "account": account}
    return (
        grant("on-behalf", f"Set-Mailbox -Identity {of} -GrantSendOnBehalfTo @{{Add={who}}}", **names),
        verify(
            "on-behalf-check",
            f"Get-Mailbox -Identity {of} | Format-List PrimarySmtpAddress,RecipientTypeDetails,GrantSendOnBehalfTo,"
            "MessageCopyForSentAsEnabled,MessageCopyForSendOnBehalfEnabled",
            **names,
        ),
        undo("on-behalf-undo", f"Set-Mailbox -Identity {of} -GrantSendOnBehalfTo @{{Remove={who}}}", **names),
    )


def full_access(mailbox: str, account: str) -> tuple[Recipe, ...]:
    """Return the recipes of Full Access; without automapping, so that Outlook does not open the mailbox by itself."""
    who, of = literal(account), literal(mailbox)
    names = {"mailbox": mailbox, "account": account}
    return (
        grant(
            "full-access",
            f"Add-MailboxPermission -Identity {of} -User {who} -AccessRights FullAccess -AutoMapping:$false",
            **names,
        ),
        verify(
            "full-access-check",
            f"Get-MailboxPermission -Identity {of} -User {who} | "
            "Format-List Identity,User,AccessRights,IsInherited,Deny",
            **names,
        ),
        undo(
            "full-access-undo",
            f"Remove-MailboxPermission -Identity {of} -User {who} -AccessRights FullAccess -Confirm:$false",
            **names,
        ),
    )


def copies(mailbox: str) -> tuple[Recipe, ...]:
    """Return the recipes that put a copy of what an account sent into the mailbox's own Sent Items."""
    of = literal(mailbox)
    switches = ("MessageCopyForSentAsEnabled", "MessageCopyForSendOnBehalfEnabled")
    on, off = (" ".join(f"-{switch} {value}" for switch in switches) for value in ("$true", "$false"))
    return (
        grant("copies", f"Set-Mailbox -Identity {of} {on}", mailbox=mailbox),
        undo("copies-undo", f"Set-Mailbox -Identity {of} {off}", mailbox=mailbox),
    )


def smtp(mailbox: str) -> tuple[Recipe, ...]:
    """Return the recipes that let one mailbox submit by SMTP while the organisation's switch stays as it is."""
    of = literal(mailbox)
    return (
        grant("smtp", f"Set-CASMailbox -Identity {of} -SmtpClientAuthenticationDisabled $false", mailbox=mailbox),
        verify(
            "smtp-check",
            "Get-TransportConfig | Format-List SmtpClientAuthenticationDisabled",
            f"Get-CASMailbox -Identity {of} | Format-List Name,SmtpClientAuthenticationDisabled",
            mailbox=mailbox,
        ),
        undo("smtp-undo", f"Set-CASMailbox -Identity {of} -SmtpClientAuthenticationDisabled $null", mailbox=mailbox),
    )
