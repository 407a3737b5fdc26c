"""Passing it on: a link, a mail, a page to keep, none of it secret; and the look whether somebody agreed."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace
from tests.unit.providers.microsoft365.flows import ASKED, CLIENT, NOW, TENANT, Answering, flow_world, ignore

from sendwright import texts
from sendwright.deployment.model import Microsoft
from sendwright.document.blocks import Command, Document, Link, Mail, QrCode, Table
from sendwright.handoff.wire import ConsentState
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.plan.handover import consent_link, handover_page, waiting_page
from sendwright.providers.microsoft365.plan.handover_step import HandoverStep
from sendwright.providers.microsoft365.plan.plan import application_name
from sendwright.screens import Elsewhere, Halted, Sheet
from sendwright.senders.graph.settings import Way
from sendwright.vault.vault import SecretRef

WAITING = replace(ASKED, asked_at=NOW)
APP_ONLY = replace(WAITING, way=Way.APPLICATION)
GRANTED = ConsentState(state="granted", roles=("Mail.Send",), tenant=TENANT)
MISSING = ConsentState(state="missing", tenant=TENANT)
EMPTY = ConsentState(state="granted", roles=(), tenant=TENANT)


def stop(reason: str) -> Halted:
    return Halted(classify(Evidence(stage="backend", system=System.BACKEND, http=503, reason=reason)))


def query(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_the_link_names_the_organisation_and_asks_for_just_that() -> None:
    link = consent_link(WAITING, flow_world())
    assert urlsplit(link).path == f"/{TENANT}/v2.0/adminconsent"
    asked = query(link)
    assert asked["client_id"] == CLIENT
    assert set(asked["scope"].split()) == {
        f"https://graph.microsoft.com/{name}" for name in ("User.Read", "Mail.Send", "Mail.Send.Shared")
    }
    assert asked["redirect_uri"] == "https://login.microsoftonline.com/common/oauth2/nativeclient"
    own = query(consent_link(replace(WAITING, sends_from="own"), flow_world()))
    assert "Shared" not in own["scope"]


def test_an_application_asks_for_what_its_registration_lists() -> None:
    assert query(consent_link(APP_ONLY, flow_world()))["scope"] == "https://graph.microsoft.com/.default"


@pytest.mark.parametrize(
    ("state", "segment"),
    [
        (WAITING, TENANT),
        (replace(WAITING, tenant_id=""), "contoso.com"),
        (replace(WAITING, tenant="", tenant_id=""), "organizations"),
    ],
)
def test_the_organisation_is_filled_in_as_far_as_it_is_known(state: MicrosoftAnswers, segment: str) -> None:
    assert urlsplit(consent_link(state, flow_world())).path.split("/")[1] == segment


def test_a_national_cloud_has_its_own_page() -> None:
    world = flow_world(microsoft=Microsoft(client_id=CLIENT, cloud="china"))
    link = consent_link(replace(WAITING, cloud="china"), world)
    assert link.startswith("https://login.partner.microsoftonline.cn/")
    assert query(link)["redirect_uri"].startswith("https://login.partner.microsoftonline.cn/")


def values(page: Document) -> list[str]:
    found = []
    for block in page.blocks:
        match block:
            case Command(value=value) | QrCode(value=value):
                found.append(value)
            case Link(address=address):
                found.append(address)
            case Mail(body=body):
                found.append(body)
    return found


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("state", [WAITING, APP_ONLY])
def test_every_form_of_it_holds_the_link_and_no_secret(state: MicrosoftAnswers, language: str) -> None:
    full = replace(state, grant=SecretRef("microsoft-grant", "name"), client_secret=SecretRef("p", "secret-name"))
    with texts.speaking(language):
        link = consent_link(full, flow_world())
        for page in (waiting_page(full, flow_world()), handover_page(full, flow_world())):
            assert len(values(page)) >= 3
            assert all(link in value for value in values(page))
            assert "secret-name" not in repr(page)
            assert "{" not in repr(page).replace("={", "").replace("\\{", "")


@pytest.mark.parametrize(
    ("state", "role"),
    [(WAITING, "Cloud Application Administrator"), (APP_ONLY, "Privileged Role Administrator")],
)
def test_the_mail_says_who_may_agree(state: MicrosoftAnswers, role: str) -> None:
    (mail,) = [block for block in waiting_page(state, flow_world()).blocks if isinstance(block, Mail)]
    assert role in mail.body
    assert mail.subject
    assert mail.to == ""


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("state", [WAITING, APP_ONLY])
def test_the_mail_begins_with_the_link_and_says_how_to_check_and_to_undo(
    state: MicrosoftAnswers, language: str
) -> None:
    with texts.speaking(language):
        link = consent_link(state, flow_world())
        (mail,) = [block for block in waiting_page(state, flow_world()).blocks if isinstance(block, Mail)]
    paragraphs = mail.body.split("\n\n")
    assert paragraphs[2] == link
    assert "login.microsoftonline.com" in paragraphs[5]
    assert CLIENT in paragraphs[5]
    assert "Microsoft Entra" in paragraphs[6]


def test_an_own_registration_is_not_called_by_the_name_of_the_platform() -> None:
    def called(state: MicrosoftAnswers) -> str:
        page = handover_page(state, flow_world())
        (table,) = [block for block in page.blocks if isinstance(block, Table)]
        return table.rows[0].cells[1]

    assert called(replace(WAITING, own=True)) == "a registration of your own organisation"
    assert called(WAITING) == application_name(flow_world())


def shown(state: MicrosoftAnswers) -> Sheet:
    screen = HandoverStep().show(state, flow_world())
    assert isinstance(screen, Sheet)
    return screen


@pytest.mark.parametrize(
    ("state", "retry_at"),
    [
        (WAITING, None),
        (APP_ONLY, NOW + timedelta(seconds=30)),
        (replace(APP_ONLY, looked_at=NOW + timedelta(minutes=5)), NOW + timedelta(minutes=5, seconds=30)),
        (replace(APP_ONLY, asked_at=NOW - timedelta(days=3)), NOW - timedelta(days=3) + timedelta(seconds=30)),
    ],
)
def test_only_what_can_be_seen_is_looked_for(state: MicrosoftAnswers, retry_at: object) -> None:
    screen = shown(state)
    assert screen.retry_at == retry_at
    assert (screen.retry is None) is (retry_at is None)
    assert ("scoped" in {action.name for action in screen.actions}) is (state.way is Way.APPLICATION)
    assert screen.notices[0].key == "microsoft365.handover.since"


def test_it_comes_while_somebody_is_asked() -> None:
    step = HandoverStep()
    assert step.applies(WAITING)
    assert not step.applies(ASKED)
    assert not step.applies(replace(APP_ONLY, consented=True))


async def looked(answer: ConsentState | Halted, action: str = "look") -> MicrosoftAnswers:
    world = flow_world(platform=Answering(consents=[answer]).access())
    return await HandoverStep().accept(APP_ONLY, {"action": action} if action else {}, world, ignore)


async def test_a_consent_that_was_given_is_noticed() -> None:
    state = await looked(GRANTED)
    assert state.consented
    assert (state.scopes, state.asked_at, state.looked_at) == (("Mail.Send",), None, None)


@pytest.mark.parametrize("answer", [MISSING, EMPTY, stop("backend-busy")])
@pytest.mark.parametrize("action", ["look", ""])
async def test_what_is_not_there_yet_is_waited_for(answer: ConsentState | Halted, action: str) -> None:
    if isinstance(answer, Halted) and not action:
        with pytest.raises(Halted):
            await looked(answer, action)
        return
    with pytest.raises(Elsewhere) as elsewhere:
        await looked(answer, action)
    assert elsewhere.value.step == "ms-handover"
    assert elsewhere.value.state == replace(APP_ONLY, looked_at=NOW)


async def test_a_refusal_that_time_does_not_mend_ends_the_wait() -> None:
    refused = ConsentState(state="refused", problem="client-secret-expired", tenant=TENANT)
    with pytest.raises(Halted) as halted:
        await looked(refused)
    assert halted.value.problem.code == "client-secret-expired"


async def test_an_account_is_taken_at_its_word_and_signs_in() -> None:
    assert await HandoverStep().accept(WAITING, {}, flow_world(), ignore) == WAITING
    with pytest.raises(Elsewhere) as elsewhere:
        await HandoverStep().accept(WAITING, {"action": "myself"}, flow_world(), ignore)
    assert elsewhere.value.state == ASKED
    assert elsewhere.value.step == "ms-prepare"


async def test_what_exchange_limits_is_stated_and_not_claimed_of_entra() -> None:
    state = await HandoverStep().accept(APP_ONLY, {"action": "scoped"}, flow_world(), ignore)
    assert (state.consented, state.scopes, state.tenant_id) == (True, (), TENANT)
