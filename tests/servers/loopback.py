"""Finds the test servers by name, whatever this machine's hosts file says about the name."""

from typing_extensions import override

from sendwright.network.system_resolver import SystemResolver


class LoopbackResolver(SystemResolver):
    """The system's resolver, but `localhost` is where the test servers listen: many systems name ::1 first."""

    @override
    async def addresses(self, host: str) -> tuple[str, ...]:
        return ("127.0.0.1",) if host == "localhost" else await super().addresses(host)
