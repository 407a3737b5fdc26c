"""Configurations of Workload Identity Federation, as Google's tools write them."""

import json

from tests.unit.oauth.google.fake_services import OPERATOR, STS

from sendwright.secret import Secret

POOL = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/pool/providers/cluster"
IMPERSONATES = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{OPERATOR}:generateAccessToken"


def federation(source: dict[str, object], **changes: object) -> Secret:
    """Return a configuration with this credential source."""
    whole: dict[str, object] = {
        "type": "external_account",
        "audience": POOL,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": STS,
        "credential_source": source,
    }
    return Secret(json.dumps(whole | changes))
