"""Sending through Microsoft 365, as a kind of sender."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from sendwright.profile import SenderProfile
from sendwright.senders.credentials import CLIENT_SECRET, REFRESH_TOKEN
from sendwright.senders.graph.opening import graph_mailbox, graph_settings, limits_of, open_graph
from sendwright.senders.graph.settings import Way
from sendwright.senders.kind import Kind, Means
from sendwright.senders.pace import Limits
from sendwright.senders.sender import Sender

_SAME_SIGN_IN: Final = (
    "client_id",
    "tenant",
    "cloud",
    "way",
    "account_id",
    "certificate",
    "login",
    "graph",
    "smtp_host",
    "smtp_port",
)


def _open(profile: SenderProfile, means: Means) -> Sender:
    return open_graph(
        profile, means.credentials, means.network, grant=means.grant, paces=means.paces, sources=means.sources
    )


def _credentials(profile: SenderProfile) -> Sequence[AbstractSet[str]]:
    settings = graph_settings(profile)
    if settings.way is Way.ACCOUNT:
        return ({REFRESH_TOKEN},)
    if settings.certificate:
        return (set(),)
    return (set(), {CLIENT_SECRET})  # without one the platform's own credential is used


def _sign_in(profile: SenderProfile) -> Mapping[str, object]:
    settings = graph_settings(profile)
    return {name: getattr(settings, name) for name in _SAME_SIGN_IN}


def _places(profile: SenderProfile) -> AbstractSet[str]:
    settings = graph_settings(profile)
    return {settings.login, settings.graph, settings.smtp_host} - {""}


def _limits(profile: SenderProfile) -> Limits:
    return limits_of(graph_settings(profile))


GRAPH: Final = Kind(
    open=_open, mailbox=graph_mailbox, credentials=_credentials, sign_in=_sign_in, places=_places, limits=_limits
)
