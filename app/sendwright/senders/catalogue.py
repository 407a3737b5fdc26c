"""The kinds of sender by name: the only place that knows them all."""

from collections.abc import Mapping

from sendwright.network.network import Network
from sendwright.oauth.grant import GrantKeeper
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.gmail.kind import GMAIL
from sendwright.senders.graph.kind import GRAPH
from sendwright.senders.kind import Kind, Means
from sendwright.senders.pace import Paces
from sendwright.senders.sender import Sender
from sendwright.senders.smtp.kind import SMTP
from sendwright.senders.sources import TokenSources
from sendwright.senders.unusable import ProfileUnusable

KINDS: Mapping[str, Kind] = {"smtp": SMTP, "graph": GRAPH, "gmail": GMAIL}


def kind_of(profile: SenderProfile) -> Kind:
    """Return how `profile` sends. Raises ProfileUnusable where this program does not know its kind."""
    kind = KINDS.get(profile.sender)
    if kind is None:
        raise ProfileUnusable(f"unknown kind of sender {profile.sender!r}; known: {', '.join(sorted(KINDS))}")
    return kind


def open_sender(
    profile: SenderProfile,
    credentials: Mapping[str, Secret],
    network: Network,
    *,
    grant: GrantKeeper | None = None,
    paces: Paces | None = None,
    sources: TokenSources | None = None,
) -> Sender:
    """Return the sender of `profile`; it connects with its first message.

    credentials: by name (`senders.credentials`). grant: keeps the refresh token of an account that signed in; a sender
    never holds one. paces: whoever opens several senders of one mailbox gives them all the same, so that together they
    keep to its limits. sources: likewise, so that they ask for an application's token once. Raises ProfileUnusable.
    """
    means = Means(credentials=credentials, network=network, grant=grant, paces=paces or Paces(), sources=sources)
    return kind_of(profile).open(profile, means)


def mailbox_key(profile: SenderProfile) -> str:
    """Return what the mail service counts the messages of `profile` by; equal keys share one limit."""
    return kind_of(profile).mailbox(profile)
