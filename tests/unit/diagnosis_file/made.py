"""Diagnoses to save, and files put together by hand, right and wrong."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from sendwright.diagnosis.stage import StageResult, Verdict
from sendwright.diagnosis_file import DiagnosisFile, Shown, pack
from sendwright.diagnosis_file.manifest import listed
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem
from sendwright.recording.event import Event, Layer
from sendwright.recording.pseudonyms import Pseudonyms

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ADDRESS = "anna.berger@contoso.com"
HOST = "mail.example.org"


def nobody_hidden() -> Pseudonyms:
    return Pseudonyms(keep_addresses=True, home="", computer="")


def hiding() -> Pseudonyms:
    return Pseudonyms(home="", computer="")


def wrong_password() -> Problem:
    values = {"host": HOST, "port": "587", "security": "starttls", "username": ADDRESS}
    words = f"5.7.8 {ADDRESS}: authentication failed"
    return classify(
        Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.8", text=words, values=values)
    )


def expired() -> Problem:
    return classify(Evidence(stage="secure", system=System.TLS, verify=10, values={"host": HOST}))


def stages(problem: Problem | None = None, **seen: dict[str, object]) -> tuple[StageResult, ...]:
    """Stages up to the one where `problem` was, all of them without one; seen: their evidence by id."""
    found: list[StageResult] = []
    failed = False
    for stage in ("resolve", "connect", "greet", "secure", "sign-in", "sender", "recipient", "submit"):
        mine = problem is not None and problem.evidence.stage == stage
        verdict = Verdict.FAILED if mine else Verdict.NOT_REACHED if failed else Verdict.PASSED
        evidence = seen.get(stage.replace("-", "_"), {})
        found.append(
            StageResult(id=stage, verdict=verdict, took_ms=1.5, evidence=evidence, problem=problem if mine else None)
        )
        failed = failed or mine
    return tuple(found)


def diagnosis(problem: Problem | None = None, **changed: object) -> DiagnosisFile:
    whole = DiagnosisFile(
        made_at=NOON,
        program="0.1.0",
        language="en",
        subject={"kind": "smtp", "host": HOST, "port": 587, "security": "starttls"},
        stages=stages(problem, resolve={"addresses": ["192.0.2.1"]}, greet={"greeting": f"{HOST} ESMTP"}),
        problems=() if problem is None else (problem,),
        events=(
            Event(at_ms=0.0, layer=Layer.DNS, name="asked", values={"host": HOST}),
            Event(at_ms=12.5, layer=Layer.SMTP, name="heard", text=f"220 {HOST} ESMTP\n250 ok", values={"code": "220"}),
            Event(at_ms=14.0, layer=Layer.SMTP, name="said", text=f"MAIL FROM:<{ADDRESS}>"),
        ),
        screens=(Shown(at=NOON + timedelta(seconds=9), screen={"type": "form", "step": "server"}, problem=problem),),
        environment={"system": "Linux 6.1", "python": "3.11.7"},
    )
    return msgspec.structs.replace(whole, **changed)


def packed(file: DiagnosisFile) -> bytes:
    return pack(file, secrets=(), pseudonyms=nobody_hidden())


def contents(octets: bytes) -> dict[str, bytes]:
    """Read as any other program would."""
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=method) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out.getvalue()


def forged(changed: Mapping[str, bytes | None] = {}, *, manifest: Mapping[str, object] = {}) -> bytes:
    """A file whose parts were changed by somebody who also corrected the manifest; None takes a part away."""
    entries = contents(packed(diagnosis(wrong_password())))
    table = json.loads(entries.pop("manifest.json"))
    entries = {name: content for name, content in {**entries, **changed}.items() if content is not None}
    table["entries"] = msgspec.to_builtins(listed(entries))
    whole = {"manifest.json": json.dumps({**table, **manifest}).encode(), **entries}
    return zipped(whole, method=zipfile.ZIP_STORED)


def line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"
