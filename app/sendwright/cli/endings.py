"""How a command ends that did not come to its end: the exit code, and the words that go with it."""

from sendwright.cli.render import problem_card
from sendwright.cli.terminal import Terminal
from sendwright.errors import DeploymentInvalid, SendwrightError, VaultUnavailable, WrongUsage
from sendwright.faults import write_log
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, Failure, System
from sendwright.problems.explanation import Explanation, explain
from sendwright.texts import text

FINE, PROBLEM, USAGE, FAULT, CANCELLED = range(5)
"""Exit codes: fine, a problem that is explained, wrong usage, a fault of ours, cancelled."""


def end(error: BaseException, terminal: Terminal) -> int:
    """Say what `error` means and return the exit code."""
    match error:
        case KeyboardInterrupt():
            return CANCELLED
        case DeploymentInvalid() | WrongUsage():
            terminal.complain(str(error))
            return USAGE
        case Failure() | VaultUnavailable():
            terminal.out.print(problem_card(explanation_of(error)))
            return PROBLEM
        case SendwrightError():
            terminal.complain(str(error))
            return PROBLEM
        case _:
            terminal.complain(text("cli.fault", path=write_log(error)))
            return FAULT


def explanation_of(error: Failure | VaultUnavailable) -> Explanation:
    """Return what `error` means to people."""
    if isinstance(error, Failure):
        return explain(classify(error.evidence))
    return explain(classify(Evidence(stage="keychain", system=System.KEYCHAIN, condition=error.condition)))
