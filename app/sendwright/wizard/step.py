"""What the wizard's own steps have in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from sendwright.errors import VaultUnavailable
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.problem import Problem
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Halted
from sendwright.wizard.draft import Draft
from sendwright.world import World


class WizardStep:
    """Defaults of a step: it always applies and gives no advice."""

    id = ""
    stop = ""

    def applies(self, state: Draft) -> bool:
        """Whether the walk comes past here: yes."""
        del state
        return True

    async def advise(self, state: Draft, answer: Answer, world: World) -> Advice:
        """Say nothing."""
        del state, answer, world
        return Advice()


@contextmanager
def halting(stage: str) -> Iterator[None]:
    """Turn what fails outside, or in the keychain, into a stop with a named problem."""
    try:
        yield
    except Failure as failure:
        raise Halted(classify(failure.evidence)) from failure
    except VaultUnavailable as unavailable:
        raise Halted(unavailable_vault(unavailable, stage=stage)) from unavailable


def unavailable_vault(unavailable: VaultUnavailable, *, stage: str = "keychain") -> Problem:
    """Return the named problem of a keychain that cannot be used."""
    return classify(Evidence(stage=stage, system=System.KEYCHAIN, condition=unavailable.condition))
