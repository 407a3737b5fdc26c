"""How an administrator opens a session of Exchange Online, and what the clouds are called there."""

from sendwright.providers.microsoft365.powershell.quoting import literal
from sendwright.providers.microsoft365.powershell.recipe import Recipe, grant

ENVIRONMENTS = {
    "us-government-high": "O365USGovGCCHigh",
    "us-government-dod": "O365USGovDoD",
    "china": "O365China",
}
"""-ExchangeEnvironmentName by cloud (learn.microsoft.com/powershell/exchange/connect-to-exchange-online-powershell);
the global cloud, GCC included, needs none."""

GRAPH_ENVIRONMENTS = {"us-government-high": "USGov", "us-government-dod": "USGovDoD", "china": "China"}
"""-Environment of Connect-MgGraph by cloud (learn.microsoft.com/powershell/microsoftgraph/authentication-commands)."""


def connect(cloud: str) -> Recipe:
    """Return how to get the module and sign in; the administrator signs in herself."""
    environment = ENVIRONMENTS.get(cloud)
    option = f" -ExchangeEnvironmentName {environment}" if environment else ""
    return grant(
        "connect",
        "Install-Module ExchangeOnlineManagement -Scope CurrentUser",
        f"Connect-ExchangeOnline{option} -ShowBanner:$false",
    )


def graph_modules() -> Recipe:
    """Return how to get the modules of Microsoft Graph PowerShell that our commands need."""
    return grant(
        "graph", "Install-Module Microsoft.Graph.Applications,Microsoft.Graph.Users.Actions -Scope CurrentUser"
    )


def connect_graph(cloud: str, tenant: str, *permissions: str) -> str:
    """Return the line that signs in to Microsoft Graph PowerShell with just these permissions."""
    environment = GRAPH_ENVIRONMENTS.get(cloud)
    option = f" -Environment {environment}" if environment else ""
    place = f" -TenantId {literal(tenant)}" if tenant else ""
    scopes = ",".join(literal(permission) for permission in permissions)
    return f"Connect-MgGraph{option}{place} -Scopes {scopes} -NoWelcome"
