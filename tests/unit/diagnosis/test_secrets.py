"""No result of a diagnosis shows the password, at whatever stage it ends and whoever repeats it."""

import msgspec
import pytest
from tests.servers.certificates import Certificates
from tests.servers.fixtures import StartSmtp
from tests.servers.smtp_script import Script
from tests.servers.smtp_script import Security as Speaks
from tests.unit.diagnosis.walking import Login, Target, attempt, message, walk

from sendwright.diagnosis.report import report
from sendwright.problems.ticket import ticket
from sendwright.senders.smtp.settings import HIDDEN

TOKEN = "canary-3f6c-token"
TWICE = Login(username=TOKEN, secret=TOKEN)


@pytest.mark.parametrize(
    "faults",
    [
        {"greeting": b"554 5.7.1 you are not welcome"},
        {"ehlo": b"550 5.7.1 no"},
        {"starttls": b"454 4.7.0 not now"},
        {"auth": b"535 5.7.8 no"},
        {"mail": b"550 5.7.1 not yours"},
        {"rcpt": b"550 5.1.1 nobody"},
        {"end_of_data": b"554 5.7.1 spam"},
        {},
    ],
    ids=str,
)
async def test_a_token_that_is_also_the_user_name_is_shown_nowhere(
    scripted_smtp: StartSmtp, certificates: Certificates, faults: dict[str, bytes]
) -> None:
    script = {"security": Speaks.STARTTLS, "certificate": certificates.good, "accounts": {TOKEN: TOKEN}, **faults}
    server = scripted_smtp(Script(**script))  # type: ignore[arg-type]  # the table names its fields
    target = Target(port=server.port)
    asked = attempt(target, ca_pem=certificates.ca_file.read_text(), login=TWICE, submit=message())

    results = await walk(asked, target)

    written = msgspec.json.encode([results, report({}, results)]).decode()
    tickets = "".join(ticket(result.problem) for result in results if result.problem)
    assert TOKEN not in written + tickets
    failed = [result for result in results if result.problem is not None]
    assert bool(failed) is bool(faults)
    assert all(result.problem and result.problem.values["username"] == HIDDEN for result in failed)


@pytest.mark.parametrize("place", ["greeting", "ehlo", "starttls"])
async def test_a_password_that_a_server_knows_before_it_was_told_is_not_repeated(
    scripted_smtp: StartSmtp, certificates: Certificates, place: str
) -> None:
    said = f"554 5.7.1 last time you said {TOKEN}".encode()
    server = scripted_smtp(Script(security=Speaks.STARTTLS, certificate=certificates.good, **{place: said}))  # type: ignore[arg-type]  # as above
    target = Target(port=server.port)
    asked = attempt(target, ca_pem=certificates.ca_file.read_text(), login=Login(secret=TOKEN))
    written = msgspec.json.encode(await walk(asked, target)).decode()
    assert "last time you said" in written
    assert TOKEN not in written
