"""The own registration: its form, its certificate, the page that says how, and what is found out without signing in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import (
    ASKED,
    CLIENT,
    OTHER_TENANT,
    OWN_CLIENT,
    SIGNED_IN,
    TENANT,
    Answering,
    flow_world,
    ignore,
)

from sendwright import texts
from sendwright.deployment.model import Microsoft
from sendwright.document.blocks import Command, Link, Points, Table
from sendwright.errors import VaultUnavailable
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.registration.certificate_step import CertificateStep, certificate_page
from sendwright.providers.microsoft365.registration.check_step import CheckStep
from sendwright.providers.microsoft365.registration.registering import embedded_redirect, own_browser_redirect, placed
from sendwright.providers.microsoft365.registration.registration_guide import registration_guide
from sendwright.providers.microsoft365.registration.registration_step import RegistrationStep
from sendwright.providers.trying import Trial
from sendwright.screens import Form, Halted, Rejected, Sheet
from sendwright.senders.graph.settings import Way
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import World

OWN = replace(ASKED, own=True, client_id=OWN_CLIENT, tenant=TENANT)
OWN_APP = replace(OWN, way=Way.APPLICATION)
GIVEN = {"client_id": OWN_CLIENT, "tenant": TENANT, "cloud": "global"}


def form(state: MicrosoftAnswers) -> Form:
    screen = RegistrationStep().show(state, flow_world())
    assert isinstance(screen, Form)
    return screen


async def taken(state: MicrosoftAnswers, world: World | None = None, **answer: str) -> MicrosoftAnswers:
    return await RegistrationStep().accept(state, GIVEN | answer, world or flow_world(), ignore)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (OWN, ["client_id", "tenant", "cloud"]),
        (OWN_APP, ["client_id", "tenant", "credential", "client_secret", "cloud"]),
    ],
)
def test_only_an_application_proves_itself(state: MicrosoftAnswers, names: list[str]) -> None:
    assert [field.name for field in form(state).fields] == names
    assert [field.name for field in form(state).fields if field.advanced] == ["cloud"]


@pytest.mark.parametrize(
    ("changes", "value", "offered"),
    [
        ({}, "certificate", ["certificate", "secret"]),
        ({"credential": "secret"}, "secret", ["certificate", "secret"]),
        ({"certificate": "c1"}, "kept", ["kept", "certificate", "secret"]),
        ({"certificate": "c1", "credential": "secret"}, "secret", ["kept", "certificate", "secret"]),
    ],
)
def test_a_certificate_from_before_can_be_kept(changes: dict[str, str], value: str, offered: list[str]) -> None:
    field = next(one for one in form(replace(OWN_APP, **changes)).fields if one.name == "credential")
    assert (field.value, [option.value for option in field.options]) == (value, offered)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (OWN_CLIENT, OWN_CLIENT),
        (f"  {{{OWN_CLIENT.upper()}}} ", OWN_CLIENT),
    ],
)
async def test_an_id_is_understood_as_people_copy_it(typed: str, kept: str) -> None:
    assert (await taken(OWN, client_id=typed)).client_id == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(TENANT.upper(), TENANT), ("Contoso.COM", "contoso.com"), ("bücher.example", "xn--bcher-kva.example")],
)
async def test_the_organisation_is_an_id_or_a_domain(typed: str, kept: str) -> None:
    assert (await taken(OWN, tenant=typed)).tenant == kept


@given(st.text(max_size=60))
async def test_whatever_is_typed_either_fits_or_is_rejected_at_its_field(typed: str) -> None:
    wrong: dict[str, str] = {}
    try:
        state = await taken(OWN, client_id=typed, tenant=typed)
    except Rejected as rejected:
        wrong = rejected.fields
    else:
        assert state.client_id
        assert state.tenant
    assert set(wrong) <= {"client_id", "tenant"}
    assert all(texts.has(key) for key in wrong.values())


async def test_another_registration_lets_a_sign_in_go() -> None:
    own = replace(SIGNED_IN, own=True, client_id=OWN_CLIENT, tenant=TENANT)
    assert (await taken(own)).account == SIGNED_IN.account
    assert (await taken(own, client_id=OTHER_TENANT)).account is None
    assert (await taken(own, tenant="fabrikam.com")).tenant_id == ""


@pytest.mark.parametrize("cloud", ["mars", "global "])
async def test_a_cloud_that_is_none_is_rejected(cloud: str) -> None:
    with pytest.raises(Rejected) as rejected:
        await taken(OWN, cloud=cloud)
    assert list(rejected.value.fields) == ["cloud"]


async def test_the_cloud_is_kept_and_has_places_of_its_own() -> None:
    state = await taken(OWN, cloud="us-government-dod")
    assert state.registration.place.graph == "https://dod-graph.microsoft.us"
    assert placed(state, flow_world().deployment).cloud == "us-government-dod"
    assert placed(replace(state, own=False), flow_world().deployment).cloud == "global"
    assert embedded_redirect(state, flow_world()).startswith("https://login.microsoftonline.us/")


async def test_a_kept_certificate_asks_nobody() -> None:
    backend = Answering()
    world = flow_world(platform=backend.access())
    before = replace(OWN_APP, certificate="c1", reconnecting=True)
    state = await taken(before, world, credential="kept")
    assert (state.certificate, backend.made) == ("c1", [])
    fresh = await taken(before, world, credential="certificate")
    assert (fresh.certificate, len(backend.made)) == ("certificate-1", 1)
    other = await taken(before, world, credential="kept", client_id=OTHER_TENANT)
    assert (other.certificate, len(backend.made)) == ("certificate-2", 2)


async def test_without_a_backend_nobody_makes_a_certificate() -> None:
    with pytest.raises(Rejected) as rejected:
        await taken(OWN_APP)
    assert rejected.value.fields == {"credential": "microsoft365.registration.no-backend"}


async def test_a_kept_secret_may_stay_empty_as_long_as_it_is_there() -> None:
    vault = MemoryVault()
    world = flow_world(vault=vault)
    state = await taken(OWN_APP, world, credential="secret", client_secret="a~secret")
    ref = state.client_secret
    assert ref is not None
    tried = replace(state, trial=Trial(version=3, profile="digest"))
    again = await taken(tried, world, credential="secret", client_secret="")
    assert (again.client_secret, again.trial) == (ref, tried.trial)
    other = await taken(tried, world, credential="secret", client_secret="b~secret")
    assert (other.client_secret, other.trial) == (ref, None)  # the backend tries with the former one
    assert (await world.vault.fetch(ref)) == Secret("b~secret")
    await vault.forget(ref)
    with pytest.raises(Rejected) as rejected:
        await taken(state, world, credential="secret", client_secret="")
    assert rejected.value.fields == {"client_secret": "microsoft365.registration.secret-gone"}


class Closed(MemoryVault):
    """A vault that keeps nothing."""

    async def keep(self, ref: SecretRef, secret: Secret) -> None:
        raise VaultUnavailable("locked")


async def test_a_keychain_that_keeps_nothing_stops_with_its_name() -> None:
    with pytest.raises(Halted) as halted:
        await taken(OWN_APP, flow_world(vault=Closed()), credential="secret", client_secret="a~secret")
    assert halted.value.problem.evidence.condition == "locked"


@pytest.mark.parametrize(
    ("state", "registration", "certificate", "check"),
    [
        (ASKED, False, False, False),
        (OWN, True, False, True),
        (replace(OWN, reconnecting=True), False, False, True),
        (replace(OWN_APP, reconnecting=True), True, False, True),
        (replace(SIGNED_IN, own=True), True, False, False),
    ],
)
def test_each_screen_comes_where_it_is_needed(
    state: MicrosoftAnswers, *, registration: bool, certificate: bool, check: bool
) -> None:
    assert RegistrationStep().applies(state) is registration
    assert CertificateStep().applies(state) is certificate
    assert CheckStep().applies(state) is check


async def test_the_certificate_is_shown_with_what_to_compare() -> None:
    made = await Answering().make_certificate(OWN_CLIENT, key="k")
    state = replace(OWN_APP, made=made, certificate=made.id)
    assert CertificateStep().applies(state)
    assert not CertificateStep().applies(replace(state, credential="secret"))
    screen = CertificateStep().show(state, flow_world())
    assert isinstance(screen, Sheet)
    page = certificate_page(made)
    assert screen.document == page
    assert [block.value for block in page.blocks if isinstance(block, Command)] == [made.pem.strip()]
    cells = [cell for block in page.blocks if isinstance(block, Table) for row in block.rows for cell in row.cells]
    assert {OWN_CLIENT, made.thumbprint, made.thumbprint_sha256, "2028-11-20"} <= set(cells)
    assert await CertificateStep().accept(state, {}, flow_world(), ignore) == state
    assert certificate_page(None).blocks == ()


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("state", [OWN, OWN_APP])
def test_the_guide_has_what_is_to_be_entered(state: MicrosoftAnswers, language: str) -> None:
    world = flow_world(microsoft=Microsoft(client_id=CLIENT, redirect_uri="http://localhost/done"))
    with texts.speaking(language):
        guide = registration_guide(state, world)
    commands = [block.value for block in guide.blocks if isinstance(block, Command)]
    assert commands == [embedded_redirect(state, world), own_browser_redirect(world)]
    assert commands[1] == "http://localhost/done"
    (steps,) = [block for block in guide.blocks if isinstance(block, Points)]
    assert steps.numbered
    assert len(steps.items) == 5
    (link,) = [block for block in guide.blocks if isinstance(block, Link)]
    assert link.address == state.registration.place.portal
