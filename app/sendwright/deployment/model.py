"""The shape of a deployment file: every key with its meaning and its value where the file says nothing."""

from pathlib import Path

import msgspec

from sendwright.address import Mailbox, parse_mailbox
from sendwright.secret import Secret
from sendwright.texts import has, text

CLOUDS = ("global", "us-government", "us-government-high", "us-government-dod", "china")
"""The national clouds of Microsoft 365."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


def _usual_name() -> str:
    return text("deployment.platform")


class Platform(Section, frozen=True, kw_only=True):
    """[platform]: who ships the wizard.

    name: as customers know the platform; without a file the words for it in the language in use. default_sender:
    `Name <address>`, in force while an organisation has no sender of its own. support_contact: an address,
    telephone number or page, as shown. help_url: https page with help. accent: `#rrggbb`, the one colour of
    buttons, focus and progress; at least 4.5:1 against white. logo: an SVG or PNG file; relative to the file.
    """

    name: str = msgspec.field(default_factory=_usual_name)
    default_sender: Mailbox = parse_mailbox("Notifications <notifications@platform.example>")
    support_contact: str = ""
    help_url: str = ""
    accent: str = "#1f5fbf"
    logo: Path | None = None


class BackendPlace(Section, frozen=True, kw_only=True):
    """[backend]: the platform's notification backend.

    url: https; empty stands for the backend on this computer; a connection code overrides it. ca_file: PEM
    file with further authorities to trust for it; relative to the deployment file.
    """

    url: str = ""
    ca_file: Path | None = None


class Microsoft(Section, frozen=True, kw_only=True):
    """[microsoft]: the platform's app registration.

    client_id: application id. cloud: `global`, `us-government`, `us-government-high`, `us-government-dod` or
    `china`. redirect_uri: as registered for the person's own browser. embedded_redirect_uri: as registered for the
    embedded one; empty stands for the cloud's own blank page (`/common/oauth2/nativeclient`). name: what the consent
    page calls the application; empty: the platform's name. authority, graph, smtp: only for tests and practice,
    replace the cloud's sign-in address, Graph's, and `host:port` of client submission.
    """

    client_id: str = ""
    cloud: str = "global"
    redirect_uri: str = "http://localhost"
    embedded_redirect_uri: str = ""
    name: str = ""
    authority: str = ""
    graph: str = ""
    smtp: str = ""


AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address, not a token


class Google(Section, frozen=True, kw_only=True):
    """[google]: the platform's OAuth client of the type desktop app.

    client_id: the client's id. client_secret: Google gives installed applications one that cannot be kept
    secret (RFC 8252 section 8.5); it never prints all the same. name: what the consent page calls the application;
    empty: the platform's name. auth_uri, token_uri, login, gmail, smtp: only for tests and practice. login is the base
    of all addresses of the sign-in, where it says nothing that of token_uri; auth_uri the page that a person opens, on
    this computer without TLS as well; gmail the base of the interface; smtp is `host:port`.
    """

    client_id: str = ""
    client_secret: Secret | None = None
    auth_uri: str = AUTH_URI
    token_uri: str = TOKEN_URI
    name: str = ""
    login: str = ""
    gmail: str = ""
    smtp: str = ""

    @property
    def base(self) -> str:
        """The base of the sign-in's addresses in place of Google's, empty where they are Google's."""
        return self.login or ("" if self.token_uri in {"", TOKEN_URI} else self.token_uri.rpartition("/")[0])

    @property
    def page(self) -> str:
        """The page that a person opens in place of Google's, empty where it is Google's."""
        return "" if self.auth_uri == AUTH_URI else self.auth_uri


class Features(Section, frozen=True, kw_only=True):
    """[features]: what the wizard offers.

    custom_smtp, microsoft365, gmail: the providers. device_code: sign-in by a code typed on another device.
    own_registration: an app registration of the organisation's own instead of the platform's.
    """

    custom_smtp: bool = True
    microsoft365: bool = True
    gmail: bool = True
    device_code: bool = True
    own_registration: bool = True


class Kind(Section, frozen=True, kw_only=True):
    """[[kinds]]: a kind of notification.

    id: kebab-case, as in X-Sendwright-Kind. label: as shown; empty stands for the usual words.
    """

    id: str
    label: str = ""


KINDS = tuple(
    Kind(id=name)
    for name in (
        "comment",
        "task",
        "rights-request",
        "audit-invitation",
        "user-invitation",
        "reminder",
        "compliance-alert",
        "incident",
        "workflow",
        "test",
    )
)
"""The kinds where the file names none."""


class Deployment(Section, frozen=True, kw_only=True):
    """All facts of the platform. source: the file they come from, None where there was none."""

    platform: Platform = msgspec.field(default_factory=Platform)
    backend: BackendPlace = BackendPlace()
    microsoft: Microsoft = Microsoft()
    google: Google = Google()
    features: Features = Features()
    kinds: tuple[Kind, ...] = KINDS
    source: Path | None = None

    def kind_label(self, kind: str) -> str:
        """Return the words for the kind with the id `kind`: the file's, the usual ones, or the id itself."""
        labels = {one.id: one.label for one in self.kinds}
        if labels.get(kind):
            return labels[kind]
        return text(f"kinds.{kind}") if has(f"kinds.{kind}") else kind
