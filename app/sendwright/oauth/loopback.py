"""Waits on this computer for a browser that comes back from a sign-in page (RFC 8252 section 7.3)."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager

import msgspec


class PageWords(msgspec.Struct, frozen=True, kw_only=True):
    """The words of the pages, in the language of whoever waits."""

    language: str


def page_words(*, product: str = "Sendwright", notice: str = "") -> PageWords:
    """Return the words in the language in use. notice: stands on every page, such as that this is a practice."""
    raise NotImplementedError


class Loopback:
    """A listener; see `listen`.

    redirect_uri: with the literal that was chosen. redirect_uris: the same address in both literals, by host. strays:
    how many answers came that were none of ours.
    """

    redirect_uri: str
    redirect_uris: Mapping[str, str]
    strays: int

    async def answer(self) -> Mapping[str, str]:
        """Return the parameters of the first genuine answer, an error among them."""
        raise NotImplementedError


@asynccontextmanager
async def listen(
    *,
    state: str,
    path: str = "/",
    host: str = "localhost",
    words: PageWords | None = None,
    origins: Collection[str] = (),
    patience_s: float = 10.0,
    linger_s: float = 2.0,
) -> AsyncIterator[Loopback]:
    """Listen on 127.0.0.1, and on ::1 with the same port where there is one, for the answer that carries `state`.

    host: literal of `redirect_uri`, `localhost` or `127.0.0.1`. words: of the pages; None: page_words(). origins: of
    the pages that may post the answer (`form_post`); without one only GET is taken.
    """
    raise NotImplementedError
    yield
