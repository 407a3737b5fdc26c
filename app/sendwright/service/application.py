"""Puts the routes together: what every one of them shares, and the description at /openapi.json."""

from collections.abc import Sequence
from typing import Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler

from sendwright import __version__
from sendwright.service import routes_google, routes_microsoft, routes_open, routes_organisation, routes_profiles
from sendwright.service.authentication import OPEN, SECURITY, BearerAuthentication
from sendwright.service.problem_details import answer_exception
from sendwright.service.services import Services
from sendwright.service.write import provide_write

LARGEST_BODY: Final = 256 * 1024
"""Bytes of a request; routes that take more say so themselves."""

ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (
    routes_open.healthz,
    routes_open.readyz,
    routes_open.describe,
    routes_open.enrol,
    routes_organisation.organisation,
    routes_organisation.keys,
    routes_organisation.audit_entries,
    routes_microsoft.application,
    routes_microsoft.make_certificate,
    routes_microsoft.consent,
    routes_google.identity,
    routes_profiles.profiles,
    routes_profiles.profile,
    routes_profiles.stage,
    routes_profiles.test,
    routes_profiles.activate,
    routes_profiles.restore,
    routes_profiles.use_default,
)


def create_application(services: Services, *, routes: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """Return the ASGI application. routes: those of the queue; they may take `services: Services` too."""
    return Litestar(
        route_handlers=[*ROUTES, *routes],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "write": Provide(provide_write),
        },
        exception_handlers={Exception: answer_exception},
        logging_config=None,  # `service.log` decides what is written
        middleware=[DefineMiddleware(BearerAuthentication, exclude_from_auth_key=OPEN)],
        openapi_config=OpenAPIConfig(
            title="Sendwright notification backend",
            version=__version__,
            components=Components(
                security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")},
            ),
            path="/v1/openapi",  # Litestar's own place; at the root it would answer 404 in HTML
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
        ),
        request_max_body_size=LARGEST_BODY,
        security=SECURITY,
        state=State({"services": services}),
    )
