"""The simulated sign-in host: the pages a person sees, tokens, keys, and signing for service accounts."""

from typing import Any

from litestar import HttpMethod, Litestar, Response, route
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from sendwright.practice.answers import Page
from sendwright.practice.browsing import AnyRequest, Browsers, answered, as_json, form, plain
from sendwright.practice.client_secret import basic
from sendwright.practice.faults import Faults
from sendwright.practice.google import authorize, pages
from sendwright.practice.google.embedded import is_embedded
from sendwright.practice.google.grants import Grants, bearer
from sendwright.practice.google.id_tokens import IdTokens, shown
from sendwright.practice.google.permissions import listed
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.sign_in import Browser, Reception, SignIn
from sendwright.practice.google.token_endpoint import TokenEndpoint
from sendwright.practice.google.workspace import Workspace
from sendwright.practice.listening import CutOff, Listener, unheard

_EMBEDDED = Refused("disallowed_useragent", "This browser or app may not be secure.", status=403)


class Login:
    """Answers at what are several hosts in reality."""

    def __init__(
        self, workspace: Workspace, *, grants: Grants, faults: Faults, listener: Listener, log: list[str]
    ) -> None:
        self._workspace = workspace
        self._grants = grants
        self._faults = faults
        self._listener = listener
        self._log = log
        self._id_tokens = IdTokens(workspace)
        self._reception = Reception(workspace=workspace, grants=grants, log=log)
        self._browsers = Browsers(Browser)
        self._begun: dict[str, SignIn] = {}
        self._token_endpoint = TokenEndpoint(
            workspace=workspace, grants=grants, id_tokens=self._id_tokens, address=f"{listener.base}/token"
        )

    def application(self, *more: Any) -> Litestar:  # noqa: ANN401 - Litestar's route handlers, of several classes
        """Return what serves it, with `more` routes."""
        get, post = HttpMethod.GET, HttpMethod.POST
        return Litestar(
            [
                route("/.well-known/openid-configuration", http_method=get)(self.metadata),
                route("/oauth2/v3/certs", http_method=get)(self.keys),
                route("/o/oauth2/v2/auth", http_method=get)(self.authorize),
                route("/token", http_method=post)(self.token),
                route("/revoke", http_method=[get, post])(self.revoke),
                route("/v1/userinfo", http_method=[get, post])(self.userinfo),
                route("/sign-in/{flow:str}", http_method=[get, post])(self.sign_in),
                *more,
            ],
            exception_handlers={CutOff: unheard, HTTPException: plain, Refused: self._refused_page},
            logging_config=None,
            openapi_config=None,
        )

    async def metadata(self, request: AnyRequest) -> Response[Any]:
        """Answer OpenID Connect Discovery."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        base = self._listener.base
        return as_json(
            {
                "issuer": "https://accounts.google.com",
                "authorization_endpoint": f"{base}/o/oauth2/v2/auth",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/v1/userinfo",
                "revocation_endpoint": f"{base}/revoke",
                "jwks_uri": f"{base}/oauth2/v3/certs",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "email", "profile"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, request: AnyRequest) -> Response[Any]:
        """Publish the key that id_tokens are signed with."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        return as_json(self._id_tokens.published())

    async def token(self, request: AnyRequest) -> Response[Any]:
        """Answer a request for tokens."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        fields = await form(request)
        fields |= basic(request.headers.get("authorization", ""))
        grant = fields.get("grant_type", "").rpartition(":")[2]
        try:
            found = self._token_endpoint.answer(fields)
        except Refused as refused:
            self._log.append(f"token {grant}: {refused.error}")
            return as_json(refused.body(), status=refused.status)
        self._log.append(f"token {grant}: {found.get('scope', '')}")
        return as_json(found)

    async def revoke(self, request: AnyRequest) -> Response[Any]:
        """End a token, and with it everything that its project holds of its person (RFC 7009)."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        token = (await form(request)).get("token") or request.query_params.get("token", "")
        if not token:
            return as_json(Refused("invalid_request", "Missing required parameter: token").body(), status=400)
        if not self._grants.revoke(token):
            self._log.append("revoke: invalid_token")
            return as_json(Refused("invalid_token", "Token expired or revoked").body(), status=400)
        self._log.append("revoke")
        return as_json({})

    async def userinfo(self, request: AnyRequest) -> Response[Any]:
        """Answer who signed in."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        access = bearer(request.headers.get("authorization", ""), self._grants)
        if access is None or access.person is None:
            refused = Refused("invalid_request", "Invalid Credentials", status=401)
            return as_json(refused.body(), status=401)
        self._log.append(f"userinfo {listed(access.scopes)}")
        return as_json({"sub": access.person.sub} | shown(access.person, access.scopes))

    async def authorize(self, request: AnyRequest) -> Response[Any]:
        """Begin a sign-in. Raises Refused, which becomes a page."""
        if (faulty := await self._fault(request)) is not None:
            return faulty
        name, browser = self._browsers.of(request)
        query = dict(request.query_params.items())
        self._log.append(f"authorize {query.get('client_id', '')} {query.get('scope', '')}")
        asked = authorize.read(query, self._workspace)
        self._only_own(request)
        sign_in = SignIn(request=asked)
        self._begun[sign_in.id] = sign_in
        return answered(self._reception.begin(sign_in, browser), name)

    async def sign_in(self, request: AnyRequest, flow: FromPath[str]) -> Response[Any]:
        """Take what was typed or pressed on a page."""
        name, browser = self._browsers.of(request)
        begun = self._begun.get(flow)
        if begun is None or begun.ended:
            raise Refused("invalid_request", "This sign-in is over.")
        self._only_own(request)
        return answered(self._reception.answer(begun, await form(request), browser), name)

    def _only_own(self, request: AnyRequest) -> None:
        if is_embedded(request.headers):
            raise _EMBEDDED

    async def _fault(self, request: AnyRequest) -> Response[Any] | None:
        fault = self._faults.next(request.url.path)
        if fault is None:
            return None
        if not fault.status:
            await self._listener.cut(request)
        headers = {"retry-after": fault.retry_after} if fault.retry_after else {}
        if fault.body is not None:
            return Response(fault.body, status_code=fault.status, headers=headers, media_type="text/html")
        body = Refused(fault.code or "internal_failure", "Backend Error").body()
        return Response(body, status_code=fault.status, headers=headers, media_type="application/json")

    def _refused_page(self, _: AnyRequest, refused: Refused) -> Response[Any]:
        self._log.append(f"page {refused.error}")
        return answered(Page(html=pages.refusal(refused), status=refused.status))
