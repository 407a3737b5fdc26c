"""Sign-ins that have begun: found by name, ended once, and closed when whoever began them gives up."""

from sendwright.oauth.attempts import AT_ONCE, Attempts


class Listening:
    def __init__(self) -> None:
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


def test_an_attempt_is_found_until_it_ends() -> None:
    attempts, attempt = Attempts(), object()
    name = attempts.begin(attempt)
    assert attempts.find(name) is attempt
    assert attempts.end(name) is attempt
    assert attempts.end(name) is None
    assert attempts.find(name) is None


def test_names_cannot_be_guessed_from_each_other() -> None:
    attempts = Attempts()
    names = {attempts.begin(object()) for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) >= 16 for name in names)


def test_the_oldest_is_forgotten_when_there_are_too_many() -> None:
    attempts = Attempts()
    names = [attempts.begin(number) for number in range(AT_ONCE + 1)]
    assert attempts.find(names[0]) is None
    assert [attempts.find(name) for name in names[1:]] == list(range(1, AT_ONCE + 1))


async def test_giving_up_closes_whatever_listens_and_forgets_the_rest() -> None:
    attempts, first, second = Attempts(), Listening(), Listening()
    names = [attempts.begin(one) for one in (first, object(), second)]
    await attempts.close()
    assert (first.closed, second.closed) == (1, 1)
    assert [attempts.find(name) for name in names] == [None] * 3
    await attempts.close()
    assert first.closed == 1
