"""Every code of Microsoft's non-delivery reports is named, with who acts, on whose side, and when to try again."""

import re
import tomllib

import msgspec
import pytest

from sendwright import resources
from sendwright.problems.classify import classify
from sendwright.problems.dictionary import load
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.problems.problem import Confidence, Owner, Problem, RemedyKind, Retry
from sendwright.problems.reading import read_reply
from sendwright.problems.rule import Definition, Rule
from sendwright.texts import LANGUAGES, lines, speaking, text

PORTAL = re.compile(r"(?:(?:Exchange|Microsoft 365|Entra) admin center|Microsoft Defender portal)(?: > [A-Z][^>]+){2,}")
VALUES = {
    "sender": "noreply@contoso.com",
    "username": "app@contoso.com",
    "recipient": "bob@contoso.com",
    "host": "ex01",
}

# code of the report, what it means, who acts, whose side, when to try again
LIST = """
432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded | recipient-receives-too-much nobody theirs later
450 4.4.315 Connection timed out | recipient-server-unreachable recipient theirs later
450 4.4.316 Connection refused [Message=Socket error code 10061] | recipient-server-unreachable recipient theirs later
450 4.4.317 Cannot connect to remote server | recipient-server-unreachable recipient theirs later
450 4.4.317 Cannot connect [Message=451 5.7.3 STARTTLS is required] | recipient-encryption-failed recipient theirs later
550 4.4.7 QUEUE.Expired; message expired | delivery-expired recipient theirs later
451 4.4.8 MX hosts failed MTA-STS validation | recipient-encryption-failed recipient theirs later
450 4.4.312 DNS query failed | recipient-domain-lookup-failed recipient theirs later
450 4.4.310 DNS domain contoso.invalid does not exist | recipient-domain-not-found you ours later
450 4.7.26 must pass either SPF or DKIM validation | authentication-checks-failed dns-admin ours later
450 4.7.321 starttls-not-supported | recipient-encryption-failed recipient theirs later
450 4.7.322 certificate-expired | recipient-encryption-failed recipient theirs later
450 4.7.325 certificate-host-mismatch | recipient-encryption-failed recipient theirs later
451 4.7.500 Access denied, please try again later | address-throttled-by-microsoft nobody ours later
451 4.7.699 Access denied, please try again later | address-throttled-by-microsoft nobody ours later
451 4.7.850 Access denied, please try again later | address-throttled-by-microsoft nobody ours later
550 5.0.350 Remote server returned an error | recipient-server-refused recipient theirs after-fix
550 5.0.350 x-dg-ref header is too long | message-rich-text-refused you ours after-fix
550 5.1.0 Sender denied | recipient-refuses-sender recipient theirs after-fix
550 5.1.1 Bad destination mailbox address | recipient-unknown you ours after-fix
550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found | recipient-entry-outdated exchange-admin ours after-fix
550 5.1.4 RESOLVER.ADR.Ambiguous; ambiguous address | recipient-ambiguous recipient theirs after-fix
550 5.1.8 Access denied, bad outbound sender | sender-blocked-for-abuse microsoft-365-admin ours after-fix
550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found | recipient-unknown you ours after-fix
550 5.1.20 Multiple From addresses | from-header-invalid platform-vendor ours after-fix
550 5.1.90 daily limit for message recipients | exchange-daily-limit-reached nobody ours later
554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceeded | recipient-mailbox-full recipient theirs after-fix
554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceeded | sender-mailbox-full mailbox-owner ours after-fix
550 5.2.2 Submission quota exceeded | exchange-daily-limit-reached exchange-admin ours after-fix
550 5.2.3 RESOLVER.RST.RecipSizeLimit; too large | message-too-large you theirs after-fix
550 5.2.3 RESOLVER.RST.SendSizeLimit.Sender; too large | message-too-large exchange-admin ours after-fix
550 5.2.121 per hour message receive limit | recipient-receives-too-much nobody theirs later
550 5.2.122 per hour message receive limit | recipient-receives-too-much nobody theirs later
550 5.3.190 Journaling Archive is disabled | journal-archive-switched-off exchange-admin ours after-fix
550 5.4.1 Relay Access Denied | recipient-domain-not-accepted recipient theirs after-fix
550 5.4.1 Recipient address rejected: Access denied | recipient-unknown you ours after-fix
554 5.4.14 Hop count exceeded - possible mail loop ATTR34 | exchange-mail-loop exchange-admin unknown after-fix
550 5.4.300 Message expired | delivery-expired recipient theirs later
550 5.4.316 Message expired, connection refused | recipient-server-unreachable recipient theirs after-fix
550 5.5.0 Requested action not taken: mailbox unavailable | recipient-unknown you ours after-fix
554 5.6.11 Invalid characters | message-bare-line-feeds platform-vendor ours after-fix
550 5.7.1 Delivery not authorized | recipient-restricts-senders recipient theirs after-fix
550 5.7.1 RESOLVER.RST.AuthRequired; authentication required | recipient-internal-only recipient theirs after-fix
550 5.7.1 TRANSPORT.RULES.RejectMessage; | mail-flow-rule-refused exchange-admin unknown after-fix
550 5.7.1 Unable to relay | relay-denied mail-server-admin ours after-fix
550 5.7.12 Sender was not authenticated by organization | recipient-internal-only recipient theirs after-fix
550 5.7.13 Sender was not authenticated for public folder | recipient-internal-only recipient theirs after-fix
550 5.7.23 Sender Policy Framework violation | authentication-checks-failed dns-admin ours after-fix
550 5.7.25 must have a reverse DNS record | reverse-dns-missing mail-server-admin ours after-fix
550 5.7.51 RestrictDomainsToCertificate set | recipient-connector-refused recipient theirs after-fix
550 5.7.54 Unable to relay recipient in non-accepted domain | relay-denied exchange-admin ours after-fix
530 5.7.57 Client not authenticated to send mail | sign-in-required you ours after-fix
550 5.7.60 permissions to send as this sender | sender-not-allowed exchange-admin ours after-fix
550 5.7.64 TenantAttribution; Relay Access Denied ATTR36 | connector-not-matched exchange-admin ours after-fix
550 5.7.68 TenantInboundAttribution; Direct Send not allowed | direct-send-refused exchange-admin ours after-fix
550 5.7.124 Sender not in allowed-senders list | recipient-restricts-senders recipient theirs after-fix
550 5.7.133 Sender not authenticated for group | recipient-internal-only recipient theirs after-fix
550 5.7.134 Sender was not authenticated for mailbox | recipient-internal-only recipient theirs after-fix
550 5.7.135 Sender was not authenticated for public folder | recipient-internal-only recipient theirs after-fix
550 5.7.136 Sender was not authenticated | recipient-internal-only recipient theirs after-fix
550 5.7.232 trial tenant has exceeded its daily limit | tenant-external-limit-reached exchange-admin ours later
550 5.7.233 tenant exceeded its daily limit | tenant-external-limit-reached exchange-admin ours later
550 5.7.236 daily limit from onmicrosoft.com | onmicrosoft-sender-limited exchange-admin ours after-fix
550 5.7.321 starttls-not-supported | recipient-encryption-failed recipient theirs after-fix
550 5.7.323 tlsa-invalid | recipient-encryption-failed recipient theirs after-fix
550 5.7.324 dnssec-invalid | recipient-encryption-failed recipient theirs after-fix
550 5.7.367 Remote server returned not permitted to relay | forwarded-mail-refused exchange-admin ours after-fix
550 5.7.501 Access denied, spam abuse detected | sender-blocked-for-abuse microsoft-365-admin ours after-fix
550 5.7.503 Access denied, banned sender | sender-blocked-for-abuse microsoft-365-admin ours after-fix
550 5.7.504 Recipient address rejected: Access denied | recipient-unknown you ours after-fix
550 5.7.506 Access Denied, Bad HELO | client-name-refused mail-server-admin ours after-fix
550 5.7.507 Access denied, rejected by recipient | recipient-blocks-address recipient theirs after-fix
550 5.7.508 has exceeded permitted limits | address-throttled-by-microsoft nobody ours later
550 5.7.509 does not pass DMARC verification | authentication-checks-failed dns-admin ours after-fix
550 5.7.510 does not accept email over IPv6 | ipv6-sending-refused mail-server-admin theirs after-fix
550 5.7.511 Access denied, banned sender | address-blocked-by-microsoft mail-server-admin ours after-fix
550 5.7.512 message must be RFC 5322 section 3.6.2 compliant | from-header-invalid platform-vendor ours after-fix
550 5.7.513 blocked using Customer Block list (AS16012607) | recipient-blocks-address recipient theirs after-fix
550 5.7.515 required authentication level | authentication-checks-failed dns-admin ours after-fix
550 5.7.520 does not allow external forwarding. AS(7555) | forwarding-not-allowed microsoft-365-admin ours after-fix
550 5.7.520 content identified as spam. AS(4810) | outgoing-message-held-for-spam microsoft-365-admin ours after-fix
550 5.7.606 Access denied, banned sending IP | address-blocked-by-microsoft mail-server-admin ours after-fix
550 5.7.649 Access denied, banned sending IP | address-blocked-by-microsoft mail-server-admin ours after-fix
550 5.7.703 tenant recipient block policy | recipient-on-own-block-list microsoft-365-admin ours after-fix
550 5.7.705 tenant has exceeded threshold | tenant-blocked-for-abuse microsoft-365-admin ours after-fix
550 5.7.708 traffic not accepted from this IP | tenant-not-trusted-yet microsoft-365-admin ours after-fix
550 5.7.711 Access denied, bad inbound connector | connector-blocked-for-abuse microsoft-365-admin ours after-fix
550 5.7.750 unregistered domains | sender-domain-not-accepted microsoft-365-admin ours after-fix
550 5.7.905 Delivery not authorized, message refused | mail-flow-rule-refused exchange-admin unknown after-fix
452 4.3.1 Insufficient system resources | exchange-back-pressure exchange-admin unknown later
421 4.3.2 Service not active | exchange-not-active exchange-admin ours later
""".strip().splitlines()


def answered(raw: str, *, stage: str = "submit", **values: str) -> Problem:
    reply = read_reply(raw)
    assert reply is not None
    evidence = Evidence(
        stage=stage, system=System.SMTP, reply=reply.code, enhanced=reply.enhanced, text=reply.text, values=values
    )
    return classify(evidence)


@pytest.mark.parametrize("row", LIST, ids=[row.partition(" |")[0] for row in LIST])
def test_a_code_is_named_with_who_acts_and_whether_it_passes(row: str) -> None:
    raw, _, expected = row.partition(" | ")
    problem = answered(raw)
    assert [problem.code, problem.owner, problem.side, problem.retry] == expected.split()


@pytest.mark.parametrize(
    ("raw", "sure"),
    [
        ("550 5.7.520 Access denied", False),  # forwarding or spam: only the words tell
        ("550 5.7.520 Your organization does not allow external forwarding. AS(7555)", True),
        ("550 5.7.501 Access denied, spam abuse detected", False),
        ("550 5.7.700 Access denied", False),
        ("550 5.7.705 Access denied, tenant has exceeded threshold", True),
        ("554 5.4.14 Hop count exceeded", False),
        ("550 5.7.133 Sender not authenticated for group", True),
        ("450 4.4.316 Connection refused", False),
    ],
)
def test_a_code_with_several_causes_is_only_likely(raw: str, *, sure: bool) -> None:
    assert (answered(raw).confidence is Confidence.CERTAIN) is sure


@pytest.mark.parametrize(
    ("raw", "command"),
    [
        (
            "550 5.7.133 x",
            "Set-DistributionGroup -Identity 'bob@contoso.com' -RequireSenderAuthenticationEnabled $false",
        ),
        ("550 5.7.134 x", "Set-Mailbox -Identity 'bob@contoso.com' -RequireSenderAuthenticationEnabled $false"),
        (
            "550 5.7.135 x",
            "Set-MailPublicFolder -Identity 'bob@contoso.com' -RequireSenderAuthenticationEnabled $false",
        ),
        ("550 5.7.136 x", "Set-MailUser -Identity 'bob@contoso.com' -RequireSenderAuthenticationEnabled $false"),
        (
            "550 5.7.124 x",
            (
                "Set-DistributionGroup -Identity 'bob@contoso.com' "
                "-AcceptMessagesOnlyFromSendersOrMembers @{Add='noreply@contoso.com'}"
            ),
        ),
        ("550 5.7.703 x", "Remove-TenantAllowBlockListItems -ListType Sender -Entries 'bob@contoso.com'"),
        ("550 5.1.8 bad outbound sender", "Remove-BlockedSenderAddress -SenderAddress 'app@contoso.com'"),
        (
            "550 5.7.60 x",
            "Add-RecipientPermission -Identity 'noreply@contoso.com' -Trustee 'app@contoso.com' -AccessRights SendAs",
        ),
    ],
)
def test_the_command_to_copy_names_the_addresses_of_the_case(raw: str, command: str) -> None:
    explained = explain(answered(raw, **VALUES))
    assert command in [remedy.value for remedy in explained.remedies if remedy.kind == RemedyKind.COPY]


@pytest.mark.parametrize(
    ("raw", "verify"),
    [
        ("550 5.7.68 x", "Get-OrganizationConfig | Format-List RejectDirectSend"),
        ("550 5.7.233 x", "Get-LimitsEnforcementStatus"),
        ("550 5.7.711 x", "Get-BlockedConnector"),
        (
            "550 5.7.133 x",
            "Get-DistributionGroup -Identity 'bob@contoso.com' | Format-List RequireSenderAuthentication",
        ),
        ("550 5.1.8 bad outbound sender", "Get-BlockedSenderAddress -SenderAddress 'app@contoso.com'"),
        ("550 5.7.64 x", "Get-InboundConnector"),
        ("550 5.7.60 x", "Get-RecipientPermission -Identity 'noreply@contoso.com' -Trustee 'app@contoso.com'"),
    ],
)
def test_a_command_shows_whether_it_is_mended(raw: str, verify: str) -> None:
    assert explain(answered(raw, **VALUES)).verify.command.startswith(verify)


@pytest.mark.parametrize(
    "hostile", ["x'; Remove-Mailbox bob; '", "a$(rm)@contoso.com", "b\n@contoso.com", "c`d", "{sender}"]
)
def test_no_value_makes_a_command_do_something_else(hostile: str) -> None:
    for raw in ("550 5.7.134 x", "550 5.7.124 x", "550 5.7.703 x", "550 5.1.8 bad outbound sender", "550 5.7.60 x"):
        explained = explain(answered(raw, sender=hostile, username=hostile, recipient=hostile, host=hostile))
        commands = [remedy.value for remedy in explained.remedies if remedy.kind == RemedyKind.COPY]
        assert commands
        assert not [command for command in (*commands, explained.verify.command) if hostile in command]


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    problem: tuple[Definition, ...] = ()
    rule: tuple[Rule, ...] = ()


def _content(name: str) -> _Content:
    raw = (resources.path("problems") / name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(raw), _Content)


FILES = {name: _content(name) for name in ("microsoft.toml", "exchange.toml")}
PROBLEMS = [problem for content in FILES.values() for problem in content.problem]
RULES = [rule for content in FILES.values() for rule in content.rule]
CODES = sorted(problem.code for problem in PROBLEMS)
ENTRIES: list[Definition | Rule] = [*PROBLEMS, *RULES]
REMEDIES = [remedy for entry in ENTRIES for remedy in entry.remedies or ()]
COPIED = {remedy.value for remedy in REMEDIES if remedy.kind is RemedyKind.COPY}
COMMANDS = sorted(value for value in COPIED if not value.startswith("handover."))
CHECKS = sorted({entry.verify_with for entry in ENTRIES if entry.verify_with})


def test_every_way_into_an_administration_page_is_given_with_its_menus() -> None:
    pages = [remedy for remedy in REMEDIES if re.search(r"//(admin|entra|security)\.", remedy.value)]
    assert len({remedy.path for remedy in pages}) >= 8
    for remedy in pages:
        assert PORTAL.fullmatch(remedy.path), remedy


@pytest.mark.parametrize("command", [*COMMANDS, *CHECKS])
def test_a_command_is_a_cmdlet_with_its_quotes_closed(command: str) -> None:
    for step in re.split(r"; ", command):
        assert re.match(r"(Get|Set|Add|New|Remove)-[A-Z][A-Za-z0-9]+( |$)", step), step
    assert command.count("'") % 2 == 0
    assert command.count('"') % 2 == 0


@pytest.mark.parametrize("command", CHECKS)
def test_what_verifies_changes_nothing(command: str) -> None:
    assert all(re.match(r"(Get|Format|Where|Measure)-", step) for step in re.split(r" ?[;|] ", command)), command


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_its_words_fit_on_a_card(code: str, language: str) -> None:
    with speaking(language):
        title = text(f"problems.{code}.title")
        what = text(
            f"problems.{code}.what", **dict.fromkeys(("username", "sender", "recipient", "wait_minutes", "host"), "x")
        )
        why = lines(f"problems.{code}.why")
    assert len(title) <= 70, title
    assert not title.endswith(".")
    assert len(what) <= 300, what
    assert 1 <= len(why) <= 4
    assert what.endswith(".")
    assert all(line.endswith(".") and len(line) <= 180 for line in why), why


def test_a_problem_of_these_files_is_a_fact_of_microsoft() -> None:
    assert [problem.code for problem in PROBLEMS if "Microsoft" not in problem.source] == []


def test_who_waits_has_time_to_wait_and_who_acts_has_something_to_do() -> None:
    for code in CODES:
        entry = load().definitions[code]
        if entry.retry is Retry.LATER:
            assert entry.wait_s >= 300, code
        elif entry.owner not in {Owner.PLATFORM_VENDOR, Owner.RECIPIENT, Owner.YOU}:
            assert entry.remedies, code


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.problem} {rule.samples[0].reply[:24]}")
def test_a_sample_names_where_it_was_seen_and_no_real_person(rule: Rule) -> None:
    for sample in rule.samples:
        assert sample.source
        domains = re.findall(r"[a-z]@([a-z0-9.-]+\.[a-z]+)", sample.reply)
        assert set(domains) <= {"contoso.com", "example.com", "example.org", "microsoft.com"}
