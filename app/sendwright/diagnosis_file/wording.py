"""Puts what a diagnosis file is about into words."""

from collections.abc import Mapping

from sendwright.diagnosis.stage import Verdict
from sendwright.diagnosis_file.comparing import Change, Changed
from sendwright.diagnosis_file.refusals import FileRefused, SecretFound
from sendwright.problems.explanation import explain
from sendwright.senders.smtp.settings import Security
from sendwright.texts import has, text

_NAMES = ("domain", "host", "url", "sender", "provider")
"""What tells a subject from others of its kind, the most telling first."""


def told_refusal(refused: FileRefused | SecretFound) -> str:
    """Return why a file was not opened, or not saved, as one or two sentences."""
    if isinstance(refused, FileRefused):
        return text(f"diagnosis_file.refused.{refused.code}")
    return text(
        "diagnosis_file.secret-found",
        entry=told_entry(refused.entry),
        form=text(f"diagnosis_file.form.{refused.form}"),
    )


def told_entry(name: str) -> str:
    """Return what the part `name` of a file holds, in a few words; a part without words is called by its name."""
    return _words(f"diagnosis_file.entries.{name.partition('.')[0]}", name)


def told_fact(name: str) -> str:
    """Return the name of a fact about the computer in words."""
    return _words(f"diagnosis_file.environment.{name.replace('_', '-')}", name)


def told_change(change: Change) -> str:
    """Return one line about a change."""
    former, latter = (value or text("diagnosis_file.none") for value in (change.former, change.latter))
    name = change.name
    if change.problem is not None:
        return text(f"diagnosis_file.changes.{change.kind}", code=name, title=explain(change.problem).title)
    if change.kind is Changed.STAGE:
        name = _words(f"stages.{name}.label", name)
        former, latter = (text(f"verdicts.{Verdict(verdict)}") for verdict in (change.former, change.latter))
    elif change.kind is Changed.ENVIRONMENT:
        name = told_fact(name)
    elif change.kind is Changed.SUBJECT:
        name = _words(f"diagnosis_file.subject.{name}", name)
    elif change.kind is Changed.CERTIFICATE:
        name = _words(f"diagnosis_file.certificate.{name.replace('_', '-')}", name)
    return text(f"diagnosis_file.changes.{change.kind}", name=name, former=former, latter=latter)


def told_subject(subject: Mapping[str, str | int]) -> str:
    """Return what was looked at, as far as the subject says it."""
    host, port = str(subject.get("host", "")), subject.get("port")
    if host and port is not None:
        place = f"[{host}]" if ":" in host else host
        security = str(subject.get("security", ""))
        said = text(f"doctor.{security}") if security in set(Security) else security
        return text("doctor.smtp.subject", host=place, port=port, security=said)
    kind = str(subject.get("kind", ""))
    what = _words(f"diagnosis_file.kinds.{kind}", kind)
    name = next((str(subject[name]) for name in _NAMES if subject.get(name)), "")
    return text("diagnosis_file.named", kind=what, name=name) if name else what


def _words(key: str, otherwise: str) -> str:
    return text(key) if otherwise and has(key) else otherwise
