"""What is taken out of the answer of a token endpoint, whatever it holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.oauth.answered import LONGEST_LIFE, USUAL_LIFE, access_in, seconds_in, secret_of
from sendwright.secret import Secret

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GOOD = {"access_token": "token-of-the-test", "token_type": "Bearer", "expires_in": 3599, "scope": "a b"}


class Learning:
    def __init__(self) -> None:
        self.learned: list[str] = []

    def note(self, layer: object, name: str, *, text: str = "", **values: str) -> None:
        return

    def learn(self, secret: Secret) -> None:
        self.learned.append(secret.reveal())


def test_a_good_answer_yields_a_token_that_the_recorder_has_learned() -> None:
    recorder = Learning()
    access = access_in(GOOD, asked="c", now=NOW, recorder=recorder)
    assert access is not None
    assert access.secret == Secret("token-of-the-test")
    assert (access.scope, access.expires_at) == ("a b", NOW + timedelta(seconds=3599))
    assert recorder.learned == ["token-of-the-test"]


@pytest.mark.parametrize("scope", [None, "", 7, ["a"]])
def test_a_scope_that_is_not_named_is_the_one_that_was_asked_for(scope: object) -> None:
    access = access_in(GOOD | {"scope": scope}, asked="c d", now=NOW, recorder=Learning())
    assert access is not None
    assert access.scope == "c d"


@pytest.mark.parametrize(
    "changed",
    [
        {"access_token": None},
        {"access_token": ""},
        {"access_token": ["x"]},
        {"token_type": "mac"},
        {"token_type": None},
        {"token_type": {}},
    ],
)
def test_an_answer_without_a_bearer_token_yields_none(changed: dict[str, object]) -> None:
    assert access_in(GOOD | changed, asked="", now=NOW, recorder=Learning()) is None


@pytest.mark.parametrize(
    ("said", "life"),
    [
        (3599, timedelta(seconds=3599)),
        ("3599", timedelta(seconds=3599)),
        (0, timedelta()),
        (-5, timedelta()),
        (10**30, LONGEST_LIFE),
        ("soon", USUAL_LIFE),
        (None, USUAL_LIFE),
        (True, USUAL_LIFE),
        (1.5, USUAL_LIFE),
        ([], USUAL_LIFE),
    ],
)
def test_how_long_a_token_lives_is_bounded(said: object, life: timedelta) -> None:
    access = access_in(GOOD | {"expires_in": said}, asked="", now=NOW, recorder=Learning())
    assert access is not None
    assert access.expires_at - NOW == life


def test_a_time_that_is_not_there_is_none() -> None:
    assert seconds_in({}, "refresh_token_expires_in") is None
    assert seconds_in({"refresh_token_expires_in": "604799"}, "refresh_token_expires_in") == timedelta(seconds=604799)


@pytest.mark.parametrize("value", [None, "", 5, [], {}, b"x"])
def test_what_is_no_word_is_no_secret(value: object) -> None:
    recorder = Learning()
    assert secret_of({"refresh_token": value}, "refresh_token", recorder=recorder) is None
    assert recorder.learned == []


json_like = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)


@given(st.dictionaries(st.sampled_from(["access_token", "token_type", "expires_in", "scope"]), json_like))
def test_no_answer_makes_it_stumble(answer: dict[str, object]) -> None:
    access = access_in(answer, asked="a", now=NOW, recorder=Learning())
    assert access is None or NOW <= access.expires_at <= NOW + LONGEST_LIFE
