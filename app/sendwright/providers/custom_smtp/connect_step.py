"""The screen on which the settings of the mail server stand: proposed, overridden, checked."""

from collections.abc import Callable

from msgspec.structs import replace

from sendwright.providers.custom_smtp.advice import advise_connection
from sendwright.providers.custom_smtp.answers import SmtpAnswers
from sendwright.providers.custom_smtp.authority import AuthorityInvalid, read_authority
from sendwright.providers.custom_smtp.connection import MAX_USERNAME, Connection, read_connection
from sendwright.providers.custom_smtp.password import fetch_password, keep_password
from sendwright.providers.custom_smtp.presets import Presets
from sendwright.providers.custom_smtp.probe import Prober
from sendwright.providers.custom_smtp.proposals import notes_on, propose
from sendwright.providers.custom_smtp.search_steps import STOP
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Field, FieldKind, Form, Notice, Option, Rejected, Screen
from sendwright.senders.smtp.settings import HIDDEN, Security
from sendwright.vault.choose import why_not_lasting
from sendwright.vault.vault import Secret
from sendwright.world import Progress, World

SECURITIES = tuple(
    Option(value=str(way), label=f"custom_smtp.security.{way}", detail=f"custom_smtp.security.{way}-detail")
    for way in Security
)


class ConnectStep:
    """Host, port, security, user name and password; prefilled with the best that was found.

    prober: makes what tries the ports, for a world and an authority trusted in addition (PEM).
    """

    id = "smtp-connect"
    stop = STOP

    def __init__(self, presets: Callable[[], Presets], prober: Callable[[World, str | None], Prober]) -> None:
        self._presets = presets
        self._prober = prober

    def applies(self, state: SmtpAnswers) -> bool:
        """Whether the walk comes past here: yes."""
        del state
        return True

    def show(self, state: SmtpAnswers, world: World) -> Screen:
        """Show the form."""
        return Form(
            step=self.id,
            title="custom_smtp.connect.title",
            lead="custom_smtp.connect.lead",
            submit="custom_smtp.connect.submit",
            fields=_fields(state, lasting=world.vault.lasting),
            proposals=propose(state.candidates, address=state.address),
            notices=_notices(state, why_not_lasting(world.vault)),
        )

    async def accept(self, state: SmtpAnswers, answer: Answer, world: World, progress: Progress) -> SmtpAnswers:
        """Check everything at once; then, and only then, put the password into the vault."""
        del progress
        connection, wrong = read_connection(answer)
        ca_pem: str | None = None
        try:
            ca_pem = await _authority(state, answer.get("ca_file", "").strip())
        except AuthorityInvalid as invalid:
            wrong["ca_file"] = f"custom_smtp.ca-file.{invalid.code}"
        typed = answer.get("password", "")
        password = Secret(typed) if typed else None
        if connection is not None and connection.username and password is None:
            password = await _kept(state, connection.host, world)
            wrong |= _missing(state, connection.host) if password is None else {}
        if wrong or connection is None:
            raise Rejected(wrong)
        if password is not None and typed:
            ref = await keep_password(world.vault, state.password, password)
            state = replace(state, password=ref)
        known = bool(connection.username) or state.password_known
        return replace(_settled(state, connection, password), password_known=known, ca_pem=ca_pem)

    async def advise(self, state: SmtpAnswers, answer: Answer, world: World) -> Advice:
        """Try the ports of the host, and say what is known of it."""
        try:
            ca_pem = await _authority(state, answer.get("ca_file", "").strip())
        except AuthorityInvalid:
            ca_pem = None
        return await advise_connection(answer, state=state, presets=self._presets(), prober=self._prober(world, ca_pem))


def _settled(state: SmtpAnswers, connection: Connection, password: Secret | None) -> SmtpAnswers:
    """Return `state` with the settings, but never with a user name that is the password: answers are saved in clear."""
    untouched = state.token_twice and connection.username == HIDDEN
    twice = untouched or (password is not None and connection.username == password.reveal())
    return replace(
        state,
        host=connection.host,
        port=connection.port,
        security=connection.security,
        username=HIDDEN if twice else connection.username,
        token_twice=twice,
        password_host=connection.host if connection.username else state.password_host,
        keep_password=connection.keep_password,
        ca_file=connection.ca_file,
    )


async def _kept(state: SmtpAnswers, host: str, world: World) -> Secret | None:
    if state.password is None or _was_put_there(state, host):
        return None
    return await fetch_password(world.vault, state.password)


def _missing(state: SmtpAnswers, host: str) -> dict[str, str]:
    gone = state.password is not None and not _was_put_there(state, host)
    return {"password": f"custom_smtp.password.{'gone' if gone else 'missing'}"}


def _was_put_there(state: SmtpAnswers, host: str) -> bool:
    """Tell whether a search, and not the person, changed the server: it must not get a password meant for another."""
    return host == state.host and not state.password_is_for_host


async def _authority(state: SmtpAnswers, file: str) -> str | None:
    """Return the certificates of `file`; what was read before stays good when that file has gone since."""
    if not file:
        return None
    try:
        return await read_authority(file)
    except AuthorityInvalid as invalid:
        if invalid.code == "not-found" and file == state.ca_file and state.ca_pem:
            return state.ca_pem
        raise


def _fields(state: SmtpAnswers, *, lasting: bool) -> tuple[Field, ...]:
    fields = [
        Field(
            name="host",
            kind=FieldKind.TEXT,
            label="custom_smtp.host.label",
            help="custom_smtp.host.help",
            placeholder="custom_smtp.host.placeholder",
            value=state.host,
        ),
        Field(
            name="port",
            kind=FieldKind.NUMBER,
            label="custom_smtp.port.label",
            help="custom_smtp.port.help",
            value=str(state.port),
        ),
        Field(
            name="security",
            kind=FieldKind.CHOICE,
            label="custom_smtp.security.label",
            help="custom_smtp.security.help",
            value=str(state.security),
            options=SECURITIES,
        ),
        Field(
            name="username",
            kind=FieldKind.TEXT,
            label="custom_smtp.username.label",
            help="custom_smtp.username.help",
            value=state.username,
            max_length=MAX_USERNAME,
        ),
        Field(
            name="password",
            kind=FieldKind.PASSWORD,
            label="custom_smtp.password.label",
            help="custom_smtp.password.help",
            kept=state.password_known and state.password_is_for_host,
        ),
        Field(
            name="ca_file",
            kind=FieldKind.FILE,
            label="custom_smtp.ca-file.label",
            help="custom_smtp.ca-file.help",
            value=state.ca_file,
            advanced=True,
        ),
    ]
    if lasting:
        keep = Field(
            name="keep_password",
            kind=FieldKind.TOGGLE,
            label="custom_smtp.password.keep",
            help="custom_smtp.password.keep-help",
            value="true" if state.keep_password else "false",
            advanced=True,
        )
        fields.append(keep)
    return tuple(fields)


def _notices(state: SmtpAnswers, why_not_kept: str | None) -> tuple[Notice, ...]:
    notices = list(notes_on(state.candidates, host=state.host))
    notices += [Notice(key=one.key, values=one.values, field="host") for one in state.remarks]
    if state.address and not state.candidates:
        notices.append(Notice(key="custom_smtp.connect.nothing-found"))
    if why_not_kept is not None:
        notices.append(Notice(key=f"vault.conditions.{why_not_kept}", field="password"))
        notices.append(Notice(key=f"vault.advice.{why_not_kept}", field="password"))
    return tuple(notices)
