"""The clouds of Microsoft 365 and where their parts answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec


class Cloud(msgspec.Struct, frozen=True, kw_only=True):
    """One cloud. Applications are registered in each separately; tokens of one are worth nothing in another.

    login, graph: bases of addresses, without a slash at the end. smtp: host of client submission. portal: where
    administrators manage applications. outlook: resource of the SMTP permission `SMTP.Send`. other_logins: older names
    of the sign-in host, which its metadata may still say.
    Source: learn.microsoft.com/entra/identity-platform/authentication-national-cloud and /graph/deployments; the SMTP
    hosts of the national clouds are unconfirmed.
    """

    id: str
    login: str
    graph: str
    smtp: str
    portal: str
    outlook: str = "https://outlook.office.com"
    other_logins: tuple[str, ...] = ()

    @property
    def native_client(self) -> str:
        """The redirect URI for embedded browsers: a blank page of the sign-in host."""
        return f"{self.login}/common/oauth2/nativeclient"


_ALL = (
    Cloud(
        id="global",
        login="https://login.microsoftonline.com",
        graph="https://graph.microsoft.com",
        smtp="smtp.office365.com",
        portal="https://entra.microsoft.com",
    ),
    Cloud(
        id="us-government-high",
        login="https://login.microsoftonline.us",
        graph="https://graph.microsoft.us",
        smtp="smtp.office365.us",
        portal="https://portal.azure.us",
        outlook="https://outlook.office365.us",
    ),
    Cloud(
        id="us-government-dod",
        login="https://login.microsoftonline.us",
        graph="https://dod-graph.microsoft.us",
        smtp="smtp.office365.us",
        portal="https://portal.azure.us",
        outlook="https://outlook-dod.office365.us",
    ),
    Cloud(
        id="china",
        login="https://login.partner.microsoftonline.cn",
        graph="https://microsoftgraph.chinacloudapi.cn",
        smtp="smtp.partner.outlook.cn",
        portal="https://portal.azure.cn",
        outlook="https://partner.outlook.cn",
        other_logins=("https://login.chinacloudapi.cn",),
    ),
)

CLOUDS: Final[Mapping[str, Cloud]] = MappingProxyType(
    # `us-government` is GCC, which lives in the global cloud
    {cloud.id: cloud for cloud in _ALL} | {"us-government": msgspec.structs.replace(_ALL[0], id="us-government")}
)
"""By the names that a deployment file uses (`deployment.model.CLOUDS`)."""
