"""Recognises what Google says by its fixed titles and sentences, where no code stands beside them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.phrases import present
from sendwright.problems.rule import UNKNOWN_STAGE, normalise

# A title is one where it stands in a line of its own: an app may be blocked by many.
GOOGLE_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "this app is blocked": "google-page-blocked",
        "cette application est bloquée": "google-page-blocked",
        "this app isn't verified": "google-page-unverified",
    }
)
GOOGLE_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # Pages of the sign-in
        "this app tried to access sensitive info in your google account": "google-page-blocked",
        "google hasn't verified this app": "google-page-unverified",
        "google n'a pas validé cette application": "google-page-unverified",
        "google heeft deze app niet geverifieerd": "google-page-unverified",
        "has not completed the google verification process": "google-page-testing",
        "n'a pas terminé la procédure de validation de google": "google-page-testing",
        "your institution's admin needs to review": "google-page-admin",
        "restricted by policies within your organization": "google-page-admin",
        "can only be used within its organization": "google-page-organisation",
        "this browser or app may not be secure": "google-page-embedded",
        # The token endpoint, and clients that keep its words alone
        "the oauth client was not found": "google-says-client-unknown",
        "the oauth client was deleted": "google-says-client-removed",
        "some requested scopes were invalid": "google-says-scope-refused",
        "client is unauthorized to retrieve access tokens using this method": "google-says-delegation-missing",
        # The Gmail API
        "delegation denied for ": "google-says-delegation-denied",
        "mail service not enabled": "google-says-mailbox-missing",
        "gmail api has not been used in project": "google-says-interface-off",
        "request had insufficient authentication scopes": "google-says-scope-lacking",
        "user-rate limit exceeded": "google-says-pause",
        "(mail sending)": "google-says-limit",
        "you have reached a limit for sending mail": "google-says-limit",
        "x-google-original-from:": "google-says-replaced",
        # The challenge with which SMTP refuses a token: {"status":"400","schemes":"Bearer", in Base64
        "eyjzdgf0dxmioii0mdailcjzy2hlbwvzijoiqmvhcmvyii": "google-says-token-refused",
        # The Google Cloud console
        "service account key creation is disabled": "google-says-no-keys",
        "disableserviceaccountkeycreation": "google-says-no-keys",
        "key creation is not allowed on this service account": "google-says-no-keys",
        "permission 'iam.serviceaccounts.signblob' denied": "google-says-no-signing",
        "permission 'iam.serviceaccounts.signjwt' denied": "google-says-no-signing",
        "iam service account credentials api has not been used in project": "google-says-signing-off",
    }
)
_PAUSE, _LIMIT = "google-says-pause", "google-says-limit"
_TYPOGRAPHIC = "\N{RIGHT SINGLE QUOTATION MARK}"
_LONGEST_TITLE = 80


def find_google_words(text: str) -> Iterator[Clue]:
    """Yield what fixed words of Google's in `text` tell, each once. Never raises, whatever the text holds."""
    low = text.casefold().replace(_TYPOGRAPHIC, "'").replace("\N{NO-BREAK SPACE}", " ")
    titles, sentences = present(GOOGLE_TITLES, low), present(GOOGLE_SENTENCES, low)
    named: dict[str, str] = {}
    for line in low.split("\n") if titles else ():
        said = normalise(line[:_LONGEST_TITLE]).rstrip(". ")
        if said in titles:
            named.setdefault(GOOGLE_TITLES[said], said)
    for sentence in sentences:
        named.setdefault(GOOGLE_SENTENCES[sentence], sentence)
    if _LIMIT in named:  # the limit of a day is told in the words of a pause
        named.pop(_PAUSE, None)
    for condition, said in named.items():
        place = max(0, low.find(said))
        shown = (text[place : place + len(said)] if len(low) == len(text) else said).strip()
        seen = Evidence(stage=UNKNOWN_STAGE, system=System.GOOGLE, condition=condition, text=shown)
        yield Clue(evidence=seen, place=place, matched=shown)
