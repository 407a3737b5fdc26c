"""Who may use an application, what is asked, and what an agreement changes."""

from collections.abc import Callable

import pytest

from sendwright.oauth.google.scopes import EMAIL, MAIL, OPENID, SEND, SETTINGS, USUAL
from sendwright.practice.google import consents
from sendwright.practice.google.authorize import CodeRequest
from sendwright.practice.google.example import ANNA, CLARA, CLIENT_ID, DOMAIN, OWN_CLIENT_ID, example
from sendwright.practice.google.workspace import OAuthClient, Workspace

WHO = {OPENID, EMAIL}


def asked(
    workspace: Workspace, *scopes: str, prompts: tuple[str, ...] = (), client_id: str = CLIENT_ID, further: bool = False
) -> CodeRequest:
    return CodeRequest(
        client=workspace.clients[client_id],
        redirect_uri="http://127.0.0.1:5000/",
        state="",
        nonce="",
        scopes=frozenset(scopes),
        challenge="",
        prompts=frozenset(prompts),
        offline=True,
        further=further,
        login_hint="",
        domain="",
    )


def changed(**how: object) -> Callable[[Workspace], None]:
    def change(workspace: Workspace) -> None:
        client: OAuthClient = workspace.clients[CLIENT_ID]
        for name, value in how.items():
            setattr(client, name, value)

    change.__name__ = " ".join(how)
    return change


def blocked(workspace: Workspace) -> None:
    workspace.policies.blocked.add(CLIENT_ID)


def protected(workspace: Workspace) -> None:
    workspace.policies.advanced_protection |= {ANNA.upper(), CLARA}


def trusted_test(workspace: Workspace) -> None:
    changed(testing=True)(workspace)
    workspace.policies.trusted.add(CLIENT_ID)


def as_it_is(workspace: Workspace) -> None:
    del workspace


@pytest.mark.parametrize(
    ("arrange", "scopes", "of_the_workspace", "personal"),
    [
        (as_it_is, USUAL, "", ""),
        (blocked, USUAL, "admin_policy_enforced", ""),
        (changed(internal=DOMAIN), USUAL, "", "org_internal"),
        (changed(internal="example.com"), USUAL, "org_internal", "org_internal"),
        (changed(testing=True), USUAL, "access_denied", "access_denied"),
        (changed(testing=True, test_users={ANNA.upper()}), USUAL, "", "access_denied"),
        (changed(testing=True, internal=DOMAIN), USUAL, "", "org_internal"),
        (trusted_test, USUAL, "", "access_denied"),
        (protected, USUAL, "policy_enforced", "policy_enforced"),
        (protected, WHO, "", ""),
    ],
)
def test_whom_an_application_is_kept_from(
    arrange: Callable[[Workspace], None], scopes: tuple[str, ...], of_the_workspace: str, personal: str
) -> None:
    workspace = example()
    arrange(workspace)
    found = [consents.policy(asked(workspace, *scopes), workspace.people[who], workspace) for who in (ANNA, CLARA)]
    assert [one.error if one else "" for one in found] == [of_the_workspace, personal]


@pytest.mark.parametrize(
    ("arrange", "scopes", "page"),
    [
        (as_it_is, USUAL, ""),
        (changed(verified=False), USUAL, "unverified"),
        (changed(verified=False), WHO, ""),
        (changed(verified=False, internal=DOMAIN), USUAL, ""),
        (changed(verified=False, testing=True), USUAL, "testing"),
        (changed(testing=True), USUAL, "testing"),
        (trusted_test, USUAL, ""),
    ],
)
def test_of_what_is_warned(arrange: Callable[[Workspace], None], scopes: tuple[str, ...], page: str) -> None:
    workspace = example()
    arrange(workspace)
    assert consents.warning(asked(workspace, *scopes), workspace.people[ANNA], workspace) == page


@pytest.mark.parametrize(
    ("scopes", "before", "rule", "prompts", "together", "boxes", "already"),
    [
        (USUAL, set(), "several", (), USUAL, (), ()),
        (USUAL, set(), "always", (), WHO, (SEND,), ()),
        (WHO, set(), "always", (), WHO, (), ()),
        ((*USUAL, SETTINGS), set(), "several", (), WHO, (SEND, SETTINGS), ()),
        ((*USUAL, SETTINGS), set(USUAL), "several", (), WHO, (SETTINGS,), (SEND,)),
        (USUAL, set(USUAL), "several", ("consent",), WHO, (), (SEND,)),
        ((SETTINGS,), set(USUAL), "several", (), (SETTINGS,), (), ()),
        ((MAIL,), {SEND}, "always", ("consent",), (), (MAIL,), ()),
    ],
)
def test_what_is_asked_and_what_has_a_box(  # noqa: PLR0917 - a table
    scopes: tuple[str, ...],
    before: set[str],
    rule: str,
    prompts: tuple[str, ...],
    together: tuple[str, ...],
    boxes: tuple[str, ...],
    already: tuple[str, ...],
) -> None:
    workspace = example()
    workspace.policies.boxes = rule
    workspace.consents[CLIENT_ID, ANNA] = before
    question = consents.question(asked(workspace, *scopes, prompts=prompts), workspace.people[ANNA], workspace)
    assert question is not None
    found = (question.together, question.boxes, question.already)
    assert tuple(map(set, found)) == (set(together), set(boxes), set(already))


def test_who_agreed_before_is_asked_again_only_where_the_application_wants_it() -> None:
    workspace = example()
    anna = workspace.people[ANNA]
    workspace.consents[CLIENT_ID, ANNA] = {*USUAL, SETTINGS}
    assert consents.question(asked(workspace, *USUAL), anna, workspace) is None
    assert consents.question(asked(workspace, *USUAL, prompts=("consent",)), anna, workspace) is not None
    assert consents.question(asked(workspace, *USUAL, client_id=OWN_CLIENT_ID), anna, workspace) is not None
    assert consents.question(asked(workspace, *USUAL), workspace.people[CLARA], workspace) is not None


@pytest.mark.parametrize("ticked", [set(), {SEND}, {SEND, SETTINGS}])
def test_only_what_was_ticked_is_chosen_beside_who_somebody_is(ticked: set[str]) -> None:
    workspace = example()
    question = consents.question(asked(workspace, *USUAL, SETTINGS), workspace.people[ANNA], workspace)
    assert question is not None
    names = {SEND: "scope-gmail-send", SETTINGS: "scope-gmail-settings-basic"}
    fields = {names[one]: "yes" for one in ticked} | {"scope-mail": "yes"}
    assert question.chosen(fields) == WHO | ticked


@pytest.mark.parametrize(("further", "counts"), [(True, {*USUAL, SETTINGS}), (False, {SETTINGS})])
def test_an_agreement_joins_the_former_ones_and_counts_as_it_was_asked(further: bool, counts: set[str]) -> None:
    workspace = example()
    workspace.consents[CLIENT_ID, ANNA] = set(USUAL)
    request = asked(workspace, SETTINGS, further=further)
    found = consents.consent(request, workspace.people[ANNA], frozenset({SETTINGS}), workspace)
    assert found == counts
    assert workspace.consents[CLIENT_ID, ANNA] == {*USUAL, SETTINGS}


def test_refusing_a_box_takes_nothing_back_that_was_granted_before() -> None:
    workspace = example()
    workspace.consents[CLIENT_ID, ANNA] = set(USUAL)
    found = consents.consent(asked(workspace, *USUAL, SETTINGS), workspace.people[ANNA], frozenset(WHO), workspace)
    assert found == set(USUAL)
