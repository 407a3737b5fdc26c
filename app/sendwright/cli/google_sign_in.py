"""Signs a person in at Google with her own browser, for one command; nothing of it is kept."""

import asyncio
import secrets
from datetime import UTC, datetime

import httpx
from rich.console import Console

from sendwright.cli.consent import OpenPage, ask_consent
from sendwright.cli.questions import Questions
from sendwright.network.network import Network
from sendwright.network.web import web_client
from sendwright.oauth.callback import CallbackRefused
from sendwright.oauth.conditions import NOT_UNDERSTOOD, OTHER_ACCOUNT
from sendwright.oauth.google.client import GoogleClient
from sendwright.oauth.google.failures import failed
from sendwright.oauth.google.sign_in import SignedIn, begin, redeem
from sendwright.oauth.grant import OAuthFailed
from sendwright.oauth.loopback import listen, page_words
from sendwright.problems.evidence import Evidence, System
from sendwright.providers.consent.listening import LATE, NOT_POSSIBLE, PATIENCE_S
from sendwright.screens import Consent, ConsentWay

HOST = "127.0.0.1"
"""The literal that Google recommends for programs on a desktop: `localhost` may be somebody else's."""


async def sign_in_here(
    client: GoogleClient,
    account: str,
    *,
    scopes: tuple[str, ...],
    network: Network,
    out: Console,
    product: str,
    opening: OpenPage,
    patience_s: float = PATIENCE_S,
) -> SignedIn:
    """Open Google's page in the person's own browser, and wait for who comes back.

    account: who is to sign in. product: what the page at the end calls the program. Raises OAuthFailed, also where
    somebody else signed in, where nobody does in time, and where nobody may listen on this computer.
    """

    def web() -> httpx.AsyncClient:
        return web_client(network)

    recorder, state = network.recorder, secrets.token_urlsafe(32)
    try:
        async with listen(state=state, host=HOST, words=page_words(product=product)) as loopback:
            request = await begin(
                client,
                scopes=scopes,
                redirect_uri=loopback.redirect_uri,
                web=web,
                recorder=recorder,
                login_hint=account,
                state=state,
            )
            shown = Consent(step="doctor", title="", url=request.url, way=ConsentWay.BROWSER, system=System.GOOGLE)
            ask_consent(shown, Questions(out=out, line=input, secret=input), opening=opening)
            async with asyncio.timeout(patience_s):
                parameters = await loopback.answer()
            signed = await redeem(request, parameters, client, web=web, recorder=recorder, now=datetime.now(UTC))
    except TimeoutError:
        raise failed(LATE, client) from None
    except CallbackRefused as refused:
        raise failed(NOT_UNDERSTOOD, client, values={"reason": refused.code}) from None
    except OSError:
        evidence = Evidence(stage="sign-in", system=System.OAUTH, condition=NOT_POSSIBLE, values={"host": HOST})
        raise OAuthFailed(evidence) from None
    found = signed.account.username
    if found.casefold() != account.casefold():
        raise failed(OTHER_ACCOUNT, client, values={"username": found, "expected": account})
    return signed
