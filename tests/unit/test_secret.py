"""A secret never prints."""

import copy
import logging
import pickle

import msgspec
import pytest

from sendwright.secret import Secret
from sendwright.vault.vault import Secret as SecretOfVaults

HIDDEN = "correct horse battery staple"


def test_a_secret_does_not_print_in_any_of_the_usual_ways(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(HIDDEN)
    logging.getLogger("test").warning("%s %r", secret, [secret])
    shown = f"{secret} {secret!r} {secret!s} {[secret]} { ({'a': secret}) } {caplog.text}"
    assert HIDDEN not in shown
    assert not hasattr(secret, "__dict__")


def test_a_secret_is_revealed_only_by_its_method() -> None:
    assert Secret(HIDDEN).reveal() == HIDDEN


def test_a_secret_goes_into_no_pickle_and_no_json() -> None:
    with pytest.raises(TypeError, match="not to be pickled"):
        pickle.dumps(Secret(HIDDEN))
    with pytest.raises(TypeError, match="not to be pickled"):
        copy.deepcopy(Secret(HIDDEN))
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret(HIDDEN))


def test_secrets_are_equal_when_they_say_the_same() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) == hash(Secret("a"))
    assert SecretOfVaults is Secret
