"""Who may use an application, what a person is asked to consent to, and what a consent changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sendwright.practice.google import permissions
from sendwright.practice.google.authorize import CodeRequest
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import OAuthClient, Person, Workspace

_FORBIDDEN: Final = 403


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a person is asked. together: all or nothing. boxes: each by itself. already: agreed to before."""

    together: tuple[str, ...]
    boxes: tuple[str, ...]
    already: tuple[str, ...]

    def chosen(self, fields: Mapping[str, str]) -> frozenset[str]:
        """Return what was agreed to, by the boxes that were ticked."""
        return frozenset({*self.together, *(one for one in self.boxes if f"scope-{permissions.short(one)}" in fields)})


def policy(request: CodeRequest, person: Person, workspace: Workspace) -> Refused | None:
    """Return what keeps this person from the application, if anything does."""
    client = request.client
    if client.internal and person.domain != client.internal:
        return Refused("org_internal", "This client is restricted to users within its organization.", status=_FORBIDDEN)
    if workspace.blocks(client.client_id, person):
        return Refused("admin_policy_enforced", "Access is blocked by an administrator of the organisation.")
    if _tested(client, person, workspace) and person.email.lower() not in {one.lower() for one in client.test_users}:
        said = "The app is being tested, and can be accessed by testers only."
        return Refused("access_denied", said, status=_FORBIDDEN)
    protected = person.email.lower() in {one.lower() for one in workspace.policies.advanced_protection}
    if protected and permissions.of_gmail(request.scopes) and not client.internal:
        return Refused("policy_enforced", "Advanced Protection blocks the app.")
    return None


def warning(request: CodeRequest, person: Person, workspace: Workspace) -> str:
    """Return the name of the page that warns of an application that Google has not verified, empty for none."""
    client = request.client
    if client.internal or not permissions.of_gmail(request.scopes) or workspace.trusts(client.client_id, person):
        return ""
    if client.testing:
        return "testing"
    return "" if client.verified else "unverified"


def question(request: CodeRequest, person: Person, workspace: Workspace) -> Question | None:
    """Return what the person must be asked, None for nothing.

    There are boxes where more than one scope beyond identity is asked for; what was agreed to before has none.
    """
    before = agreed(request.client, person, workspace)
    missing = request.scopes - before
    if not missing and "consent" not in request.prompts:
        return None
    beyond = request.scopes - permissions.IDENTITY
    open_ones = _sorted(beyond - before)
    single = len(beyond) == 1 and workspace.policies.boxes != "always"
    return Question(
        together=_sorted(request.scopes & permissions.IDENTITY) + (open_ones if single else ()),
        boxes=() if single else open_ones,
        already=_sorted(beyond & before),
    )


def consent(request: CodeRequest, person: Person, chosen: frozenset[str], workspace: Workspace) -> frozenset[str]:
    """Write down what was agreed to, and return what the code stands for."""
    before = agreed(request.client, person, workspace)
    now = before | chosen
    workspace.consents[request.client.client_id, person.email] = set(now)
    return now if request.further else now & request.scopes


def agreed(client: OAuthClient, person: Person, workspace: Workspace) -> frozenset[str]:
    """Return what the person has agreed to so far."""
    return frozenset(workspace.consents.get((client.client_id, person.email), set()))


def _tested(client: OAuthClient, person: Person, workspace: Workspace) -> bool:
    return client.testing and not client.internal and not workspace.trusts(client.client_id, person)


def _sorted(scopes: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(scopes))
