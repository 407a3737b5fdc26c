"""What we observe of a sign-in ourselves, whoever it is at, by the names of its problems."""

from typing import Final

STAGE: Final = "sign-in"
REACH: Final = "reach"
"""The stages at which a sign-in fails: the answer is a refusal, or there is none."""

NOT_UNDERSTOOD: Final = "sign-in-answer-not-understood"
NOT_RECOGNISED: Final = "sign-in-service-not-recognised"
STATE_FORGED: Final = "state-forged"
NO_REFRESH_TOKEN: Final = "no-refresh-token"  # noqa: S105 - the name of a problem
OTHER_ACCOUNT: Final = "other-account"
