"""Reads the addresses that a mailbox may send as (users.settings.sendAs)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

import msgspec

from sendwright.network.network import Network
from sendwright.oauth.fixed import FixedAccess
from sendwright.oauth.grant import AccessToken
from sendwright.oauth.web import Web
from sendwright.problems.evidence import System
from sendwright.senders.gmail.asking import ME, Asking
from sendwright.senders.gmail.sender import values_of
from sendwright.senders.gmail.settings import GmailSettings
from sendwright.senders.interface.answer import lowered
from sendwright.senders.interface.asking import Request
from sendwright.senders.interface.checking import is_address

MOST: Final = 500
"""Entries that are read; Gmail allows a mailbox 99 addresses beside its own (support.google.com/mail/answer/22370)."""

_PATH: Final = f"{ME}/settings/sendAs"
_CONFIRMED: Final = frozenset({"", "accepted", "verificationStatusUnspecified"})
_LONGEST_NAME: Final = 200


class SendingAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the mailbox's list of sending addresses. confirmed: it may be used. server: it goes out elsewhere.

    Source: developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs
    """

    address: str
    name: str = ""
    primary: bool = False
    default: bool = False
    confirmed: bool = True
    server: str = ""


async def read_addresses(
    settings: GmailSettings,
    access: AccessToken,
    network: Network,
    *,
    web: Web | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[SendingAddress, ...]:
    """Return the mailbox's list, as it stands there; what cannot be read in it is left out.

    access: with a scope that may read settings (oauth.google.scopes.SETTINGS). Raises SendFailed, stage `sender`.
    """
    tokens = FixedAccess(access, clock=clock, system=System.GOOGLE)
    asking = Asking(settings.place.gmail, tokens, network, values=values_of(settings), web=web, clock=clock)
    try:
        answer = await asking.ask(Request(method="GET", path=_PATH, stage="sender"))
    finally:
        await asking.close()
    listed = answer.content.get("sendAs")
    found = map(address_of, listed[:MOST] if isinstance(listed, list) else [])
    return tuple(one for one in found if one is not None)


async def read_address(asking: Asking, address: str) -> SendingAddress | None:
    """Return the entry of `address`, None for one that cannot be read. Raises SendFailed: 404 where there is none."""
    path = f"{_PATH}/{quote(address, safe='@')}"
    answer = await asking.ask(Request(method="GET", path=path, stage="sender"), values={"sender": address})
    return address_of(answer.content)


def address_of(entry: object) -> SendingAddress | None:
    """Return one entry, None for one without an address.

    Absence of `verificationStatus` says that nothing has to be confirmed: the primary entry has none. Only what is
    explicitly not accepted may not be used. `smtpMsa` with a host: it goes out over that server.
    """
    fields = lowered(entry)
    address = fields.get("sendasemail")
    if not isinstance(address, str) or not is_address(address):
        return None
    host = lowered(fields.get("smtpmsa")).get("host")
    return SendingAddress(
        address=address,
        name=_text(fields.get("displayname")),
        primary=fields.get("isprimary") is True,
        default=fields.get("isdefault") is True,
        confirmed=_text(fields.get("verificationstatus")) in _CONFIRMED,
        server=_text(host),
    )


def _text(value: object) -> str:
    return value[:_LONGEST_NAME] if isinstance(value, str) else ""
