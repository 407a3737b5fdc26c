from collections.abc import Mapping

class TokenCache:
    def add(self, event: Mapping[str, object], now: float | None = ...) -> None: ...
