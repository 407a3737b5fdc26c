"""A simulated Google that programs in a terminal take for the real one, and the person who signs in there."""

import ssl
from asyncio.subprocess import Process
from dataclasses import dataclass, field

import httpx
from tests.end2end.home import Home
from tests.end2end.terminal_program import report_of, seen_in, start
from tests.unit.practice.google.visiting import Person
from tests.unit.practice.visiting import OWN_BROWSER

from sendwright.practice.google.example import ANNA, CLIENT_ID, CLIENT_SECRET
from sendwright.practice.google.given import give_places
from sendwright.practice.google.server import SimulatedGoogle
from sendwright.practice.mail_server import Received

ALIAS = "Example Privacy"
READER = "boss@example.com"


@dataclass
class Workplace:
    """The computer of somebody at a terminal. taken: what Google delivered."""

    home: Home
    google: SimulatedGoogle
    taken: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        folder = self.home.folder
        (folder / "deployment.toml").write_text(
            f'[google]\nclient_id = "{CLIENT_ID}"\nclient_secret = "{CLIENT_SECRET}"\n'
            f'login = "{self.google.login}"\ngmail = "{self.google.gmail}"\n',
            encoding="utf-8",
        )
        (folder / "authority.pem").write_text(self.google.authority_pem, encoding="ascii")
        self.home.data.mkdir(parents=True, mode=0o700)  # the backend, too, must be told where Google is
        give_places(self.home.data, self.google)

    async def start(self, *words: str, stdin: str = "") -> Process:
        """Run `sendwright` with `words`."""
        folder = self.home.folder
        places = {
            "SENDWRIGHT_DEPLOYMENT": str(folder / "deployment.toml"),
            "SSL_CERT_FILE": str(folder / "authority.pem"),
        }
        return await start(self.home, *words, stdin=stdin, **places)

    async def report(self, *words: str) -> tuple[int, dict[str, object]]:
        """Run `sendwright` with `words` to its end; return the exit code and the report."""
        return await report_of(await self.start(*words, "--json"))

    async def sign_in(self, process: Process, *, email: str = ANNA, button: str = "accept") -> str:
        """Sign in where the program says; return where the browser was sent, nowhere if Google showed an error."""
        address = await seen_in(process.stderr, r"(https://localhost:\S+/o/oauth2/v2/auth\S+)")
        context = ssl.create_default_context(cadata=self.google.authority_pem)
        async with httpx.AsyncClient(verify=context, headers={"user-agent": OWN_BROWSER}, trust_env=False) as browser:
            back = await Person(browser, email=email).agree(address, button)
            if back:
                await browser.get(back, follow_redirects=True)
        return back

    def answers(self, table: str, *, address: str = ANNA) -> str:
        """Write an answers file with the table [gmail]; return where it lies."""
        file = self.home.folder / "answers.toml"
        file.write_text(
            f'provider = "gmail"\nbackend = "this-computer"\n[gmail]\n{table}\n'
            f'[sender]\naddress = "{address}"\nalias = "{ALIAS}"\n[test]\nto = "{ANNA}"\n',
            encoding="utf-8",
        )
        return str(file)

    async def set_up(self, table: str, *, email: str = "", button: str = "accept") -> tuple[int, dict[str, object]]:
        """Set up unattended. email: of the person who signs in meanwhile, empty where nobody does."""
        process = await self.start("setup", "--answers", self.answers(table), "--json")
        if email:
            await self.sign_in(process, email=email, button=button)
        return await report_of(process)

    async def notify(self, subject: str = "Hello") -> None:
        """Send a notification, and wait until it is sent."""
        words = ("notify", "--kind", "comment", "--to", READER, "--subject", subject, "--wait")
        code, report = await self.report(*words)
        assert code == 0, report

    def arrived(self) -> list[tuple[str, str]]:
        """Return subject and sender of every notification."""
        return [(message.subject, message.sender) for message in self.taken if message.recipient == READER]


def problem_of(report: dict[str, object]) -> dict[str, object]:
    """Return the problem that a report names."""
    problem = report["problem"]
    assert isinstance(problem, dict), report
    return problem
