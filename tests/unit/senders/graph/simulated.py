"""The simulated Microsoft with somebody who sends through it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from tests.servers.loopback import LoopbackResolver
from tests.servers.microsoft import listening, refresh_token

from sendwright.network.network import Network
from sendwright.network.trust import client_context
from sendwright.practice.mail_server import Received
from sendwright.practice.microsoft import permissions
from sendwright.practice.microsoft.contoso import BEN, CLIENT_ID, NOREPLY, contoso
from sendwright.practice.microsoft.server import SimulatedMicrosoft
from sendwright.practice.microsoft.tenant import Tenant
from sendwright.profile import SenderProfile
from sendwright.secret import Secret
from sendwright.senders.graph.settings import GraphSettings, Route, Way

GRAPH = "https://graph.microsoft.com"
OUTLOOK = "https://outlook.office.com"
EVERYTHING = {"Mail.Send", "Mail.Send.Shared", "User.Read", "SMTP.Send"}


@dataclass
class Simulated:
    """An organisation whose Ben sends as its shared mailbox. inbox: what was taken."""

    microsoft: SimulatedMicrosoft
    tenant: Tenant
    inbox: list[Received]
    network: Network

    def access(self, *, outlook: bool = False) -> Secret:
        """Return an access token of Ben's, for what is consented to at this moment."""
        audience = OUTLOOK if outlook else GRAPH
        granted = permissions.listed(audience, self.tenant.consented(CLIENT_ID, BEN))
        return Secret(self._token(audience, granted, person=True))

    def application(self) -> Secret:
        """Return an access token of the application itself."""
        return Secret(self._token(GRAPH, frozenset(self.tenant.app_roles.get(CLIENT_ID, set())), person=False))

    def refresh_token(self) -> Secret:
        """Return a refresh token of Ben's."""
        return refresh_token(self.microsoft)

    def settings(self, way: Way = Way.ACCOUNT, route: Route = Route.ME, *, mailbox: str = NOREPLY) -> GraphSettings:
        account = way is Way.ACCOUNT
        ben = self.tenant.people[BEN]
        return GraphSettings(
            client_id=CLIENT_ID,
            tenant=self.tenant.id,
            mailbox=mailbox,
            way=way,
            route=route,
            account=BEN if account else "",
            account_id=ben.oid if account else "",
            login=self.microsoft.login,
            graph=self.microsoft.graph,
            smtp_host="localhost",
            smtp_port=self.microsoft.smtp_port,
        )

    def profile(self, way: Way = Way.ACCOUNT, route: Route = Route.ME, *, mailbox: str = NOREPLY) -> SenderProfile:
        settings = msgspec.to_builtins(self.settings(way, route, mailbox=mailbox))
        return SenderProfile(
            provider="microsoft365", sender="graph", address=mailbox, alias="Notices", settings=settings
        )

    def _token(self, audience: str, granted: frozenset[str], *, person: bool) -> str:
        assert self.microsoft._graph is not None
        return self.microsoft._graph._tokens.access_token(
            self.tenant,
            client_id=CLIENT_ID,
            audience=audience,
            permissions=granted,
            person=self.tenant.people[BEN] if person else None,
        )


@asynccontextmanager
async def simulated(*, consented: frozenset[str] = frozenset(EVERYTHING)) -> AsyncIterator[Simulated]:
    """Serve Contoso; consented: what its administrator consented to for everybody."""
    tenant = contoso()
    tenant.rights.clear()
    tenant.consents[CLIENT_ID] = set(consented)
    async with listening(tenant) as server:
        context = client_context(server.microsoft.authority_pem)
        network = Network(resolver=LoopbackResolver(timeout_s=10.0), tls=lambda _: context, timeout_s=10.0)
        yield Simulated(server.microsoft, tenant, server.inbox, network)
