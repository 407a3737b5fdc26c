"""Lets an application send as chosen mailboxes only (RBAC for Applications): to grant, to check, to undo.

Source: learn.microsoft.com/exchange/permissions-exo/application-rbac. What Exchange grants adds to what Entra granted:
as long as the application has the unlimited Mail.Send there, a scope limits nothing.
"""

import hashlib

from sendwright.providers.microsoft365.powershell.connecting import connect_graph
from sendwright.providers.microsoft365.powershell.quoting import equals, literal, odata
from sendwright.providers.microsoft365.powershell.recipe import Recipe, grant, undo, verify

ROLE = "Application Mail.Send"
SCOPE_NAME = "Sendwright senders"
MAIL_SEND_ROLE_ID = "b633e1c5-b582-4048-a93e-9f11b44c7e96"

OBJECT_ID_PLACE = "<object id of the enterprise application>"
"""To be filled in by the administrator. As it stands, it is no id, so Exchange refuses it."""


def scope_name(client_id: str, mailbox: str) -> str:
    """Return the name of the scope: one for each application and mailbox, at most 64 characters."""
    return f"{SCOPE_NAME} {_mark(client_id, mailbox)}"


def assignment_name(client_id: str, mailbox: str) -> str:
    """Return the name of the role assignment, at most 64 characters."""
    return f"Sendwright {ROLE} {_mark(client_id, mailbox)}"


def scoping(client_id: str, mailbox: str, *, name: str, control: str = "") -> tuple[Recipe, ...]:
    """Return the recipes that limit the application to one mailbox.

    client_id: application id. name: as the organisation shall see the application in Exchange. control: a mailbox
    that must stay out of reach, empty where none is known.
    """
    app, scope, assignment = literal(client_id), scope_name(client_id, mailbox), assignment_name(client_id, mailbox)
    principal = f"(Get-ServicePrincipal -Identity {app}).ObjectId"
    names = {"mailbox": mailbox, "client_id": client_id, "control": control, "object_id": OBJECT_ID_PLACE}
    checks = [_test(client_id, mailbox)] + ([_test(client_id, control)] if control else [])
    return (
        grant(
            "principal",
            f"New-ServicePrincipal -AppId {app} -ObjectId {literal(OBJECT_ID_PLACE)} -DisplayName {literal(name)}",
            **names,
        ),
        grant(
            "scope",
            f"New-ManagementScope -Name {literal(scope)} "
            f"-RecipientRestrictionFilter {equals('PrimarySmtpAddress', mailbox)}",
            **names,
        ),
        grant(
            "assignment",
            f"New-ManagementRoleAssignment -Name {literal(assignment)} -App {principal} "
            f"-Role {literal(ROLE)} -CustomResourceScope {literal(scope)}",
            **names,
        ),
        verify(
            "principal-check", f"Get-ServicePrincipal -Identity {app} | Format-List DisplayName,AppId,ObjectId", **names
        ),
        verify("scope-check-control" if control else "scope-check", *checks, **names),
        verify(
            "assignment-check",
            f"Get-ManagementRoleAssignment -RoleAssignee {principal} | "
            "Format-List Name,Role,RoleAssigneeType,CustomResourceScope,Enabled",
            **names,
        ),
        undo("assignment-undo", f"Remove-ManagementRoleAssignment -Identity {literal(assignment)} -Confirm:$false"),
        undo("scope-undo", f"Remove-ManagementScope -Identity {literal(scope)} -Confirm:$false"),
        undo("principal-undo", f"Remove-ServicePrincipal -Identity {app} -Confirm:$false"),
    )


def unlimited_grant(client_id: str, *, cloud: str, tenant: str) -> Recipe:
    """Return how to take back the unlimited Mail.Send of Entra: beside it, a scope of Exchange limits nothing."""
    return grant(
        "entra-grant-removal",
        connect_graph(cloud, tenant, "AppRoleAssignment.ReadWrite.All", "Application.Read.All"),
        f"$app = Get-MgServicePrincipal -Filter {odata('appId', client_id)}",
        "Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id |",
        f"  Where-Object AppRoleId -eq {literal(MAIL_SEND_ROLE_ID)} |",
        "  ForEach-Object { Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $app.Id"
        " -AppRoleAssignmentId $_.Id }",
    )


def object_id_lookup(client_id: str, *, cloud: str, tenant: str) -> Recipe:
    """Return how to read the object id of the enterprise application (that of the registration is another one).

    It changes nothing, yet stands among what is granted: the next command needs the id.
    """
    return grant(
        "object-id",
        connect_graph(cloud, tenant, "Application.Read.All"),
        f"Get-MgServicePrincipal -Filter {odata('appId', client_id)} | Format-List DisplayName,AppId,Id",
    )


def revoke(client_id: str, *, cloud: str, tenant: str) -> Recipe:
    """Return how to remove the application from the organisation with everything that it was granted."""
    return undo(
        "revoke",
        connect_graph(cloud, tenant, "Application.ReadWrite.All"),
        f"$app = Get-MgServicePrincipal -Filter {odata('appId', client_id)}",
        "Remove-MgServicePrincipal -ServicePrincipalId $app.Id",
    )


def _test(client_id: str, mailbox: str) -> str:
    return (
        f"Test-ServicePrincipalAuthorization -Identity {literal(client_id)} -Resource {literal(mailbox)} | "
        "Format-List RoleName,GrantedPermissions,AllowedResourceScope,ScopeType,InScope"
    )


def _mark(client_id: str, mailbox: str) -> str:
    """Return eight digits that tell one pair from another; a name of the administrator's choice does as well."""
    return hashlib.sha256(f"{client_id.lower()}\n{mailbox.lower()}".encode()).hexdigest()[:8]
