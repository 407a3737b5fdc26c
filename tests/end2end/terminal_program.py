"""`sendwright` in a terminal as a program of its own: what it says meanwhile, and what it reports in the end."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from tests.end2end.home import ROOT, Home

PATIENCE_S = 60


async def start(home: Home, *words: str, stdin: str = "", **variables: str) -> Process:
    """Run `sendwright` with `words`; there is no display to open a browser on, and no line is broken.

    stdin: what is typed, up to its end; empty where nobody types, and nothing ends.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sendwright", *words, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT,
        env={**home.environment, "DISPLAY": "", "COLUMNS": "400", **variables}, limit=2**20,
    )  # fmt: skip
    if stdin and process.stdin is not None:
        process.stdin.write(stdin.encode())
        process.stdin.write_eof()
    return process


async def seen_in(stream: asyncio.StreamReader | None, pattern: str) -> str:
    """Read until a line matches; return its first group."""
    read: list[str] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while stream is not None and (line := (await stream.readline()).decode()):
                read.append(line)
                if found := re.search(pattern, line):
                    return found[1]
    raise AssertionError("".join(read)[-6000:])


async def report_of(process: Process) -> tuple[int, dict[str, object]]:
    """Wait for the end; return the exit code and what is reported as JSON."""
    async with asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate()
    assert out, err.decode()[-3000:]
    return process.returncode or 0, json.loads(out)
