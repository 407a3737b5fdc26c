"""The simulated sign-in host: metadata, keys, tokens, and the pages a person sees."""

from typing import Any

from litestar import HttpMethod, Litestar, Response, route
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from sendwright.practice.answers import Page
from sendwright.practice.browsing import AnyRequest, Browsers, agent, answered, as_json, form, plain
from sendwright.practice.client_secret import basic
from sendwright.practice.faults import Faults
from sendwright.practice.listening import CutOff, Listener, unheard
from sendwright.practice.microsoft import admin_consent, authorize, device, pages
from sendwright.practice.microsoft.aadsts import Refused
from sendwright.practice.microsoft.authorize import Returned
from sendwright.practice.microsoft.directory import Directory
from sendwright.practice.microsoft.grants import Grants
from sendwright.practice.microsoft.sign_in import Browser, Reception, SignIn
from sendwright.practice.microsoft.token_endpoint import TokenEndpoint
from sendwright.practice.microsoft.tokens import Tokens
from sendwright.texts import text


class Login:
    """Answers for every organisation."""

    def __init__(
        self,
        directory: Directory,
        *,
        grants: Grants,
        tokens: Tokens,
        faults: Faults,
        listener: Listener,
        log: list[str],
    ) -> None:
        self._directory = directory
        self._grants = grants
        self._tokens = tokens
        self._faults = faults
        self._listener = listener
        self._log = log
        self._reception = Reception(directory=directory, grants=grants)
        self._browsers = Browsers(Browser)
        self._begun: dict[str, SignIn] = {}
        self.token_endpoint = TokenEndpoint(directory=directory, grants=grants, tokens=tokens, login=listener.base)

    def application(self, *more: Any) -> Litestar:  # noqa: ANN401 - Litestar's route handlers, of several classes
        """Return what serves it, with `more` routes."""
        get, post = HttpMethod.GET, HttpMethod.POST
        v2 = "/{tenant:str}/oauth2/v2.0"
        return Litestar(
            [
                route("/{tenant:str}/v2.0/.well-known/openid-configuration", http_method=get)(self.metadata),
                route("/{tenant:str}/discovery/v2.0/keys", http_method=get)(self.keys),
                route(f"{v2}/authorize", http_method=[get, post])(self.authorize),
                route(f"{v2}/token", http_method=post)(self.token),
                route(f"{v2}/devicecode", http_method=post)(self.device_code),
                route(f"{v2}/logout", http_method=get)(self.log_out),
                route("/{tenant:str}/v2.0/adminconsent", http_method=get)(self.admin_consent),
                route("/{tenant:str}/adminconsent", http_method=get)(self.admin_consent),
                route("/common/oauth2/nativeclient", http_method=get)(self.native_client),
                route("/common/oauth2/deviceauth", http_method=[get, post])(self.device_page),
                route("/sign-in/{flow:str}", http_method=[get, post])(self.sign_in),
                *more,
            ],
            exception_handlers={CutOff: unheard, HTTPException: plain, Refused: self._refused_page},
            logging_config=None,
            openapi_config=None,
        )

    async def metadata(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Answer OpenID Connect Discovery; for several organisations the issuer is a pattern."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        try:
            found = self._directory.tenant(tenant)
        except Refused as refused:
            return self._refused(refused)
        base = f"{self._listener.base}/{found.id if found else tenant}"
        return as_json(
            {
                "issuer": f"{self._listener.base}/{found.id if found else '{tenantid}'}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "code_challenge_methods_supported": ["S256"],
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
                "cloud_graph_host_name": "graph.windows.net",
                "msgraph_host": "graph.microsoft.com",
            }
        )

    async def keys(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Publish the key that tokens are signed with."""
        del tenant
        if (faulty := await self._fault(request)) is not None:
            return faulty
        return as_json(self._tokens.published())

    async def token(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Answer a request for tokens."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        fields = await form(request)
        fields |= basic(request.headers.get("authorization", ""))
        try:
            found = self.token_endpoint.answer(tenant, fields)
        except Refused as refused:
            self._log.append(f"token {fields.get('grant_type', '')}: {refused.error} AADSTS{refused.number}")
            return self._refused(refused)
        self._log.append(f"token {fields['grant_type']}: {found.get('scope') or fields.get('scope')}")
        return as_json(found)

    async def authorize(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Begin a sign-in. Raises Refused, which becomes a page."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        name, browser = self._browsers.of(request)
        query = dict(request.query_params.items()) | await form(request)
        self._log.append(f"authorize {query.get('client_id', '')} {query.get('scope', '')}")
        try:
            purpose = authorize.read(query, tenant, directory=self._directory, grants=self._grants)
        except Returned as returned:
            return answered(returned.answer(self._directory.tenants[0]), name)
        sign_in = self._keep(SignIn(purpose=purpose))
        try:
            answer = self._reception.begin(sign_in, browser, agent(request))
        except Refused as refused:
            answer = purpose.returned(refused, sign_in.tenant)
        return answered(answer, name)

    async def admin_consent(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Begin the sign-in of an administrator who consents for all. Raises Refused, which becomes a page."""
        name, browser = self._browsers.of(request)
        query = dict(request.query_params.items())
        old = "/v2.0/" not in request.url.path
        self._log.append(f"adminconsent {query.get('client_id', '')} {query.get('scope', '')}")
        purpose = admin_consent.read(query, tenant, directory=self._directory, old=old)
        sign_in = self._keep(SignIn(purpose=purpose))
        return answered(self._reception.begin(sign_in, browser, agent(request)), name)

    async def device_code(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Give out a device code."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        try:
            made = device.issue(await form(request), tenant, directory=self._directory, grants=self._grants)
        except Refused as refused:
            return self._refused(refused)
        address = f"{self._listener.base}/common/oauth2/deviceauth"
        return as_json(
            {
                "user_code": made.user_code,
                "device_code": made.code,
                "verification_uri": address,
                "expires_in": int(device.LASTS.total_seconds()),
                "interval": int(self.token_endpoint.interval_s),
                "message": f"To sign in, open the page {address} and enter the code {made.user_code}.",
            }
        )

    async def device_page(self, request: AnyRequest) -> Response[Any]:
        """Take the code that the other device shows."""
        name, browser = self._browsers.of(request)
        typed = (await form(request)).get("otc", "")
        if not typed:
            return answered(Page(html=pages.page("code", {"code": ""}, {"message": ""})), name)
        given = self._grants.device_by_user_code(typed, self._directory.tenants[0].now())
        if given is None:
            message = {"message": pages.wrong_code()}
            return answered(Page(html=pages.page("code", {"code": typed}, message)), name)
        client = self._directory.client(given.client_id, given.segment)
        purpose = device.DeviceRequest(client=client, given=given, segment=given.segment)
        sign_in = self._keep(SignIn(purpose=purpose))
        return answered(self._reception.begin(sign_in, browser, agent(request)), name)

    async def sign_in(self, request: AnyRequest, flow: FromPath[str]) -> Response[Any]:
        """Take what was typed or pressed on a page."""
        name, browser = self._browsers.of(request)
        begun = self._begun.get(flow)
        if begun is None or begun.ended:
            raise Refused(9002313)
        fields = await form(request)
        return answered(self._reception.answer(begun, fields, browser, agent(request)), name)

    async def log_out(self, request: AnyRequest, tenant: FromPath[str]) -> Response[Any]:
        """Forget who has signed in with this browser."""
        del tenant
        name, browser = self._browsers.of(request)
        browser.accounts.clear()
        return answered(Page(html=pages.page("ended", {"words": text("practice.pages.signed-out")})), name)

    async def native_client(self) -> Response[Any]:
        """Answer the blank page that embedded browsers are sent back to."""
        return Response("<!DOCTYPE html><title>.</title>", media_type="text/html")

    async def _fault(self, request: AnyRequest) -> Response[Any] | None:
        fault = self._faults.next(request.url.path)
        if fault is None:
            return None
        if not fault.status:
            await self._listener.cut(request)
        headers = {"retry-after": fault.retry_after} if fault.retry_after else {}
        if fault.body is not None:
            return Response(fault.body, status_code=fault.status, headers=headers, media_type="text/html")
        refused = Refused(90024, error=fault.code)
        body = refused.body(self._directory.tenants[0].now())
        return Response(body, status_code=fault.status, headers=headers, media_type="application/json")

    def _keep(self, sign_in: SignIn) -> SignIn:
        self._begun[sign_in.id] = sign_in
        return sign_in

    def _refused(self, refused: Refused) -> Response[Any]:
        return as_json(refused.body(self._directory.tenants[0].now()), status=refused.status)

    def _refused_page(self, _: AnyRequest, refused: Refused) -> Response[Any]:
        self._log.append(f"page AADSTS{refused.number}")
        return answered(Page(html=pages.refusal(refused, self._directory.tenants[0]), status=400), "")
