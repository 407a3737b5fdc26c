"""Recognises the pages of Microsoft's sign-in by their fixed titles and sentences, where they show no number."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sendwright.problems.evidence import Evidence, System
from sendwright.problems.pasted.clue import Clue
from sendwright.problems.pasted.names import vocabulary
from sendwright.problems.pasted.phrases import present
from sendwright.problems.pasted.values import values_of
from sendwright.problems.rule import UNKNOWN_STAGE, normalise

# A title is one where it stands in a line of its own: `Need admin approval` may be said in many sentences.
PAGE_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "need admin approval": "page-admin-approval",
        "approval required": "page-admin-approval",
        "you cannot access this right now": "page-conditional-access",
        "you can't access this right now": "page-conditional-access",
        "you don't have access to this": "page-conditional-access",
        "you can't get there from here": "page-device",
        "you can't sign in here with a personal account": "page-personal-account",
        "more information required": "page-registration",
    }
)
PAGE_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "needs permission to access resources in your organization that only an admin can grant": "page-admin-approval",
        "this app requires your admin's approval": "page-admin-approval",
        "does not meet the criteria to access this resource": "page-conditional-access",
        "sign-in was successful but you don't have permission to access this resource": "page-conditional-access",
        "use your work or school account instead": "page-personal-account",
        "needs more information to keep your account secure": "page-registration",
        "selected user account does not exist in tenant": "page-other-organisation",
        "your account is temporarily locked to prevent unauthorized use": "page-account-locked",
        "your account has been locked. contact your support person": "page-account-disabled",
        "your account or password is incorrect. if you don't remember your password": "page-password",
    }
)
_SIGN_OF_DETAILS = "correlation id"
_NUMBER = re.compile(r"\bError [Cc]ode: ?([0-9]{5,8})(?![0-9])")
_NUMBER_ALONE = re.compile(r"[Ee]rror [Cc]ode:? ?([0-9]{5,8})")
_LONGEST_TITLE = 80
_TYPOGRAPHIC = "\N{RIGHT SINGLE QUOTATION MARK}"


def find_page(text: str) -> Iterator[Clue]:
    """Yield what a page of Microsoft's sign-in in `text` says: the number in its details, else its fixed words."""
    low = text.casefold().replace(_TYPOGRAPHIC, "'")
    if "aadsts" in low:
        return
    number = _NUMBER.search(text) if _SIGN_OF_DETAILS in low else _alone(text)
    if number is not None:
        seen = Evidence(
            stage=UNKNOWN_STAGE, system=System.ENTRA, number=int(number[1]), text=normalise(text[:_LONGEST_TITLE]),
            values=values_of(number[0]),
        )  # fmt: skip
        yield Clue(evidence=seen, place=number.start(), matched=number[0])
        return
    titles, sentences = present(PAGE_TITLES, low), present(PAGE_SENTENCES, low)
    if not (titles or sentences):
        return
    named: dict[str, str] = {}
    for line in low.split("\n"):
        said = normalise(line[:_LONGEST_TITLE]).rstrip(". ")
        if said in titles:
            named.setdefault(PAGE_TITLES[said], said)
    for sentence in sentences:
        named.setdefault(PAGE_SENTENCES[sentence], sentence)
    for condition, said in named.items():
        place = max(0, low.find(said))
        shown = text[place : place + len(said)] if len(low) == len(text) else said
        seen = Evidence(stage=UNKNOWN_STAGE, system=System.ENTRA, condition=condition, text=shown)
        yield Clue(evidence=seen, place=place, matched=shown)


def _alone(text: str) -> re.Match[str] | None:
    """Return the number where `text` is nothing else; every program numbers its errors, so it has to be known."""
    found = _NUMBER_ALONE.fullmatch(text.strip()) if len(text) <= _LONGEST_TITLE else None
    return found if found and int(found[1]) in vocabulary().numbers else None
