"""A diagnosis file as somebody might have saved it, for pages and pictures."""

from datetime import UTC, datetime

import msgspec
from tests.desktop.two_places import BACKEND_STOPS, results

from sendwright.diagnosis.run import failed
from sendwright.diagnosis.two_sides import compare_sides
from sendwright.diagnosis_file import DiagnosisFile, Shown, compare
from sendwright.problems.evidence import Evidence, System
from sendwright.recording.event import Event, Layer
from sendwright.screens import Field, FieldKind, Form, Recorded
from sendwright.wizard.replay import pages

EXPIRED = Evidence(
    stage="secure",
    system=System.TLS,
    verify=10,
    text="certificate has expired",
    values={
        "host": "smtp.example.org",
        "port": "587",
        "security": "starttls",
        "not_after": "2026-11-18T23:59:59Z",
        "names": "smtp.example.org",
    },
)
CONNECT = Form(
    step="smtp-connect",
    title="custom_smtp.connect.title",
    fields=(
        Field(name="host", kind=FieldKind.TEXT, label="custom_smtp.host.label", value="smtp.example.org"),
        Field(name="port", kind=FieldKind.NUMBER, label="custom_smtp.port.label", value="587"),
        Field(name="username", kind=FieldKind.TEXT, label="custom_smtp.username.label", value="person-1@example.org"),
        Field(name="password", kind=FieldKind.PASSWORD, label="custom_smtp.password.label"),
    ),
)
EVENTS = (
    Event(at_ms=3.1, layer=Layer.DNS, name="asked", text="smtp.example.org"),
    Event(at_ms=15.4, layer=Layer.DNS, name="answered", text="203.0.113.9", values={"host": "smtp.example.org"}),
    Event(at_ms=15.9, layer=Layer.TCP, name="connecting", values={"address": "203.0.113.9", "port": "587"}),
    Event(at_ms=46.8, layer=Layer.TCP, name="connected", values={"address": "203.0.113.9", "port": "587"}),
    Event(at_ms=140.2, layer=Layer.SMTP, name="heard", text="220 smtp.example.org ESMTP"),
    Event(at_ms=140.9, layer=Layer.SMTP, name="said", text="EHLO [192.0.2.4]"),
    Event(at_ms=171.0, layer=Layer.SMTP, name="heard", text="250-smtp.example.org\n250-STARTTLS\n250 SIZE 10240000"),
    Event(at_ms=171.5, layer=Layer.SMTP, name="said", text="STARTTLS"),
    Event(at_ms=202.7, layer=Layer.SMTP, name="heard", text="220 2.0.0 Ready to start TLS"),
    Event(at_ms=355.3, layer=Layer.TLS, name="failed", text="certificate has expired", values={"verify": "10"}),
)
STAGES = (*results(until="greet")[:3], failed("secure", EXPIRED, took_ms=184.0), *results(until="greet")[4:])
FILE = DiagnosisFile(
    made_at=datetime(2026, 11, 20, 9, 41, tzinfo=UTC),
    program="0.2.0",
    language="en",
    subject={"kind": "smtp", "host": "smtp.example.org", "port": 587, "security": "starttls"},
    stages=STAGES,
    problems=tuple(stage.problem for stage in STAGES if stage.problem is not None),
    events=EVENTS,
    screens=(
        Shown(at=datetime(2026, 11, 20, 9, 39, tzinfo=UTC), screen=msgspec.to_builtins(CONNECT)),
        Shown(
            at=datetime(2026, 11, 20, 9, 41, tzinfo=UTC),
            screen=msgspec.to_builtins(BACKEND_STOPS),
            problem=BACKEND_STOPS.problem,
        ),
        Shown(at=datetime(2026, 11, 20, 9, 41, tzinfo=UTC), screen={"type": "of-tomorrow", "step": "new"}),
    ),
    environment={"system": "Linux 6.1.0", "python": "3.11.2", "qt": "6.11.3", "locale": "en_GB.UTF-8", "proxy": "none"},
    sides=msgspec.to_builtins(compare_sides(STAGES, STAGES)),
)
YESTERDAY = msgspec.structs.replace(
    FILE,
    made_at=datetime(2026, 11, 19, 16, 2, tzinfo=UTC),
    stages=tuple(results()),
    problems=(),
    environment=FILE.environment | {"proxy": "https through http"},
)

WALK = pages(FILE, comparison=compare(YESTERDAY, FILE))
RESULT, COMPARED, CONNECT_PAGE, STOPPED_PAGE, STRANGE_PAGE, WIRE, COMPUTER = (page for page, _ in WALK)
PAGES: dict[str, Recorded] = {
    "opened-result": RESULT,
    "opened-compared": COMPARED,
    "opened-form": CONNECT_PAGE,
    "opened-stop": STOPPED_PAGE,
    "opened-strange": STRANGE_PAGE,
    "opened-wire": WIRE,
    "opened-computer": COMPUTER,
}
