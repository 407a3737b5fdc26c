"""What a sign-in left behind, and how it is let go of."""

from msgspec.structs import replace

from sendwright.deployment import Deployment
from sendwright.providers.consent.keeping import let_go
from sendwright.providers.consent.listening import end
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.senders.gmail.settings import SenderProof
from sendwright.world import World

_USUAL_SUBMISSION_PORT = 587


async def disconnected(state: GmailAnswers, world: World) -> GmailAnswers:
    """Return `state` as before anybody signed in; what the vault keeps of it goes, as far as the vault answers.

    Nothing is taken back at Google: that would end every other sign-in of the same Cloud project, too, and with it
    what may be in force. Source: developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
    """
    await end(state.attempt, world)
    if state.grant is not None:
        await let_go(state.grant, world)
    signed_out = replace(
        state,
        attempt="",
        account=None,
        scopes=(),
        grant=None,
        handed_over=False,
        granted_at=None,
        ends_at=None,
        asked_at=None,
        incomplete=(),
        returning=False,
        trial=None,
    )
    return without_proof(signed_out)


def without_proof(state: GmailAnswers) -> GmailAnswers:
    """Return `state` with nothing known of the mailbox's sending addresses: they are those of another account."""
    return replace(
        state,
        addresses=None,
        read_at=None,
        proof=SenderProof.UNPROVEN if state.sender else SenderProof.OWN,
        sent="",
        sent_at=None,
        arrived=None,
    )


def same_connection(before: GmailAnswers, after: GmailAnswers) -> bool:
    """Tell whether a sign-in made with the answers `before` is still the one that `after` asks for."""

    def essence(state: GmailAnswers) -> tuple[object, ...]:
        return (state.way, state.own, state.client_id, state.login, state.gmail)

    return essence(before) == essence(after)


def placed(state: GmailAnswers, deployment: Deployment) -> GmailAnswers:
    """Return `state` with the places that the deployment names, which only a practice does."""
    google = deployment.google
    host, _, port = google.smtp.rpartition(":")
    return replace(
        state,
        login=google.base,
        gmail=google.gmail,
        smtp_host=host or google.smtp,
        smtp_port=int(port) if host and port.isdecimal() else _USUAL_SUBMISSION_PORT,
    )
