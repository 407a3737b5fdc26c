from collections.abc import Mapping, Sequence

import requests

class Flow:
    oauth2session: requests.Session
    code_verifier: str | None
    @classmethod
    def from_client_config(
        cls,
        client_config: Mapping[str, Mapping[str, str]],
        scopes: Sequence[str],
        *,
        redirect_uri: str | None = ...,
        code_verifier: str | None = ...,
    ) -> Flow: ...
    def authorization_url(self, **kwargs: str) -> tuple[str, str]: ...
    def fetch_token(
        self, *, code: str, client_secret: str | None, include_client_id: bool = ...
    ) -> dict[str, object]: ...
