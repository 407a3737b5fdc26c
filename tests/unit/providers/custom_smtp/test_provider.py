"""The organisation's own server as a provider: what the rest of the program asks of it."""

import msgspec
import pytest
from tests.unit.providers.doubles import FakeResolver, make_world

from sendwright import texts
from sendwright.errors import VaultUnavailable
from sendwright.network.resolver import MailExchanger
from sendwright.profile import SenderProfile
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.provider import CustomSmtp
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.vault.memory import MemoryVault
from sendwright.vault.vault import Secret, SecretRef

REF = SecretRef("smtp-password", "one")
ANSWERS = SmtpAnswers(
    address="ada@example.org",
    host="smtp.xn--bcher-kva.example",
    port=465,
    security=Security.TLS,
    username="ada@example.org",
    password=REF,
    password_known=True,
)


class UnavailableVault(MemoryVault):
    async def fetch(self, ref: SecretRef) -> Secret | None:
        raise VaultUnavailable("locked")


def test_the_profile_holds_the_settings_and_no_secret() -> None:
    profile = CustomSmtp().profile(ANSWERS, address="post@example.org", alias="Example")
    assert profile == SenderProfile(
        provider="custom_smtp",
        sender="smtp",
        address="post@example.org",
        alias="Example",
        settings={
            "host": "smtp.xn--bcher-kva.example",
            "port": 465,
            "security": "tls",
            "username": "ada@example.org",
            "ca_pem": None,
            "token_twice": False,
        },
    )
    assert msgspec.convert(profile.settings, SmtpSettings) == ANSWERS.settings
    assert msgspec.json.decode(msgspec.json.encode(profile), type=SenderProfile) == profile


def test_until_an_address_is_chosen_the_profile_has_the_one_that_was_typed() -> None:
    assert CustomSmtp().profile(ANSWERS, address="", alias="").address == "ada@example.org"


def test_the_way_is_told_in_words() -> None:
    assert CustomSmtp().path(ANSWERS) == "smtp.bücher.example, port 465, TLS"


async def test_the_password_comes_from_the_vault() -> None:
    vault = MemoryVault()
    await vault.keep(REF, Secret("right"))
    assert await CustomSmtp().credentials(ANSWERS, make_world(vault=vault)) == {"password": Secret("right")}


async def test_no_sign_in_needs_no_password() -> None:
    answers = msgspec.structs.replace(ANSWERS, username="")
    assert await CustomSmtp().credentials(answers, make_world(vault=UnavailableVault())) == {}


@pytest.mark.parametrize("answers", [ANSWERS, msgspec.structs.replace(ANSWERS, password=None)])
async def test_a_password_that_is_gone_is_the_vaults_failure(answers: SmtpAnswers) -> None:
    with pytest.raises(VaultUnavailable) as raised:
        await CustomSmtp().credentials(answers, make_world())
    assert raised.value.condition == "not-kept"


async def test_a_draft_forgets_a_password_that_the_vault_has_lost() -> None:
    provider = CustomSmtp()
    vault = MemoryVault()
    assert (await provider.recall(ANSWERS, make_world(vault=vault))).password is None
    await vault.keep(REF, Secret("right"))
    assert await provider.recall(ANSWERS, make_world(vault=vault)) == ANSWERS
    nothing = SmtpAnswers()
    assert await provider.recall(nothing, make_world(vault=UnavailableVault())) is nothing


def test_what_it_keeps_can_be_forgotten() -> None:
    assert CustomSmtp().secrets(ANSWERS) == (REF,)
    assert CustomSmtp().secrets(SmtpAnswers()) == ()
    assert not CustomSmtp().keeps_secrets(ANSWERS)
    assert CustomSmtp().keeps_secrets(msgspec.structs.replace(ANSWERS, keep_password=True))


@pytest.mark.parametrize(
    ("username", "account"),
    [("ada@example.org", "ada@example.org"), ("ada", None), ("", None), ("apikey", None)],
)
def test_the_account_is_the_user_name_where_that_is_an_address(username: str, account: str | None) -> None:
    answers = msgspec.structs.replace(ANSWERS, username=username)
    assert CustomSmtp().signed_in_as(answers) == account


def test_an_address_typed_before_is_taken_over_once() -> None:
    provider = CustomSmtp()
    assert provider.prefill(SmtpAnswers(), "new@example.org").address == "new@example.org"
    assert provider.prefill(ANSWERS, "new@example.org") == ANSWERS


@pytest.mark.parametrize(
    ("domain", "exchanger", "key", "last_resort"),
    [
        ("example.org", "mx00.ionos.de", "custom_smtp.recognised.preset", False),
        ("posteo.de", "", "custom_smtp.recognised.preset", False),
        ("contoso.com", "contoso-com.mail.protection.outlook.com", "custom_smtp.recognised.own-way", True),
        ("gmail.com", "", "custom_smtp.recognised.own-way", True),
        ("example.org", "mx0a.pphosted.com", "custom_smtp.recognised.filter", True),
        ("example.org", "mail.example.org", "custom_smtp.recognised.any", True),
        ("example.org", "", "custom_smtp.recognised.any", True),
    ],
)
def test_it_fits_every_domain_and_names_whom_it_knows(
    domain: str, exchanger: str, key: str, *, last_resort: bool
) -> None:
    exchangers = (MailExchanger(10, exchanger),) if exchanger else ()
    found = CustomSmtp().recognises(domain, exchangers)
    assert (found.key, found.last_resort) == (key, last_resort)
    assert domain in texts.text(found.key, **found.values) or key == "custom_smtp.recognised.any"


def test_the_search_asks_the_list_that_it_was_given() -> None:
    provider = CustomSmtp(mozilla="https://list.example")
    discovery = provider._discovery(make_world(resolver=FakeResolver()))
    assert discovery._publisher._mozilla == "https://list.example"


async def test_a_password_in_a_locked_vault_is_unknown_but_not_lost_sight_of() -> None:
    provider = CustomSmtp()
    recalled = await provider.recall(ANSWERS, make_world(vault=UnavailableVault()))
    assert not recalled.password_known
    assert provider.secrets(recalled) == (REF,)
    vault = MemoryVault()
    await vault.keep(REF, Secret("right"))
    assert await provider.recall(recalled, make_world(vault=vault)) == ANSWERS
