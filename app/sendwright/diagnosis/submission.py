"""The stages of sending with an access token over the SMTP server of a provider."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from sendwright.diagnosis.run import failed
from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.grant import OAuthFailed, TokenSource
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret
from sendwright.senders.smtp.settings import SmtpSettings

SIGN_IN = "sign-in"
SENDER = "sender"
LAST_WITHOUT_SIGN_IN = SMTP_STAGES[SMTP_STAGES.index(SIGN_IN) - 1]


@dataclass(frozen=True, kw_only=True)
class SubmissionAttempt:
    """What a diagnosis shall try.

    settings: of the server. sender: an addr-spec, what From will be. message: what is submitted, None submits nothing.
    recipient: an addr-spec, where there is no message. stop_after: the last stage to try, empty for all. values: what
    evidence says of who sends. remark: on a sender that the server takes, and that should not stay as it is.
    """

    settings: SmtpSettings
    tokens: TokenSource
    sender: str
    message: OutgoingMessage | None = None
    recipient: str | None = None
    stop_after: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    remark: Evidence | None = None


async def diagnose_submission(
    attempt: SubmissionAttempt, network: Network, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage of `SMTP_STAGES` as it ends.

    A token that cannot be had is a result of the stage `sign-in`: what comes before it is tried all the same.
    """
    stop, message = attempt.stop_after, attempt.message
    signs_in = not stop or SMTP_STAGES.index(stop) >= SMTP_STAGES.index(SIGN_IN)
    credential, why = await _token(attempt) if signs_in else (None, None)
    asked = Attempt(
        settings=attempt.settings,
        credential=credential,
        token=True,
        sender=attempt.sender,
        recipient=attempt.recipient or (message.recipient if message else None),
        message=message if not stop or stop == "submit" else None,
        stop_after=LAST_WITHOUT_SIGN_IN if why else stop,
    )
    stopped = False
    async for result in diagnose_smtp(asked, network, clock=clock):
        stopped = stopped or result.verdict is Verdict.FAILED
        if why is not None and result.id == SIGN_IN and not stopped:
            yield failed(SIGN_IN, why)
        else:
            yield _remarked(result, attempt.remark)


def _remarked(result: StageResult, remark: Evidence | None) -> StageResult:
    """Return the result with our remark on the sender, which weighs more than one on the server."""
    if remark is None or result.id != SENDER or result.verdict not in {Verdict.PASSED, Verdict.WARNING}:
        return result
    return msgspec.structs.replace(result, verdict=Verdict.WARNING, problem=classify(remark))


async def _token(attempt: SubmissionAttempt) -> tuple[Secret | None, Evidence | None]:
    try:
        access = await attempt.tokens.token()
    except OAuthFailed as refused:
        known = {**attempt.values, "sender": attempt.sender, **refused.evidence.values}
        return None, msgspec.structs.replace(refused.evidence, values=known)
    return access.secret, None
