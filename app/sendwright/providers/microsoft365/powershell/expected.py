"""What the output of a cmdlet has to show, and how Exchange may call an account in it."""

import re

import msgspec

_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SID = re.compile(r"S-1-[0-9-]{1,180}")


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """The wish that output is held against.

    mailbox: what shall send. account, name, oid: who signs in; empty for an application. client_id, control: the
    application and the mailbox that must stay out of its reach; empty for an account. smtp: SMTP is the way.
    """

    mailbox: str
    account: str = ""
    name: str = ""
    oid: str = ""
    client_id: str = ""
    control: str = ""
    smtp: bool = False

    def is_account(self, printed: str) -> bool | None:
        """Tell whether `printed` names the account; None where it cannot be known (an id, or cut off)."""
        if not self.account:
            return False
        words = printed.strip().lower()
        known = {
            self.account.lower(),
            self.name.strip().lower(),
            self.oid.lower(),
            self.account.partition("@")[0].lower(),
        }
        if words in known - {""} or words.rpartition("\\")[2] == self.account.lower():
            return True
        if not words or _ID.fullmatch(words) or _SID.fullmatch(printed.strip()) or words.endswith(("\u2026", "...")):
            return None
        return False

    def is_mailbox(self, printed: str) -> bool:
        """Tell whether `printed` may name the mailbox: only another address certainly does not."""
        words = printed.strip().lower()
        return "@" not in words or words == self.mailbox.lower()
