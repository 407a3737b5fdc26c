"""An organisation with an app registration of its own: what is asked, checked and recognised."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.wizard.microsoft_surroundings import PEM, Play, answer, consent_of, ignore, run, sign_in, stage, stop_of

from sendwright.document.blocks import Command, Table
from sendwright.handoff.wire import MicrosoftApplication
from sendwright.practice.microsoft.contoso import ANNA, BEN, TENANT_ID
from sendwright.practice.microsoft.tenant import AppRegistration
from sendwright.problems.problem import Owner
from sendwright.screens import Choice, Form, Rejected, Sheet
from sendwright.wizard.wizard import Wizard

OWN = "11d1c2b3-a4a5-4697-8899-aabbccddeeff"
SECRET = "8Q~typed-client-secret-value"


def register(play: Play, **changes: object) -> AppRegistration:
    made = AppRegistration(
        client_id=OWN, name="Contoso Notifications", redirect_uris={"http://localhost", play.redirect}
    )
    for name, value in changes.items():
        setattr(made, name, value)
    play.tenant.registrations[OWN] = made
    return made


async def to_registration(play: Play, *, way: str) -> Wizard:
    wizard = await play.wizard()
    await answer(wizard, "start", choice="set-up")
    await answer(wizard, "platform", choice="this-computer")
    await answer(wizard, "provider", choice="microsoft365", address=BEN)
    await answer(wizard, "ms-way", choice=way, own="true")
    assert isinstance(wizard.screen, Form)
    return wizard


async def test_a_registration_of_ones_own_signs_an_account_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        register(play)
        wizard = await to_registration(play, way="account")
        await answer(wizard, "ms-registration", client_id=OWN.upper(), tenant=TENANT_ID)
        await answer(wizard, "ms-plan")
        assert f"client_id={OWN}" in consent_of(wizard).url
        await sign_in(wizard, play)
        assert wizard.screen.step == "ms-connected"
        assert wizard.draft.answers.client_id == OWN


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirect_uris": {"http://localhost"}}, "redirect-uri-mismatch"),
        ({"public": False}, "application-client-type-wrong"),
    ],
)
async def test_what_is_wrong_with_it_is_found_before_anybody_signs_in(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    async with stage(tmp_path) as play:
        register(play, **changes)
        wizard = await to_registration(play, way="account")
        await answer(wizard, "ms-registration", client_id=OWN, tenant="contoso.com")
        stop = stop_of(wizard)
        assert stop.problem.code == code
        assert stop.problem.values["registration"] == "own"
        assert [action.name for action in stop.actions] == ["go-on"]
        await wizard.submit({"action": "go-on"}, progress=ignore)
        assert wizard.screen.step == "ms-plan"


async def test_an_application_that_nobody_registered_is_named(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_registration(play, way="account")
        await answer(wizard, "ms-registration", client_id=OWN, tenant="contoso.com")
        stop = stop_of(wizard)
        assert stop.problem.code == "application-not-in-tenant"
        assert stop.problem.owner is not Owner.PLATFORM_VENDOR
        wizard.back()
        assert wizard.screen.step == "ms-registration"
        register(play)
        await answer(wizard, "ms-registration")
        assert wizard.screen.step == "ms-plan"


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"client_id": "", "tenant": TENANT_ID}, "client_id", "client-id-missing"),
        ({"client_id": "contoso", "tenant": TENANT_ID}, "client_id", "client-id-invalid"),
        ({"client_id": OWN, "tenant": ""}, "tenant", "tenant-missing"),
        ({"client_id": OWN, "tenant": "not a domain"}, "tenant", "tenant-invalid"),
        ({"client_id": OWN, "credential": "secret", "client_secret": ""}, "client_secret", "secret-missing"),
        ({"client_id": OWN, "credential": "secret", "client_secret": OWN}, "client_secret", "secret-is-id"),
        ({"client_id": OWN, "credential": "secret", "client_secret": "two words"}, "client_secret", "secret-invalid"),
        ({"client_id": OWN, "credential": "secret", "client_secret": "x" * 600}, "client_secret", "secret-invalid"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(
    tmp_path: Path, given: dict[str, str], field: str, reason: str
) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_registration(play, way="application")
        with pytest.raises(Rejected) as rejected:
            await answer(wizard, "ms-registration", **given)
        assert rejected.value.fields == {field: f"microsoft365.registration.{reason}"}
        assert play.backend.made == []


async def test_the_backend_makes_a_certificate_and_the_page_shows_its_public_half(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        register(play)
        play.backend.application = MicrosoftApplication()
        wizard = await to_registration(play, way="application")
        await answer(wizard, "ms-registration", client_id=OWN, tenant=TENANT_ID)
        screen = wizard.screen
        assert isinstance(screen, Sheet)
        assert screen.step == "ms-certificate"
        commands = [block.value for block in screen.document.blocks if isinstance(block, Command)]
        assert commands == [PEM.strip()]
        cells = [row.cells for block in screen.document.blocks if isinstance(block, Table) for row in block.rows]
        assert "AB" * 20 in {cell for row in cells for cell in row}
        await answer(wizard, "ms-certificate")
        await answer(wizard, "ms-plan")
        await sign_in(wizard, play, username=ANNA)
        assert wizard.screen.step == "ms-connected"
        question = play.backend.questions[-1]
        assert (question.client_id, question.certificate) == (OWN, "certificate-1")


async def test_going_back_makes_no_second_certificate(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        register(play)
        wizard = await to_registration(play, way="application")
        await answer(wizard, "ms-registration", client_id=OWN, tenant=TENANT_ID)
        wizard.back()
        await answer(wizard, "ms-registration")
        assert wizard.screen.step == "ms-certificate"
        assert len(play.backend.made) == 1
        wizard.back()
        other = OWN.replace("1", "2")
        await answer(wizard, "ms-registration", client_id=other)
        assert len(play.backend.made) == 2
        assert wizard.draft.answers.certificate == "certificate-2"


async def test_a_client_secret_lies_in_the_vault_and_proves_the_consent(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        register(play, secrets={SECRET: datetime.now(UTC) + timedelta(days=90)})
        wizard = await to_registration(play, way="application")
        await answer(
            wizard, "ms-registration", client_id=OWN, tenant=TENANT_ID, credential="secret", client_secret=SECRET
        )
        assert wizard.screen.step == "ms-plan"
        await answer(wizard, "ms-plan")
        await sign_in(wizard, play, username=ANNA)
        assert wizard.screen.step == "ms-connected", wizard.screen
        state = wizard.draft.answers
        assert state.scopes == ("Mail.Send",)
        kept = await play.world.vault.fetch(state.client_secret)
        assert kept is not None
        assert kept.reveal() == SECRET
        assert SECRET not in (play.folder / "draft.json").read_text()
        assert SECRET not in repr(wizard.trail.shown)
        assert "consent" not in play.backend.calls  # the backend does not have it yet


async def test_a_wrong_client_secret_is_named_before_anybody_is_bothered(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        register(play, secrets={SECRET: datetime.now(UTC) + timedelta(days=90)})
        wizard = await to_registration(play, way="application")
        given = {"client_id": OWN, "tenant": TENANT_ID, "credential": "secret"}
        await answer(wizard, "ms-registration", client_secret="wrong~secret", **given)
        await answer(wizard, "ms-plan")
        stop = stop_of(wizard)
        assert stop.problem.code == "client-secret-wrong"
        assert stop.problem.values["registration"] == "own"


async def test_a_platform_without_a_registration_asks_for_ones_own(tmp_path: Path) -> None:
    async with stage(tmp_path) as everything:
        play = everything.with_microsoft(client_id="")
        play.backend.application = MicrosoftApplication()
        register(play)
        wizard = await play.wizard()
        await answer(wizard, "start", choice="set-up")
        await answer(wizard, "platform", choice="this-computer")
        await answer(wizard, "provider", choice="microsoft365", address=BEN)
        screen = wizard.screen
        assert isinstance(screen, Choice)
        assert [field.name for field in screen.fields] == ["address"]
        assert "microsoft365.way.own-needed" in {notice.key for notice in screen.notices}
        await answer(wizard, "ms-way", choice="account")
        assert wizard.screen.step == "ms-registration"


async def test_how_to_register_stands_beside_the_form(tmp_path: Path) -> None:
    async with stage(tmp_path) as play:
        wizard = await to_registration(play, way="account")
        screen = wizard.screen
        assert isinstance(screen, Form)
        (guide,) = screen.documents
        commands = [block.value for block in guide.blocks if isinstance(block, Command)]
        assert commands == [play.redirect, "http://localhost"]
        permissions = [row.cells[0] for block in guide.blocks if isinstance(block, Table) for row in block.rows]
        assert permissions == ["User.Read", "Mail.Send", "Mail.Send.Shared"]
        await run(wizard)
