from collections.abc import Callable, Mapping, Sequence

from msal.token_cache import TokenCache as TokenCache

class ClientApplication:
    def __init__(
        self,
        client_id: str,
        client_credential: str | Mapping[str, str] | None = ...,
        authority: str | None = ...,
        *,
        token_cache: TokenCache | None = ...,
        http_client: object = ...,
        http_cache: dict[str, object] | None = ...,
        app_name: str | None = ...,
        app_version: str | None = ...,
        azure_region: str | bool | None = ...,
        instance_discovery: bool | None = ...,
    ) -> None: ...
    def initiate_auth_code_flow(
        self,
        scopes: Sequence[str],
        redirect_uri: str | None = ...,
        state: str | None = ...,
        prompt: str | None = ...,
        login_hint: str | None = ...,
        *,
        response_mode: str | None = ...,
    ) -> dict[str, object]: ...
    def acquire_token_by_auth_code_flow(
        self,
        auth_code_flow: dict[str, object],
        auth_response: dict[str, str],
        scopes: Sequence[str] | None = ...,
    ) -> dict[str, object]: ...
    def acquire_token_by_refresh_token(self, refresh_token: str, scopes: Sequence[str]) -> dict[str, object]: ...

class PublicClientApplication(ClientApplication):
    def __init__(
        self,
        client_id: str,
        client_credential: None = ...,
        *,
        authority: str | None = ...,
        token_cache: TokenCache | None = ...,
        http_client: object = ...,
        http_cache: dict[str, object] | None = ...,
        app_name: str | None = ...,
        app_version: str | None = ...,
        instance_discovery: bool | None = ...,
    ) -> None: ...
    def initiate_device_flow(self, scopes: Sequence[str] | None = ...) -> dict[str, object]: ...
    def acquire_token_by_device_flow(
        self, flow: dict[str, object], *, exit_condition: Callable[[dict[str, object]], bool] = ...
    ) -> dict[str, object]: ...

class ConfidentialClientApplication(ClientApplication):
    def acquire_token_for_client(self, scopes: Sequence[str]) -> dict[str, object]: ...
