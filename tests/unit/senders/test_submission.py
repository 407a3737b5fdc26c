"""Messages go over the SMTP server of Microsoft 365, each connection signed in by a token that lasts."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from tests.unit.senders.doubles import Keeper, Tokens, network
from tests.unit.senders.graph.doubles import ACCOUNT, MAILBOX, outgoing, settings
from tests.unit.senders.graph.simulated import simulated

from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.oauth.grant import OAuthFailed
from sendwright.practice.microsoft.contoso import BEN, NOREPLY
from sendwright.practice.microsoft.tenant import Right
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.secret import Secret
from sendwright.senders.catalogue import open_sender
from sendwright.senders.graph.sender import values_of
from sendwright.senders.graph.settings import Route, Way
from sendwright.senders.pace import MailboxPace
from sendwright.senders.sender import Receipt, SendFailed
from sendwright.senders.smtp.settings import Security, SmtpSettings
from sendwright.senders.submission import USED_UP, USED_UP_S, SubmissionSender

REFUSED = Evidence(stage="sign-in", system=System.SMTP, reply=535, enhanced="5.7.3", values={"mechanism": "XOAUTH2"})
FULL = Evidence(stage="submit", system=System.SMTP, reply=554, enhanced="5.2.2")


@dataclass
class Smtp:
    """An SMTP sender of one token, and what it was asked for."""

    token: str
    refuses: dict[str, Evidence]
    sent: list[str] = field(default_factory=list)
    closed: bool = False

    async def submit(self, message: OutgoingMessage) -> Receipt:
        self.sent.append(message.message_id)
        if self.token in self.refuses:
            raise SendFailed(self.refuses[self.token])
        return Receipt(message_id=message.message_id)

    async def close(self) -> None:
        self.closed = True


@dataclass
class Opened:
    """Every SMTP sender that was made."""

    refuses: dict[str, Evidence] = field(default_factory=dict)
    made: list[Smtp] = field(default_factory=list)
    settings: list[SmtpSettings] = field(default_factory=list)

    def __call__(self, chosen: SmtpSettings, token: Secret, way: Network) -> Smtp:
        self.settings.append(chosen)
        self.made.append(Smtp(token.reveal(), self.refuses))
        return self.made[-1]


def sender_of(opened: Opened, tokens: Tokens, pace: MailboxPace | None = None) -> SubmissionSender:
    chosen = settings(Route.SMTP)
    return SubmissionSender(chosen.submission, tokens, network(), values=values_of(chosen), pace=pace, open_smtp=opened)


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("global", "smtp.office365.com"),
        ("us-government", "smtp.office365.com"),
        ("us-government-high", "smtp.office365.us"),
        ("us-government-dod", "smtp.office365.us"),
        ("china", "smtp.partner.outlook.cn"),
    ],
)
def test_each_cloud_has_its_server_and_the_mailbox_is_the_user(cloud: str, host: str) -> None:
    found = settings(Route.SMTP, cloud=cloud).submission
    assert (found.host, found.port, found.security, found.username) == (host, 587, Security.STARTTLS, MAILBOX)


def test_a_practice_may_stand_in_for_the_server() -> None:
    found = settings(Route.SMTP, smtp_host="localhost", smtp_port=2525).submission
    assert (found.host, found.port, found.security) == ("localhost", 2525, Security.STARTTLS)


async def test_one_connection_serves_several_messages_while_its_token_lasts() -> None:
    opened = Opened()
    sender = sender_of(opened, Tokens())
    for _ in range(3):
        await sender.submit(outgoing())
    assert [len(smtp.sent) for smtp in opened.made] == [3]
    await sender.close()
    assert opened.made[0].closed


async def test_a_new_token_makes_a_new_connection_and_the_old_one_ends() -> None:
    opened, tokens = Opened(), Tokens(["one-canary", "two-canary"])
    sender = sender_of(opened, tokens)
    await sender.submit(outgoing())
    tokens.taken_back.append("one-canary")
    await sender.submit(outgoing())
    assert [smtp.token for smtp in opened.made] == ["one-canary", "two-canary"]
    assert [smtp.closed for smtp in opened.made] == [True, False]
    await sender.close()


async def test_a_refused_token_is_replaced_once() -> None:
    opened, tokens = Opened({"one-canary": REFUSED}), Tokens(["one-canary", "two-canary"])
    await sender_of(opened, tokens).submit(outgoing())
    assert [smtp.token for smtp in opened.made] == ["one-canary", "two-canary"]
    assert tokens.taken_back == ["one-canary"]


async def test_a_second_refusal_is_the_last() -> None:
    refuses = dict.fromkeys(("one-canary", "two-canary"), REFUSED)
    opened, tokens = Opened(refuses), Tokens(["one-canary", "two-canary", "three-canary"])
    with pytest.raises(SendFailed) as caught:
        await sender_of(opened, tokens).submit(outgoing())
    assert len(opened.made) == 2
    assert classify(caught.value.evidence).code == "oauth-token-refused"
    assert caught.value.evidence.values["username"] == ACCOUNT


async def test_where_no_other_token_can_be_had_the_servers_refusal_stands() -> None:
    opened = Opened({"canary-token-one": REFUSED})
    with pytest.raises(SendFailed) as caught:
        await sender_of(opened, Tokens()).submit(outgoing())
    assert caught.value.evidence.reply == 535
    assert len(opened.made) == 1


async def test_no_other_refusal_is_tried_again() -> None:
    opened, tokens = Opened({"one-canary": FULL}), Tokens(["one-canary", "two-canary"])
    with pytest.raises(SendFailed):
        await sender_of(opened, tokens).submit(outgoing())
    assert (len(opened.made), tokens.taken_back) == (1, [])


async def test_a_dead_grant_opens_no_connection() -> None:
    opened = Opened()
    dead = OAuthFailed(Evidence(stage="sign-in", system=System.ENTRA, error="invalid_grant", number=50173))
    with pytest.raises(SendFailed) as caught:
        await sender_of(opened, Tokens(broken=dead)).submit(outgoing())
    assert opened.made == []
    assert (caught.value.evidence.number, caught.value.evidence.values["mailbox"]) == (50173, MAILBOX)


async def test_a_paused_mailbox_opens_no_connection_and_asks_for_no_token() -> None:
    opened, tokens, pace = Opened(), Tokens(), MailboxPace(clock=lambda: 0.0)
    pace.pause(20.0)
    with pytest.raises(SendFailed) as caught:
        await sender_of(opened, tokens, pace).submit(outgoing())
    assert caught.value.evidence.retry_after_s == 20.0
    assert (opened.made, tokens.given) == ([], [])


@pytest.mark.parametrize(
    ("reply", "enhanced", "words", "paused"),
    [
        (550, "5.4.5", "Daily user sending limit exceeded.", USED_UP_S),
        (450, "4.2.1", "Peak SMTP relay limit exceeded for customer.", 0.0),
        (554, "5.2.2", "mailbox full", 0.0),
    ],
)
async def test_a_mailbox_whose_day_is_used_up_is_left_alone_by_everybody(
    reply: int, enhanced: str, words: str, paused: float
) -> None:
    evidence = Evidence(stage="submit", system=System.SMTP, reply=reply, enhanced=enhanced, text=words)
    opened, tokens, pace = Opened({"canary-token-one": evidence}), Tokens(), MailboxPace(clock=lambda: 0.0)
    with pytest.raises(SendFailed):
        await sender_of(opened, tokens, pace).submit(outgoing())
    assert pace.paused_s == paused
    chosen = settings(Route.SMTP)
    other = SubmissionSender(
        chosen.submission, Tokens(), network(), values={}, system=System.GMAIL, pace=pace, open_smtp=Opened()
    )
    if not paused:
        await other.submit(outgoing())
        return
    with pytest.raises(SendFailed) as caught:
        await other.submit(outgoing())
    assert (caught.value.evidence.system, classify(caught.value.evidence).code) == (System.GMAIL, USED_UP)


async def test_a_grant_signs_in_at_the_simulated_server_and_renews_what_ended() -> None:
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, Right.FULL_ACCESS)
        keeper = Keeper(world.refresh_token(), {})
        sender = open_sender(world.profile(Way.ACCOUNT, Route.SMTP), {}, world.network, grant=keeper)
        await sender.submit(outgoing(sender_address=NOREPLY))
        world.tenant.ahead = timedelta(hours=2)
        await sender.close()
        receipt = await sender.submit(outgoing(sender_address=NOREPLY))
        await sender.close()
        assert (keeper.renewals, len(world.inbox)) == (2, 2)
        assert receipt.reply.startswith("250 2.0.0 OK")


@pytest.mark.parametrize(
    ("rights", "smtp_auth", "code"),
    [
        ((), True, "oauth-token-refused"),
        ((Right.SEND_AS,), True, "oauth-token-refused"),
        ((Right.FULL_ACCESS,), False, "smtp-auth-disabled-for-tenant"),
    ],
)
async def test_what_the_simulated_server_refuses_has_its_name(
    rights: tuple[Right, ...], smtp_auth: bool, code: str
) -> None:
    async with simulated() as world:
        world.tenant.grant(BEN, NOREPLY, *rights)
        world.tenant.policies.smtp_auth = smtp_auth
        keeper = Keeper(world.refresh_token(), {})
        sender = open_sender(world.profile(Way.ACCOUNT, Route.SMTP), {}, world.network, grant=keeper)
        with pytest.raises(SendFailed) as caught:
            await sender.submit(outgoing(sender_address=NOREPLY))
        await sender.close()
        assert classify(caught.value.evidence).code == code
        assert world.inbox == []


async def test_another_from_than_the_mailbox_wants_a_right() -> None:
    async with simulated() as world:
        keeper = Keeper(world.refresh_token(), {})
        profile = world.profile(Way.ACCOUNT, Route.SMTP, mailbox=BEN)
        sender = open_sender(profile, {}, world.network, grant=keeper)
        with pytest.raises(SendFailed) as caught:
            await sender.submit(outgoing(sender_address=NOREPLY))
        assert classify(caught.value.evidence).code == "sender-not-allowed"
        world.tenant.grant(BEN, NOREPLY, Right.SEND_ON_BEHALF)
        await sender.submit(outgoing(sender_address=NOREPLY))
        await sender.close()
        assert BEN in world.inbox[0].sender_header
