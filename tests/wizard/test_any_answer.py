"""Whatever is typed, pasted or sent by a face: a step takes it, or says what is wrong, and everything can be saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.wizard.surroundings import stage
from tests.wizard.walking import USUAL, walk_to

from sendwright.screens import Rejected, Stopped
from sendwright.texts import has
from sendwright.wizard.opening import open_wizard
from sendwright.wizard.store import StoredDrafts
from sendwright.wizard.wizard import Wizard

ODD = (
    "",
    "\0",
    "\r\n",
    "a\r\nRCPT TO:<eve@example.com>",
    "\udcff",
    "\ud800x@example.org",
    "a" * 20_000,
    "💥",
    f"SW1-{'A' * 500}",
    "../../etc/passwd",
    "/dev/zero",
    "~no-such-person/x",
    "xn--zzzz999.example",
    "[::1%\0]",
    "=?utf-8?q?x?=",
    "{host} {0} %s",
    "[bold]x[/]",
    "\x1b[31m",
    "\u202eabc",
    "9" * 30,
    "-1",
    "٢٥",
    "a@[127.0.0.1]",
)
STEPS = ["start", "platform", "provider", "smtp-address", "smtp-connect", "sender", "test", "arrival", "review"]


def _answers(wizard: Wizard) -> Iterator[dict[str, str]]:
    """Every odd value in all places at once, then in one place among usual answers."""
    step = wizard.screen.step
    fields = [field.name for field in getattr(wizard.screen, "fields", ())]
    names = [*fields, "choice", "nobody-asked"]
    for odd in ODD:
        yield dict.fromkeys(names, odd)
        if step not in {"smtp-connect", "test"}:
            yield from ({**USUAL[step], name: odd} for name in names)


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_takes_any_answer_or_says_what_is_wrong(tmp_path: Path, step: str) -> None:
    async with stage(tmp_path) as play:
        wizard = await open_wizard(play.world, StoredDrafts(tmp_path))
        await walk_to(wizard, step)
        for answer in list(_answers(wizard)):
            if step != "smtp-connect":  # there it tries the ports of a host
                await wizard.advise(answer)
            wizard.remember(answer)
            try:
                await wizard.submit(answer, progress=lambda _: None)
            except Rejected as rejected:
                assert all(has(key) for key in rejected.fields.values()), rejected  # noqa: PT017 - not the only way
            if isinstance(wizard.screen, Stopped) or wizard.screen.step != step:
                wizard.back()
            assert wizard.screen.step == step, answer
            again = await open_wizard(play.world, StoredDrafts(tmp_path))
            assert step in {again.screen.step, "start"}, answer
