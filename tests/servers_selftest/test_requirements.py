"""A machine without the servers skips, continuous integration fails."""

import os

import pytest
from tests.servers.requirements import REQUIRED, require


def test_what_is_there_is_no_reason_to_skip() -> None:
    require("sh")


@pytest.mark.parametrize(
    ("required", "outcome"),
    [("", pytest.skip.Exception), ("0", pytest.skip.Exception), ("1", pytest.fail.Exception)],
)
def test_a_missing_program_is_named(
    monkeypatch: pytest.MonkeyPatch, required: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv(REQUIRED, required)
    with pytest.raises(outcome, match="not installed: no-such-server, nor-this"):
        require("sh", "no-such-server", "nor-this")


def test_a_server_for_root_alone_is_not_tried_by_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED, "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match="sh starts only as root"):
        require("sh", root=True)
