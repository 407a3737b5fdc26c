"""The stages of sending over the SMTP server of Microsoft 365 with an access token."""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime

import msgspec

from sendwright.diagnosis.graph import GraphAttempt
from sendwright.diagnosis.run import failed
from sendwright.diagnosis.smtp import Attempt, diagnose_smtp
from sendwright.diagnosis.stage import SMTP_STAGES, StageResult, Verdict
from sendwright.network.network import Network
from sendwright.oauth.grant import OAuthFailed
from sendwright.problems.evidence import Evidence
from sendwright.secret import Secret
from sendwright.senders.graph.sender import values_of

SIGN_IN = "sign-in"
LAST_WITHOUT_SIGN_IN = SMTP_STAGES[SMTP_STAGES.index(SIGN_IN) - 1]


async def diagnose_submission(
    attempt: GraphAttempt,
    network: Network,
    *,
    recipient: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncGenerator[StageResult, None]:
    """Yield the result of each stage of `SMTP_STAGES` as it ends.

    A token that cannot be had is a result of the stage `sign-in`: what comes before it is tried all the same.
    """
    stop = attempt.stop_after
    signs_in = not stop or SMTP_STAGES.index(stop) >= SMTP_STAGES.index(SIGN_IN)
    credential, why = await _token(attempt) if signs_in else (None, None)
    asked = Attempt(
        settings=attempt.settings.submission,
        credential=credential,
        token=True,
        sender=attempt.sender,
        recipient=recipient or (attempt.message.recipient if attempt.message else None),
        message=attempt.message if not stop or stop == "submit" else None,
        stop_after=LAST_WITHOUT_SIGN_IN if why else stop,
    )
    stopped = False
    async for result in diagnose_smtp(asked, network, clock=clock):
        stopped = stopped or result.verdict is Verdict.FAILED
        yield failed(SIGN_IN, why) if why is not None and result.id == SIGN_IN and not stopped else result


async def _token(attempt: GraphAttempt) -> tuple[Secret | None, Evidence | None]:
    try:
        access = await attempt.tokens.token()
    except OAuthFailed as refused:
        known = values_of(attempt.settings) | {"sender": attempt.sender} | refused.evidence.values
        return None, msgspec.structs.replace(refused.evidence, values=known)
    return access.secret, None
