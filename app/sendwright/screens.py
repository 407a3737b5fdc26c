"""The closed set of screens: what a step shows and what it may answer, for any face."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis.two_sides import TwoSides
from sendwright.document.blocks import Document
from sendwright.problems.evidence import System
from sendwright.problems.problem import Problem


class FieldKind(StrEnum):
    """What a field holds; a face chooses the control."""

    TEXT = "text"
    EMAIL = "email"
    PASSWORD = "password"  # noqa: S105 - the name of a kind, not a password
    NUMBER = "number"
    CHOICE = "choice"
    FILE = "file"
    TOGGLE = "toggle"
    CODE = "code"  # a one-time code: shown while typed, never saved
    LINES = "lines"  # several lines, pasted mostly


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One choice. label, detail: text keys. icon: a drawing in `icons`. note: words ready to show."""

    value: str
    label: str
    detail: str = ""
    icon: str = ""
    note: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a form.

    label, help, placeholder: text keys. value: what stands in it; a password's is always empty. kept: a password is
    known already and may stay empty. advanced: folded away until asked for. only_for: the option
    of a Choice that it belongs to; empty belongs to all. Whether it is required is checked by the step itself.
    """

    name: str
    kind: FieldKind
    label: str
    help: str = ""
    placeholder: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    advanced: bool = False
    kept: bool = False
    max_length: int | None = None
    only_for: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A set of values that can be put into a form's fields at once.

    label: words ready to show, such as `smtp.example.org, port 465`. origin: text key that says where it comes from.
    """

    label: str
    origin: str
    values: dict[str, str]


class Preview(StrEnum):
    """What a form draws beside its fields while they are typed."""

    NONE = "none"
    INBOX = "inbox"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A calm remark: key and values of its text; field: the field it stands at, empty for the page.

    warning: something is left open that may hurt later.
    """

    key: str
    values: dict[str, str] = {}
    field: str = ""
    warning: bool = False


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a review: label is a text key, value is ready to show; monospaced values can be copied."""

    label: str
    value: str
    monospaced: bool = False


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A further button of a screen; pressing it submits `{"action": name}`, with the fields of a Sheet.

    stays: the wizard does not go on; the same step shows what came of it. quiet: of less weight than its neighbours.
    """

    name: str
    label: str
    values: dict[str, str] = {}
    stays: bool = False
    quiet: bool = False


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """What all screens have. step: id of the step. title, lead, submit: text keys; values fills the first two.

    documents: what can be read, saved and printed beside it, each behind a button with its title.
    """

    step: str
    title: str
    lead: str = ""
    values: dict[str, str] = {}
    submit: str = "wizard.continue"
    actions: tuple[Action, ...] = ()
    notices: tuple[Notice, ...] = ()
    documents: tuple[Document, ...] = ()


class Form(Base, frozen=True, kw_only=True, tag="form"):
    """Questions with typed answers. Submits a mapping of field name to str; a toggle is `true` or `false`."""

    fields: tuple[Field, ...]
    proposals: tuple[Proposal, ...] = ()
    preview: Preview = Preview.NONE


class Choice(Base, frozen=True, kw_only=True, tag="choice"):
    """One of several. Submits `{"choice": value}` along with its fields (a small form below the options).

    explains: whoever was sent an error may paste it here and read what it means; that submits nothing.
    """

    options: tuple[Option, ...]
    chosen: str = ""
    fields: tuple[Field, ...] = ()
    explains: bool = False


SHOWED_ERROR: Final = "showed-error"
"""Name of the action beside a sign-in page that takes the words of an error which the page shows."""


class ConsentWay(StrEnum):
    """Where somebody else's sign-in page is shown."""

    EMBEDDED = "embedded"  # inside the window; a face without one offers the others
    BROWSER = "browser"  # the person's own browser comes back to this computer by itself
    DEVICE = "device"  # any device: the person types `user_code` at `url`


class Consent(Base, frozen=True, kw_only=True, tag="consent"):
    """A sign-in page of somebody else at `url`, https.

    EMBEDDED submits `{"callback": address}` for the first navigation to `redirect_uri` (compared without query and
    fragment), or `{"shown": words, "at": address}` for a page of the sign-in service that shows an error and leads
    nowhere. BROWSER and DEVICE take an empty answer at once, like Working, and wait until it is over or cancelled;
    a face opens `url` once, and again when asked. authority_pem: trusted in addition, in a practice only. expires_at:
    until when (aware) a `user_code` is worth something. system: whose page it is, where its errors can be read.
    """

    url: str
    way: ConsentWay = ConsentWay.EMBEDDED
    redirect_uri: str = ""
    user_code: str = ""
    authority_pem: str = ""
    expires_at: datetime | None = None
    system: System | None = None


class Working(Base, frozen=True, kw_only=True, tag="working"):
    """Something runs, reports stage by stage and goes on by itself. stages: ids; labels `stages.<id>.label`."""

    stages: tuple[str, ...]


class Proof(Base, frozen=True, kw_only=True, tag="proof"):
    """A question only the person can answer. Submits `{"choice": value}`. howto: text keys of instructions."""

    options: tuple[Option, ...]
    facts: tuple[Fact, ...] = ()
    howto: tuple[str, ...] = ()


class Review(Base, frozen=True, kw_only=True, tag="review"):
    """Everything before it takes effect. statement: text key of what will happen, filled from `values`."""

    facts: tuple[Fact, ...]
    statement: str
    fields: tuple[Field, ...] = ()


class Done(Base, frozen=True, kw_only=True, tag="done"):
    """The end: what changed, how to undo it, what to keep. sides: the two-sided test, where one was made."""

    facts: tuple[Fact, ...]
    sides: TwoSides | None = None


class Stopped(Base, frozen=True, kw_only=True, tag="stopped"):
    """A step ended with a problem; Back changes the answers, the primary button tries again.

    sides: what the same test says from this desk and from where the backend runs, where both were tried.
    """

    problem: Problem
    stages: tuple[str, ...] = ()
    sides: TwoSides | None = None


class Recorded(Base, frozen=True, kw_only=True, tag="recorded"):
    """A part of a saved diagnosis, to be looked at: nothing on it asks or does anything.

    facts: names and values. problem, results, sides: what was found then. sentences: what is to be said, one by
    one. lines: a transcript, one event a line. inner: a screen as it was shown, as `msgspec.to_builtins` made it.
    at: when the problem happened, aware.
    All words are ready to show.
    """

    facts: tuple[tuple[str, str], ...] = ()
    problem: Problem | None = None
    results: tuple[StageResult, ...] = ()
    sides: TwoSides | None = None
    sentences: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    inner: dict[str, object] | None = None
    at: datetime | None = None


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One combination that can be tried on its own.

    id: kebab-case. title, detail: ready to show. verdict: None as long as it was not tried; `waiting` stands beside
    it while something granted has yet to take effect. facts: what was learnt, name and value, ready to show. problem:
    why it is refused. action: what tries it, absent where it cannot be tried; recommended: the one to begin with.
    """

    id: str
    title: str
    detail: str = ""
    verdict: Verdict | None = None
    waiting: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    problem: Problem | None = None
    action: Action | None = None
    recommended: bool = False


class Sheet(Base, frozen=True, kw_only=True, tag="sheet"):
    """Something to read before going on, with what can be tried, typed and asked on the way.

    document: what stands there (its title is that of the screen, and not shown again). cells: below it. fields: below
    them; submitted with every button. retry: an action that submits itself at `retry_at` (aware) if the person does
    nothing; the clock is shown. without_submit: only its actions lead on. begin: name of the field or the action that
    the keyboard begins at, where it is known what comes next.
    """

    document: Document
    cells: tuple[Cell, ...] = ()
    fields: tuple[Field, ...] = ()
    retry: Action | None = None
    retry_at: datetime | None = None
    without_submit: bool = False
    begin: str = ""


Screen = Form | Choice | Consent | Working | Proof | Review | Done | Stopped | Recorded | Sheet

Answer = Mapping[str, str]


class Rejected(Exception):
    """An answer cannot be used as it is: field name to text key of the reason. Everything typed stays."""

    def __init__(self, fields: Mapping[str, str], *, values: Mapping[str, str] | None = None) -> None:
        super().__init__(", ".join(f"{name}: {key}" for name, key in fields.items()))
        self.fields = dict(fields)
        self.values = dict(values or {})


class Halted(Exception):
    """The step cannot go on: `problem` says why and what to do; sides: as in Stopped.

    actions: further ways on, as buttons of the stop; pressing one submits it to the step that halted. state: what was
    done outside meanwhile and must not be forgotten, as the step's next state; None where nothing was.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        sides: TwoSides | None = None,
        actions: tuple[Action, ...] = (),
        state: object | None = None,
    ) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.sides = sides
        self.actions = actions
        self.state = state


class Interrupted(asyncio.CancelledError):
    """The step was cancelled after something was done outside that cannot be taken back.

    It cancels like any other cancellation. state: the step's next state, which must not be forgotten.
    """

    def __init__(self, state: object) -> None:
        super().__init__()
        self.state = state


class Elsewhere(Exception):
    """An answer leads to another step than the one that follows: an earlier one, or this one from its beginning.

    state: the step's next state. step: the id of the step to go on with; it must apply to that state.
    """

    def __init__(self, state: object, *, step: str) -> None:
        super().__init__(step)
        self.state = state
        self.step = step
