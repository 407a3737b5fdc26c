"""A screen of every kind and state, with the words that people will really read."""

from tests.desktop import google_pages, saved, sheets, two_places, ways_out
from tests.desktop.stops import GREYLISTED, LONG_WORDS, MANY_WAYS, REFUSED, UNKNOWN, WRONG_PASSWORD

from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.screens import (
    Action,
    Choice,
    Done,
    Fact,
    Field,
    FieldKind,
    Form,
    Notice,
    Option,
    Preview,
    Proof,
    Proposal,
    Review,
    Screen,
    Working,
)

START = Choice(
    step="start",
    title="start.title",
    lead="start.lead",
    values={"platform": "the platform"},
    options=(
        Option(value="set-up", label="start.set-up.label", detail="start.set-up.detail", icon="set-up"),
        Option(value="check", label="start.check.label", detail="start.check.detail", icon="check"),
        Option(value="practise", label="start.practise.label", detail="start.practise.detail", icon="practise"),
    ),
    chosen="set-up",
    notices=(Notice(key="start.you-need"),),
    explains=True,
)

PLATFORM = Choice(
    step="platform",
    title="platform.title",
    lead="platform.lead",
    options=(
        Option(value="connection-code", label="platform.code.label", detail="platform.code.detail", icon="code"),
        Option(value="this-computer", label="platform.local.label", detail="platform.local.detail", icon="computer"),
    ),
    chosen="connection-code",
    fields=(
        Field(
            name="code",
            kind=FieldKind.CODE,
            label="platform.code.field",
            help="platform.code.help",
            placeholder="platform.code.placeholder",
            only_for="connection-code",
        ),
    ),
)

PROVIDER = Choice(
    step="provider",
    title="provider.title",
    lead="provider.lead",
    options=(
        Option(
            value="custom_smtp", label="providers.custom_smtp.name", detail="providers.custom_smtp.detail", icon="smtp"
        ),
    ),
    fields=(
        Field(
            name="address",
            kind=FieldKind.EMAIL,
            label="provider.address",
            help="provider.address-help",
            placeholder="provider.address-placeholder",
        ),
    ),
)

ADDRESS = Form(
    step="smtp-address",
    title="custom_smtp.address.title",
    lead="custom_smtp.address.lead",
    submit="custom_smtp.address.search",
    fields=(
        Field(
            name="address",
            kind=FieldKind.EMAIL,
            label="custom_smtp.address.label",
            help="custom_smtp.address.help",
            placeholder="custom_smtp.address.placeholder",
        ),
        Field(
            name="ask_mozilla",
            kind=FieldKind.TOGGLE,
            label="custom_smtp.address.ask-mozilla",
            help="custom_smtp.address.ask-mozilla-help",
        ),
    ),
    actions=(Action(name="by-hand", label="custom_smtp.address.by-hand"),),
)

_HOSTS = (("smtp.example.org", "465", "tls", "preset"), ("mail.example.org", "587", "starttls", "srv"))

PROPOSALS = tuple(
    Proposal(
        label=f"{host}, port {port}, {security.upper()}",
        origin=f"custom_smtp.origin.{origin}",
        values={"host": host, "port": port, "security": security},
    )
    for host, port, security, origin in (
        *_HOSTS,
        ("relay.example.org", "2525", "starttls", "probe"),
        ("mx1.example.org", "25", "starttls", "mx"),
    )
)

CONNECT = Form(
    step="smtp-connect",
    title="custom_smtp.connect.title",
    lead="custom_smtp.connect.lead",
    submit="custom_smtp.connect.submit",
    fields=(
        Field(
            name="host",
            kind=FieldKind.TEXT,
            label="custom_smtp.host.label",
            help="custom_smtp.host.help",
            placeholder="custom_smtp.host.placeholder",
            value="smtp.example.org",
        ),
        Field(
            name="port",
            kind=FieldKind.NUMBER,
            label="custom_smtp.port.label",
            help="custom_smtp.port.help",
            value="465",
        ),
        Field(
            name="security",
            kind=FieldKind.CHOICE,
            label="custom_smtp.security.label",
            help="custom_smtp.security.help",
            value="tls",
            options=(
                Option(value="tls", label="custom_smtp.security.tls", detail="custom_smtp.security.tls-detail"),
                Option(
                    value="starttls",
                    label="custom_smtp.security.starttls",
                    detail="custom_smtp.security.starttls-detail",
                ),
            ),
        ),
        Field(
            name="username",
            kind=FieldKind.TEXT,
            label="custom_smtp.username.label",
            help="custom_smtp.username.help",
            value="notifications@example.org",
        ),
        Field(
            name="password",
            kind=FieldKind.PASSWORD,
            label="custom_smtp.password.label",
            help="custom_smtp.password.help",
        ),
        Field(
            name="ca_file",
            kind=FieldKind.FILE,
            label="custom_smtp.ca-file.label",
            help="custom_smtp.ca-file.help",
            advanced=True,
        ),
        Field(
            name="keep_password",
            kind=FieldKind.TOGGLE,
            label="custom_smtp.password.keep",
            help="custom_smtp.password.keep-help",
            advanced=True,
        ),
    ),
    proposals=PROPOSALS,
    notices=(Notice(key="custom_smtp.notes.app-password", values={"name": "Example Mail"}, field="password"),),
)

SENDER = Form(
    step="sender",
    title="sender.title",
    lead="sender.lead",
    preview=Preview.INBOX,
    fields=(
        Field(
            name="alias",
            kind=FieldKind.TEXT,
            label="sender.alias",
            help="sender.alias-help",
            placeholder="sender.alias-placeholder",
            value="Example Organisation",
            max_length=64,
        ),
        Field(
            name="address",
            kind=FieldKind.EMAIL,
            label="sender.address",
            help="sender.address-help",
            placeholder="sender.address-placeholder",
            value="notifications@example.org",
        ),
    ),
)

RUNNING = Working(
    step="test-run",
    title="test.running",
    lead="test.running-lead",
    values={"to": "anna@example.org"},
    stages=SMTP_STAGES,
)

ARRIVAL = Proof(
    step="arrival",
    title="arrival.title",
    lead="arrival.lead",
    facts=(
        Fact(label="arrival.to", value="anna@example.org"),
        Fact(label="arrival.code", value="K7PX-2M", monospaced=True),
    ),
    options=tuple(
        Option(value=value, label=f"arrival.{value}.label", detail=f"arrival.{value}.detail", icon=icon)
        for value, icon in (("yes", "passed"), ("junk", "warning"), ("no", "failed"), ("later", "waiting"))
    ),
    howto=("arrival.howto.gmail", "arrival.howto.outlook", "arrival.howto.apple-mail"),
    actions=(Action(name="back", label="arrival.again"),),
)

FACTS = (
    Fact(label="review.from", value="notifications@example.org"),
    Fact(label="review.alias", value="Example Organisation"),
    Fact(label="review.provider", value="Your own mail server"),
    Fact(label="review.path", value="smtp.example.org, port 465, TLS"),
    Fact(label="review.tested", value="Arrived at anna@example.org, as junk"),
)

REVIEW = Review(
    step="review",
    title="review.title",
    lead="review.lead",
    submit="review.activate",
    facts=FACTS,
    statement="review.statement",
    values={
        "organisation": "Example Organisation",
        "count": "3",
        "address": "notifications@example.org",
        "default": "no-reply@platform.example",
    },
    notices=(Notice(key="review.open.junk"),),
)

DONE = Done(
    step="done",
    title="done.title",
    lead="done.lead",
    values={"organisation": "Example Organisation", "count": "3", "address": "notifications@example.org"},
    submit="wizard.close",
    facts=(*FACTS[:2], Fact(label="done.version", value="7", monospaced=True)),
    actions=(
        Action(name="keep-running", label="done.keep-running"),
        Action(name="send-kinds", label="done.send-kinds"),
        Action(name="undo", label="done.undo"),
    ),
)


SCREENS: dict[str, Screen] = {
    "start": START,
    "platform": PLATFORM,
    "provider": PROVIDER,
    "address": ADDRESS,
    "connect": CONNECT,
    "sender": SENDER,
    "running": RUNNING,
    "arrival": ARRIVAL,
    "review": REVIEW,
    "done": DONE,
    "wrong-password": WRONG_PASSWORD,
    "refused": REFUSED,
    "greylisted": GREYLISTED,
    "long-words": LONG_WORDS,
    "many-ways": MANY_WAYS,
    "unknown": UNKNOWN,
    "backend-stops": two_places.BACKEND_STOPS,
    "checked": two_places.CHECKED,
    "timed-out": ways_out.TIMED_OUT,
    **sheets.PAGES,
    **google_pages.PAGES,
    **saved.PAGES,
}
STOPS = {
    "start": "start", "platform": "platform", "provider": "provider", "sender": "sender", "running": "test",
    "arrival": "test", "review": "review", "done": "done",
    **google_pages.STOPS,
}  # fmt: skip

RESULTS = tuple(
    StageResult(id=stage, verdict=Verdict.PASSED, took_ms=took)
    for stage, took in zip(SMTP_STAGES[:4], (0.4, 13, 1240, 87), strict=True)
)
FAILED = StageResult(id="sign-in", verdict=Verdict.FAILED, took_ms=12300, problem=WRONG_PASSWORD.problem)
