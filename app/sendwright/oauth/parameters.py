"""What came back from a sign-in page; it carries a code and a state, so it does not print itself."""

from collections.abc import Iterator, Mapping

from typing_extensions import override


class Parameters(Mapping[str, str]):
    """The parameters of an answer, by name. It shows no more than the names: tasks and futures show what they hold."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    @override
    def __getitem__(self, name: str) -> str:
        return self._values[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    @override
    def __len__(self) -> int:
        return len(self._values)

    @override
    def __repr__(self) -> str:
        return f"Parameters({', '.join(self._values)})"
