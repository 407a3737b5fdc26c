"""What a way of sending must offer to take its place in the wizard: one folder, one value of this type."""

from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from sendwright.network.resolver import MailExchanger
from sendwright.profile import SenderProfile
from sendwright.screens import Answer, Notice, Proposal, Screen
from sendwright.vault.vault import Secret, SecretRef
from sendwright.world import Progress, World


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The provider's part of the draft; every field has a default. Saved: it only refers to secrets."""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said about answers while they are being typed."""

    notices: tuple[Notice, ...] = ()
    proposals: tuple[Proposal, ...] = ()


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """Why mail of a domain is probably with a provider: key and values of the reason's text.

    last_resort: true of any domain; what another provider recognises comes first.
    """

    key: str
    values: dict[str, str] = {}
    last_resort: bool = False


T = TypeVar("T")


class Step(Protocol, Generic[T]):
    """One screen: shows what `state` holds and turns an answer into the next state.

    The wizard's own steps work on the whole draft, a provider's on its Answers.
    """

    @property
    def id(self) -> str:
        """Kebab-case, unique in the walk."""
        ...

    @property
    def stop(self) -> str:
        """The stop of the step rail that this screen belongs to; label `rail.<stop>`."""
        ...

    def applies(self, state: T) -> bool:
        """Whether the walk comes past here."""
        ...

    def show(self, state: T, world: World) -> Screen:
        """Return the screen; quick, without side effects."""
        ...

    async def accept(self, state: T, answer: Answer, world: World, progress: Progress) -> T:
        """Use the answer. Raises screens.Rejected (stay, mark fields) or screens.Halted (stop: a problem).

        For a Working screen the answer is empty and this does the work, reporting each stage to `progress`.
        """
        ...

    async def advise(self, state: T, answer: Answer, world: World) -> Advice:
        """Say what helps while `answer` is being typed; never raises for what was typed."""
        ...


class Provider(Protocol):
    """A way of sending. Found by the wizard in `providers.catalogue` only."""

    @property
    def id(self) -> str:
        """The name in answers files and profiles: `custom_smtp`. Texts: `providers.<id>.name`, `.detail`."""
        ...

    @property
    def icon(self) -> str:
        """The drawing in resources/icons."""
        ...

    @property
    def answers(self) -> type[Answers]:
        """The type of its part of the draft."""
        ...

    @property
    def steps(self) -> tuple[Step[Any], ...]:
        """Its screens between the choice of the provider and the sender."""
        ...

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages of its diagnosis, in order; the last one submits a message."""
        ...

    def recognises(self, domain: str, exchangers: tuple[MailExchanger, ...]) -> Recognition | None:
        """Return the reason why mail of `domain` (A-label form) is probably with this provider, else None."""
        ...

    def prefill(self, answers: Any, address: str) -> Any:  # noqa: ANN401 - each provider has its own Answers
        """Take over an address that was typed before, where none is known yet."""
        ...

    async def recall(self, answers: Any, world: World) -> Any:  # noqa: ANN401 - as above
        """Return `answers` with what the vault says of its secrets now.

        Called once when a saved draft is opened, so that no form calls a password known that is not. What
        is gone is not referred to any more; what the vault cannot be asked for is, so that it can be
        forgotten later. Never raises.
        """
        ...

    def signed_in_as(self, answers: Any) -> str | None:  # noqa: ANN401 - as above
        """Return the account that the connection signs in with, None where it is none or is no address."""
        ...

    def path(self, answers: Any) -> str:  # noqa: ANN401 - as above
        """Return the way that messages take, in words: `smtp.example.org, port 465, TLS`."""
        ...

    def profile(self, answers: Any, *, address: str, alias: str) -> SenderProfile:  # noqa: ANN401 - as above
        """Return the profile of the answers; ready as soon as the provider's own steps are through.

        An empty `address` means that nobody chose one yet: then it is the one that the provider knows.
        """
        ...

    async def credentials(self, answers: Any, world: World) -> dict[str, Secret]:  # noqa: ANN401 - as above
        """Return the secrets that the backend needs, by name (`password`).

        Nothing where it has them already (`handed_over`). Raises errors.VaultUnavailable.
        """
        ...

    async def desk_credentials(self, answers: Any, world: World) -> dict[str, Secret]:  # noqa: ANN401 - as above
        """Return what a test from this computer signs in with; never a refresh token.

        Raises errors.VaultUnavailable and problems.evidence.Failure.
        """
        ...

    async def handed_over(self, answers: Any, world: World) -> Any:  # noqa: ANN401 - as above
        """Return the answers after the backend took the credentials: what only one may keep is removed here.

        Raises errors.VaultUnavailable.
        """
        ...

    def tested_by_backend(self, answers: Any) -> bool:  # noqa: ANN401 - as above
        """Whether only the backend can send: it holds the credential, this computer never does."""
        ...

    def held_by_backend(self, answers: Any) -> bool:  # noqa: ANN401 - as above
        """Whether the credentials of these answers are the backend's alone, from a version that it stored before."""
        ...

    def remarks(self, answers: Any, *, address: str) -> tuple[Notice, ...]:  # noqa: ANN401 - as above
        """Return what is left open about sending from `address` and stays to be said until it is settled."""
        ...

    def ends_at(self, answers: Any) -> datetime | None:  # noqa: ANN401 - as above
        """Return when the credentials of these answers end by themselves (aware), None where nobody said so."""
        ...

    def ending(self, profile: SenderProfile) -> str:
        """Return the text key of what else ends when the sign-in of `profile` is ended at its provider.

        Empty where there is no sign-in that the backend could end there.
        """
        ...

    def reconnecting(self, profile: SenderProfile) -> Answers | None:
        """Return the answers that sign in again for `profile`, None where there is nothing to sign in again."""
        ...

    def secrets(self, answers: Any) -> tuple[SecretRef, ...]:  # noqa: ANN401 - as above
        """Return the references of what it keeps in the vault, so that it can be forgotten."""
        ...

    def keeps_secrets(self, answers: Any) -> bool:  # noqa: ANN401 - as above
        """Whether the person asked to keep the secrets on this computer after activation."""
        ...
