"""Opens connections by one route: directly to addresses, or through a proxy (RFC 9110 section 9.3.6)."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from sendwright.network.dial import dial
from sendwright.network.failures import STAGE_CONNECT, ConnectFailed, ResolveFailed, errno_name, observe
from sendwright.network.names import server_name
from sendwright.network.network import Network
from sendwright.network.system_proxies import Proxy
from sendwright.network.wall.http_head import ask_head
from sendwright.network.wall.line import Line, NoReply
from sendwright.network.web import learn_login, refused_by_proxy, silent_proxy
from sendwright.problems.evidence import Failure

OpenLine = Callable[[], Awaitable[Line]]
"""Opens one more connection by the same route. Raises ConnectFailed or TunnelFailed; takes a share of the time."""

CONNECT_SHARE: Final = 0.8
"""Of a way's time; what is left tells a connection that never stood from one that fell silent."""

_GOOD: Final = range(200, 300)


class TunnelFailed(Failure):
    """A proxy did not let us through, or was not there."""


def directly(addresses: Sequence[str], *, port: int, network: Network) -> OpenLine:
    """Return what connects to `port` of the first of `addresses` that answers."""

    async def open_line() -> Line:
        dialled = await dial(
            addresses, port=port, timeout_s=network.timeout_s * CONNECT_SHARE, recorder=network.recorder
        )
        try:
            reader, writer = await asyncio.open_connection(sock=dialled.sock)
        except OSError as error:  # it was reset before anybody looked
            dialled.sock.close()
            raise ConnectFailed(observe(error, stage=STAGE_CONNECT)) from error
        return Line(reader, writer, network.recorder, address=dialled.address)

    return open_line


def through(proxy: Proxy, *, host: str, port: int, network: Network) -> OpenLine:
    """Return what connects to `host` through `proxy`, which resolves the name itself."""
    learn_login(proxy, network.recorder)
    values = {"host": host, "port": str(port), "proxy": proxy.place}
    target = f"[{host}]:{port}" if ":" in host else f"{server_name(host)}:{port}"

    async def open_line() -> Line:
        line = await _reach(proxy, network, values)
        try:
            if proxy.tls:
                await line.secure(network.tls(None), name=server_name(proxy.host))
            head = await ask_head(line, f"CONNECT {target}", host=target, secret=_login(proxy))
        except NoReply as error:
            line.close()
            raise TunnelFailed(silent_proxy(None, stage=STAGE_CONNECT, values=values)) from error
        except (OSError, ValueError) as error:
            line.close()
            if isinstance(error, TimeoutError):
                raise
            raise TunnelFailed(silent_proxy(errno_name(error), stage=STAGE_CONNECT, values=values)) from error
        except BaseException:
            line.close()
            raise
        if head.status not in _GOOD:
            line.close()
            seen = refused_by_proxy(
                head.status,
                stage=STAGE_CONNECT,
                words=head.line,
                values=values,
                challenges=head.fields.get("proxy-authenticate", ""),
            )
            raise TunnelFailed(seen)
        return line

    return open_line


async def _reach(proxy: Proxy, network: Network, values: dict[str, str]) -> Line:
    try:
        addresses = await network.resolver.addresses(proxy.host)
        dialled = await dial(
            addresses, port=proxy.port, timeout_s=network.timeout_s * CONNECT_SHARE, recorder=network.recorder
        )
    except (ConnectFailed, ResolveFailed, ValueError) as failure:
        number = failure.evidence.errno if isinstance(failure, ConnectFailed) else None
        raise TunnelFailed(silent_proxy(number, stage=STAGE_CONNECT, values=values)) from failure
    reader, writer = await asyncio.open_connection(sock=dialled.sock)
    return Line(reader, writer, network.recorder)


def _login(proxy: Proxy) -> str:
    if proxy.login is None:
        return ""
    return f"Proxy-Authorization: Basic {base64.b64encode(proxy.login.reveal().encode()).decode('ascii')}\r\n"
