"""What every write of a profile carries in its headers: on what state, whether repeated, by whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request
from litestar.params import HeaderParameter
from sqlalchemy.ext.asyncio import AsyncSession

from sendwright.service.answers import Answer, once, repeatable
from sendwright.service.authentication import device_of
from sendwright.service.enrolment import Device
from sendwright.service.precondition import Precondition
from sendwright.service.services import Services


@dataclass(frozen=True, kw_only=True)
class Write:
    """precondition: of If-Match, mandatory. key: Idempotency-Key, None where the write has none."""

    precondition: Precondition
    key: str | None
    device: Device

    async def once(
        self,
        services: Services,
        request: tuple[str | bytes, ...],
        effect: Callable[[AsyncSession], Awaitable[Answer]],
    ) -> Answer:
        """Carry out `effect`, or repeat the answer; request: everything that makes it the same write."""
        write = repeatable(owner=self.device.digest, key=self.key, request=request)
        return await once(services.database, write, effect, now=services.clock())


async def provide_write(
    request: Request[Any, Any, Any],
    if_match: Annotated[str | None, HeaderParameter(name="If-Match")] = None,
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> Write:
    """Read the headers. Raises Trouble `backend-precondition-missing` and `backend-request-invalid`."""
    return Write(precondition=Precondition(if_match), key=idempotency_key, device=device_of(request))
