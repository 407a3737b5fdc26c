"""Leads somebody through signing in and consenting at the simulated Google, one page after the other."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sendwright.practice.answers import Answer, Page
from sendwright.practice.google import consents, pages
from sendwright.practice.google.authorize import CodeRequest
from sendwright.practice.google.grants import Grants
from sendwright.practice.google.refused import Refused
from sendwright.practice.google.workspace import Person, Workspace


@dataclass
class Browser:
    """A browser session. accounts: addresses of who has signed in."""

    accounts: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class SignIn:
    """How far somebody has come. warned: went on behind a warning. pick: accounts are offered. ended: answered."""

    request: CodeRequest
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    typed: str = ""
    person: Person | None = None
    authenticated: bool = False
    approved: bool = False
    warned: bool = False
    pick: bool = True
    ended: bool = False


@dataclass(kw_only=True)
class Reception:
    """Answers the pages of sign-ins. log: is told of refusals."""

    workspace: Workspace
    grants: Grants
    log: list[str]

    def begin(self, sign_in: SignIn, browser: Browser) -> Answer:
        """Return the first page; with prompt=none there is none, and nobody is asked anything."""
        request = sign_in.request
        known = self._known(sign_in, browser)
        hinted = [one for one in known if one.email.lower() == request.login_hint.lower()]
        at_once = hinted or (known if len(known) == 1 and not request.login_hint else [])
        if at_once and "select_account" not in request.prompts:
            self._take(sign_in, at_once[0])
        if "none" in request.prompts:
            return self._silently(sign_in)
        if sign_in.person is None and not known and request.login_hint:
            self._name(sign_in, request.login_hint)  # an unknown one stands in the field, to be corrected
        return self.show(sign_in, browser)

    def answer(self, sign_in: SignIn, fields: Mapping[str, str], browser: Browser) -> Answer:
        """Take what was typed or pressed and return what comes next."""
        action = fields.get("action", "")
        if action == "cancel":
            sign_in.ended = True
            return sign_in.request.refused("access_denied")
        wrong = ""
        if action == "accept" and _ready(sign_in):
            return self._consented(sign_in, fields, browser)
        if action == "deny":
            sign_in.authenticated = False
            wrong = "second-step"
        elif action == "approve":
            sign_in.approved = sign_in.authenticated
        elif action == "go-on":
            sign_in.warned = _ready(sign_in)
        elif action in {"as-admin", "other"} or action.startswith("account-"):
            self._choose(sign_in, action, browser)
        elif sign_in.person is None and "username" in fields:
            wrong = self._name(sign_in, fields["username"])
        elif not sign_in.authenticated and "password" in fields:
            wrong = self._authenticate(sign_in, fields["password"], browser)
        return self.show(sign_in, browser, wrong=wrong)

    def show(self, sign_in: SignIn, browser: Browser, *, wrong: str = "") -> Answer:
        """Return the page that comes next."""
        request, person = sign_in.request, sign_in.person
        frame = {"flow": sign_in.id, "application": request.client.name}
        message = {"message": pages.wrong(wrong)}
        if person is None:
            known = self._known(sign_in, browser)
            if known and sign_in.pick:
                return Page(html=pages.page("account", frame, message | {"accounts": pages.accounts(known)}))
            return Page(html=pages.page("username", frame | {"username": sign_in.typed}, message))
        frame["username"] = person.email
        if not sign_in.authenticated:
            return Page(html=pages.page("password", frame, message))
        if person.second_step and not sign_in.approved:
            return Page(html=pages.page("approve", frame, message))
        refused = consents.policy(request, person, self.workspace)
        if refused is not None:
            return self._refused(sign_in, refused)
        warning = consents.warning(request, person, self.workspace)
        if warning and not sign_in.warned:
            return Page(html=pages.page(warning, frame))
        question = consents.question(request, person, self.workspace)
        if question is None:
            return self._finish(sign_in, person, frozenset(), asked=False)
        markup = {
            "already": pages.already(question.already),
            "permissions": pages.permitted(question.together),
            "boxes": pages.boxes(question.boxes),
        }
        note = pages.FRAME.words("boxes-note") if question.boxes else ""
        return Page(html=pages.page("consent", frame | {"boxes_note": note}, markup))

    def _silently(self, sign_in: SignIn) -> Answer:
        person, request = sign_in.person, sign_in.request
        sign_in.ended = True
        if person is None:
            return request.refused("login_required")
        if consents.policy(request, person, self.workspace) or consents.question(request, person, self.workspace):
            return request.refused("interaction_required")
        return self._finish(sign_in, person, frozenset(), asked=False)

    def _consented(self, sign_in: SignIn, fields: Mapping[str, str], browser: Browser) -> Answer:
        person, request = sign_in.person, sign_in.request
        if person is None or consents.policy(request, person, self.workspace) is not None:
            return self.show(sign_in, browser)
        if consents.warning(request, person, self.workspace) and not sign_in.warned:
            return self.show(sign_in, browser)
        question = consents.question(request, person, self.workspace)
        chosen = question.chosen(fields) if question is not None else frozenset()
        return self._finish(sign_in, person, chosen, asked=question is not None)

    def _finish(self, sign_in: SignIn, person: Person, chosen: frozenset[str], *, asked: bool) -> Answer:
        sign_in.ended = True
        scopes = consents.consent(sign_in.request, person, chosen, self.workspace)
        return sign_in.request.done(person, scopes, asked=asked, workspace=self.workspace, grants=self.grants)

    def _refused(self, sign_in: SignIn, refused: Refused) -> Answer:
        request, person = sign_in.request, sign_in.person
        self.log.append(f"page {refused.error}")
        if refused.error in self.workspace.policies.told:
            sign_in.ended = True
            return request.refused(refused.error)
        email = person.email if person else ""
        html = pages.refusal(refused, flow=sign_in.id, application=request.client.name, email=email)
        return Page(html=html, status=refused.status)

    def _choose(self, sign_in: SignIn, action: str, browser: Browser) -> None:
        known = self._known(sign_in, browser)
        place = action.removeprefix("account-")
        if place.isdecimal() and int(place) < len(known):
            self._take(sign_in, known[int(place)])
        else:
            sign_in.person = None
            sign_in.typed, sign_in.authenticated, sign_in.approved, sign_in.pick = "", False, False, False

    def _name(self, sign_in: SignIn, typed: str) -> str:
        sign_in.typed = typed.strip()[:320]
        sign_in.person = self.workspace.person(sign_in.typed)
        return "" if sign_in.person else "account"

    def _authenticate(self, sign_in: SignIn, password: str, browser: Browser) -> str:
        person = sign_in.person
        if person is None:
            return ""
        if person.suspended:
            return "suspended"
        if password != person.password:
            return "password"
        sign_in.authenticated = True
        if person.email not in browser.accounts:
            browser.accounts.append(person.email)
        return ""

    def _known(self, sign_in: SignIn, browser: Browser) -> list[Person]:
        """Return who signed in with this browser before: the one that is hinted at first, `hd` kept."""
        request = sign_in.request
        found = [person for email in browser.accounts if (person := self.workspace.person(email)) is not None]
        found = [one for one in found if not one.suspended and (not request.domain or one.domain == request.domain)]
        return sorted(found, key=lambda one: one.email.lower() != request.login_hint.lower())

    def _take(self, sign_in: SignIn, person: Person) -> None:
        sign_in.person = person
        sign_in.authenticated = sign_in.approved = True


def _ready(sign_in: SignIn) -> bool:
    person = sign_in.person
    return person is not None and sign_in.authenticated and (sign_in.approved or not person.second_step)
