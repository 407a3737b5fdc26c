"""The usual course through the simulated Google: sign in, consent, renew, send."""

import base64
import socket
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from tests.unit.practice.google.visiting import REDIRECT, World

from sendwright.oauth.google.scopes import USUAL
from sendwright.practice.google.example import ANNA, CLIENT_ID, DOMAIN


def message(sender: str = ANNA, to: str = "x@example.com", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Hello"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("A text.")
    return made


def raw(made: EmailMessage) -> dict[str, str]:
    return {"raw": base64.urlsafe_b64encode(made.as_bytes()).decode("ascii")}


async def test_somebody_signs_in_and_a_message_leaves(world: World) -> None:
    person = world.browser()
    left_to = await person.agree(world.address())
    assert left_to.startswith(REDIRECT)
    answer = person.answer
    assert (answer["state"], answer["authuser"], answer["prompt"], answer["hd"]) == ("a-state", "0", "consent", DOMAIN)
    assert set(answer["scope"].split()) == set(USUAL)
    assert answer["code"].startswith("4/0A")
    response = await world.redeem(person)
    assert response.headers["cache-control"] == "no-store"
    tokens = response.json()
    assert tokens["access_token"].startswith("ya29.")
    assert tokens["refresh_token"].startswith("1//")
    assert (tokens["expires_in"], tokens["token_type"]) == (3599, "Bearer")
    assert set(tokens["scope"].split()) == set(USUAL)
    keys = (await world.http().get(f"{world.google.login}/oauth2/v3/certs")).json()
    claims = jwt.decode(tokens["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == ("https://accounts.google.com", CLIENT_ID, "a-nonce")
    assert (claims["sub"], claims["email"], claims["hd"]) == (world.workspace.people[ANNA].sub, ANNA, DOMAIN)
    assert claims["email_verified"] is True
    renewed = (await world.refresh(tokens["refresh_token"])).json()
    assert "refresh_token" not in renewed
    bearer = {"authorization": f"Bearer {renewed['access_token']}"}
    url = f"{world.google.gmail}/gmail/v1/users/me/messages/send"
    sent = await world.http().post(url, json=raw(message(Message_ID="<1@sendwright>")), headers=bearer)
    assert sent.status_code == 200
    answered = sent.json()
    assert answered == {"id": answered["id"], "threadId": answered["id"], "labelIds": ["SENT"]}
    (received,) = world.inbox
    assert (received.sender, received.recipient, received.text.strip()) == (ANNA, "x@example.com", "A text.")
    assert b"X-Google-Original-Message-ID: <1@sendwright>" in received.source
    assert world.google.traffic(ANNA).accepted == 1
    assert [one.mailbox for one in world.google.sent] == [ANNA]
    log = "\n".join(world.google.log)
    assert all(secret not in log for secret in (answer["code"], tokens["refresh_token"], tokens["access_token"]))


async def test_what_was_stopped_listens_no_more(world: World) -> None:
    ports = [urlsplit(base).port for base in (world.google.login, world.google.gmail)]
    await world.google.stop()
    for port in ports:
        with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", port or 0), timeout=5):
            pass
    await world.google.stop()
