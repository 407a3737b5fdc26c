"""The kinds of sender by name."""

import msgspec
import pytest

from sendwright.network.system import system_network
from sendwright.profile import SenderProfile, Setting
from sendwright.secret import Secret
from sendwright.senders.catalogue import mailbox_key, open_sender
from sendwright.senders.smtp.sender import SmtpSender
from sendwright.senders.unusable import ProfileUnusable

SETTINGS: dict[str, Setting] = {
    "host": "mail.example.org",
    "port": 587,
    "security": "starttls",
    "username": "anna@example.org",
}
PROFILE = SenderProfile(
    provider="custom_smtp", sender="smtp", address="notices@example.org", alias="Notices", settings=SETTINGS
)


def changed(**settings: Setting) -> SenderProfile:
    return msgspec.structs.replace(PROFILE, settings={**SETTINGS, **settings})


async def test_a_profile_opens_a_sender_that_waits_for_its_first_message() -> None:
    sender = open_sender(PROFILE, {"password": Secret("x")}, system_network())
    assert isinstance(sender, SmtpSender)
    await sender.close()


async def test_a_profile_without_sign_in_needs_no_credential() -> None:
    await open_sender(changed(username=None), {}, system_network()).close()


async def test_a_token_takes_the_place_of_a_password() -> None:
    sender = open_sender(PROFILE, {"access_token": Secret("x")}, system_network())
    assert isinstance(sender, SmtpSender)
    assert sender._token
    await sender.close()


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (msgspec.structs.replace(PROFILE, sender="pigeon"), "unknown kind of sender 'pigeon'"),
        (changed(port="many"), r"port"),
        (changed(security="none"), r"security"),
        (changed(password="canary"), "password"),
        (msgspec.structs.replace(PROFILE, settings={}), "host"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(profile: SenderProfile, words: str) -> None:
    with pytest.raises(ProfileUnusable, match=words) as caught:
        open_sender(profile, {"password": Secret("x")}, system_network())
    assert "canary" not in str(caught.value)
    with pytest.raises(ProfileUnusable, match=words):
        mailbox_key(profile)


def test_a_missing_password_is_named() -> None:
    with pytest.raises(ProfileUnusable, match="'password'"):
        open_sender(PROFILE, {}, system_network())


def test_messages_of_one_account_share_a_key_whatever_the_port() -> None:
    key = mailbox_key(PROFILE)
    assert key == "smtp:mail.example.org:anna@example.org"
    assert mailbox_key(changed(port=465, security="tls", host="MAIL.example.org")) == key
    assert mailbox_key(changed(username="bob@example.org")) != key
    assert mailbox_key(changed(host="mail.example.net")) != key


def test_without_an_account_the_sender_address_counts() -> None:
    assert mailbox_key(changed(username=None)) == "smtp:mail.example.org:notices@example.org"
