"""What a program must know of a kind of sender without knowing which provider it belongs to."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sendwright.network.network import Network
from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.pace import Limits, Paces
from sendwright.senders.sender import Sender
from sendwright.senders.sources import TokenSources


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a sender is made of beside its profile.

    credentials: by name. grant: keeps the refresh token of an account that signed in, None where there is none. paces:
    those of the mailboxes in this process; sources: of tokens that its senders share, None shares none.
    """

    credentials: Mapping[str, Secret]
    network: Network
    grant: GrantKeeper | None
    paces: Paces
    sources: TokenSources | None


def no_places(profile: SenderProfile) -> AbstractSet[str]:
    """Return that the profile names no place but the provider's own."""
    del profile
    return frozenset()


def no_limits(profile: SenderProfile) -> Limits | None:
    """Return that the service says nothing of limits."""
    del profile
    return None


def no_remark(profile: SenderProfile) -> str:
    """Return that there is nothing to be said of the profile."""
    del profile
    return ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One way of sending; each function may raise senders.unusable.ProfileUnusable.

    open: makes the sender. mailbox: names the account whose limits all its messages share. credentials: the sets of
    names of credentials that the sender can do with, `refresh_token` among them where a grant signs in; what a backend
    adds of its own is not named. sign_in: what two profiles have in common that sign in as the same at the same place:
    who, and every place that a secret goes to. places: what stands in the place of the provider's own hosts, for
    practice and tests only. limits: what is never exceeded at the mailbox, whatever a queue's policy says. revoke: ends
    the grant that a refresh token belongs to at its provider, and raises Failure where that did not succeed; None where
    there is no such thing. remark: the code of a problem that a person is to know of while messages leave all the same,
    empty where there is none.
    """

    open: Callable[[SenderProfile, Means], Sender]
    mailbox: Callable[[SenderProfile], str]
    credentials: Callable[[SenderProfile], Sequence[AbstractSet[str]]]
    sign_in: Callable[[SenderProfile], Mapping[str, object]]
    places: Callable[[SenderProfile], AbstractSet[str]] = no_places
    limits: Callable[[SenderProfile], Limits | None] = no_limits
    revoke: Callable[[SenderProfile, Means, Secret], Awaitable[None]] | None = None
    remark: Callable[[SenderProfile], str] = no_remark
