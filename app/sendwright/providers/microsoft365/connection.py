"""What a sign-in or a consent left behind, and how it is let go of."""

from msgspec.structs import replace

from sendwright.providers.consent.keeping import let_go
from sendwright.providers.consent.listening import end
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.world import World


async def disconnected(state: MicrosoftAnswers, world: World) -> MicrosoftAnswers:
    """Return `state` as before anybody signed in; what the vault keeps of it goes, as far as the vault answers."""
    await end(state.attempt, world)
    if state.grant is not None:
        await let_go(state.grant, world)
    return replace(
        state,
        attempt="",
        account=None,
        scopes=(),
        grant=None,
        token=None,
        handed_over=False,
        consented=False,
        asked_at=None,
        looked_at=None,
        agree_again=False,
        proofs={},
        trial=None,
    )


def same_connection(before: MicrosoftAnswers, after: MicrosoftAnswers) -> bool:
    """Tell whether a sign-in made with the answers `before` is still the one that `after` asks for."""

    def essence(state: MicrosoftAnswers) -> tuple[object, ...]:
        return (
            state.way,
            state.own,
            state.client_id.casefold(),
            state.tenant.casefold(),
            state.cloud,
            state.login,
            state.graph,
        )

    return essence(before) == essence(after)
