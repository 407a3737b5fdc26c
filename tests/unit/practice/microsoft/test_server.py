"""The simulated Microsoft as a whole, used by MSAL as the product uses the real one."""

import asyncio
import base64
from email.message import EmailMessage

from tests.unit.practice.microsoft.visiting import World

from sendwright.practice.microsoft.contoso import BEN, TENANT_ID


async def test_msal_signs_in_renews_and_graph_takes_a_message(world: World) -> None:
    found = await world.tokens()
    assert found["id_token_claims"]["tid"] == TENANT_ID
    assert found["id_token_claims"]["preferred_username"] == BEN
    assert found["refresh_token"]
    application = await asyncio.to_thread(world.msal, TENANT_ID)
    renewed = await asyncio.to_thread(
        application.acquire_token_by_refresh_token, found["refresh_token"], ["https://graph.microsoft.com/Mail.Send"]
    )
    assert renewed["refresh_token"] not in ("", found["refresh_token"])
    message = EmailMessage()
    message["From"] = "Contoso notifications <ben@contoso.com>"
    message["To"] = "jane@example.org"
    message["Subject"] = "Grüße"
    message.set_content("Words.")
    response = await world.http().post(
        f"{world.microsoft.graph}/v1.0/me/sendMail",
        content=base64.b64encode(message.as_bytes()),
        headers={"authorization": f"Bearer {renewed['access_token']}", "content-type": "text/plain"},
    )
    assert (response.status_code, response.content) == (202, b"")
    (received,) = world.inbox
    assert (received.sender, received.subject) == ("Contoso notifications <ben@contoso.com>", "Grüße")
    assert [copy.mailbox for copy in world.microsoft.sent_items] == [BEN]
