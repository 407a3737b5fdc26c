"""The map in words: a table that lines up, and a text that a firewall team can act on."""

from unicodedata import normalize

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.network.wall.made_walls import HOST, PRIVATE, open_way, silent_way, untried, wall_of, way

from sendwright import __version__
from sendwright.network.wall.wall import SCHEMA, Outcome, Wall, wall_from, wall_report
from sendwright.network.wall.way import USUAL_PORTS, Reason, Route, Verdict
from sendwright.network.wall.words import (
    SIGNS,
    Place,
    concerns_firewall,
    firewall_request,
    headline,
    map_lines,
    remarks,
    state,
)
from sendwright.problems.evidence import Evidence, System
from sendwright.texts import LANGUAGES, speaking, text

NO_PROXY, NO_IPV6 = untried(Route.PROXY, Reason.NO_PROXY), untried(Route.IPV6, Reason.NO_FAMILY)
USUAL = [open_way(usual.number) for usual in USUAL_PORTS]
FINE = wall_of(*USUAL, *NO_IPV6, *NO_PROXY)
BLOCKED = wall_of(
    silent_way(25), open_way(465), silent_way(587), silent_way(2525), open_way(443), *NO_IPV6, *NO_PROXY, port=587
)
NOTHING = wall_of(*[silent_way(usual.number) for usual in USUAL_PORTS], *NO_IPV6, *NO_PROXY, port=587)
INSPECTED = wall_of(
    *USUAL[:4],
    open_way(443, public=False, issuer=PRIVATE),
    *NO_IPV6,
    *NO_PROXY,
    addresses=("93.184.216.34",),
    proxy="proxy.example.org:3128",
)
EVERY = {"fine": FINE, "blocked": BLOCKED, "nothing": NOTHING, "inspected": INSPECTED}


@pytest.fixture(autouse=True)
def in_english() -> object:
    with speaking("en"):
        yield


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("wall", EVERY.values(), ids=EVERY)
def test_the_table_has_a_row_for_each_port_and_lines_up_in_every_language(wall: Wall, tongue: str) -> None:
    with speaking(tongue):
        heading, *rows = map_lines(wall)
        words = [text(f"wall.verdicts.{verdict}") for verdict in Verdict]
    assert [row.split()[0] for row in rows] == [str(usual.number) for usual in USUAL_PORTS]
    assert len(heading) <= 80
    starts = {tuple(place for place, letter in enumerate(row) if letter in SIGNS.values()) for row in rows}
    assert len(starts) == 1
    (columns,) = starts
    assert len(columns) == len(Route)
    for row in rows:
        assert len(row) <= 80
        for place in columns:
            assert any(row[place + 2 :].startswith(word) for word in words)


def test_a_word_stands_beside_every_sign() -> None:
    assert map_lines(BLOCKED)[3] == "587   ✗ no answer     · not tried     · not tried"
    assert set(SIGNS) == set(Verdict)


def test_the_row_of_another_host_names_it() -> None:
    other = [replace(found, host="help.example.org") for found in (*USUAL[4:], NO_IPV6[4], NO_PROXY[4])]
    wall = wall_of(*USUAL, *NO_IPV6, *NO_PROXY, *other)
    assert map_lines(wall)[-1].startswith("443, help.example.org  ✓ open")


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (FINE, "This network lets mail out to smtp.example.org."),
        (INSPECTED, "Mail can leave to smtp.example.org, with a remark."),
        (BLOCKED, "Mail to smtp.example.org does not leave from here as it should."),
    ],
)
def test_one_sentence_says_it_all(wall: Wall, expected: str) -> None:
    assert headline(wall) == expected


def test_where_nothing_answers_the_two_explanations_are_said() -> None:
    assert remarks(NOTHING)[0] == text("wall.nothing-known", host=HOST)
    assert text("wall.legend") in remarks(BLOCKED)
    assert text("wall.legend") not in remarks(FINE)


def test_a_reason_is_said_once_with_the_routes_that_it_is_for() -> None:
    said = remarks(FINE)
    assert said == (
        "Directly, IPv6: this computer has no such addresses",
        "Through the proxy: no proxy is set up",
    )


def test_the_state_of_a_way_that_was_not_tried_says_why() -> None:
    assert state(NO_PROXY[0]) == "not tried: no proxy is set up"
    assert state(silent_way(25)) == "no answer"


@pytest.mark.parametrize(("wall", "expected"), [(FINE, False), (BLOCKED, True), (NOTHING, True), (INSPECTED, True)])
def test_nobody_is_asked_to_open_what_is_open(wall: Wall, *, expected: bool) -> None:
    assert concerns_firewall(wall) is expected


def test_the_request_says_who_from_where_to_what_and_when() -> None:
    words = firewall_request(BLOCKED)
    for needed in (
        f"Sendwright {__version__}",
        "this computer (10.1.2.3)",
        f"{HOST} (203.0.113.9)",
        "587: mail (SMTP), encrypted by STARTTLS",
        "2026-11-20 09:41 (UTC)",
        "port 587, directly, IPv4: no answer",
        "Your network blocks this port (likely)",
        "TLS inspection",
        "ESMTP inspection",
        f"sendwright doctor network {HOST}:587",
        f"openssl s_client -starttls smtp -connect {HOST}:587 -servername {HOST}",
    ):
        assert needed in words
    assert "2525" not in words  # nobody needs it


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("wall", EVERY.values(), ids=EVERY)
def test_the_request_is_whole_in_every_language(wall: Wall, tongue: str) -> None:
    with speaking(tongue):
        words = firewall_request(wall, places=(Place.DESK, Place.BACKEND))
        assert text("wall.firewall.from-backend") in words
    assert "{" not in words
    assert words == normalize("NFC", words)
    assert not words.startswith("\n")


def test_a_request_for_the_backend_does_not_name_this_computer() -> None:
    words = firewall_request(BLOCKED, places=(Place.BACKEND,))
    assert "10.1.2.3" not in words
    assert "the computer on which the notification service runs" in words


def test_an_inspection_names_its_issuer_and_the_proxy() -> None:
    words = firewall_request(INSPECTED)
    assert PRIVATE in words
    assert "proxy.example.org:3128" in words
    assert "443: web (HTTPS)" in words


def test_what_is_not_certain_is_not_claimed_to_the_firewall_team() -> None:
    words = firewall_request(NOTHING)
    assert text("wall.nothing-known", host=HOST) in words
    assert "Your network blocks" not in words


@pytest.mark.parametrize("host", ["a;rm -rf b", "$(id)", "two words", "`x`"])
def test_a_host_that_is_no_plain_name_comes_into_no_command(host: str) -> None:
    assert "openssl" not in firewall_request(replace(BLOCKED, host=host))


@pytest.mark.parametrize("wall", EVERY.values(), ids=EVERY)
def test_the_json_can_be_read_back_into_the_map(wall: Wall) -> None:
    encoded = msgspec.json.encode(wall_report(wall))
    plain = msgspec.json.decode(encoded)
    assert plain["schema"] == SCHEMA == "sendwright.network/1"
    assert plain["verdict"] in {str(outcome) for outcome in Outcome}
    assert [finding["code"] for finding in plain["findings"]] == [problem.code for problem in wall.problems]
    assert len(plain["ways"]) == len(wall.ways)
    again = wall_from(plain)
    assert again is not None
    assert again == replace(wall, problems=(), own=())
    assert map_lines(again) == map_lines(wall)


@pytest.mark.parametrize("content", [{}, [], None, 5, {"schema": SCHEMA}, {"ways": [{"route": "by-balloon"}]}])
def test_what_is_no_report_is_none(content: object) -> None:
    assert wall_from(content) is None


@given(st.text(max_size=40))
def test_no_words_of_a_server_break_the_table(banner: str) -> None:
    wall = wall_of(way(587, Route.IPV4, Verdict.OPEN, banner=banner), NO_IPV6[2], NO_PROXY[2])
    assert len(map_lines(wall)) == 2


LATE = Evidence(stage="greet", system=System.SOCKET, condition="connection-timed-out", errno="ETIMEDOUT")
HELD = wall_of(way(587, Route.IPV4, Verdict.SILENT, evidence=LATE), open_way(443), NO_IPV6[2], NO_PROXY[2], port=587)
STRANGE = Evidence(stage="greet", system=System.SMTP, reply=499, text="499 eh")
ODD = wall_of(way(587, Route.IPV4, Verdict.OPEN, evidence=STRANGE, banner="499 eh"), NO_IPV6[2], NO_PROXY[2], port=587)


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_a_connection_that_stood_is_not_called_blocked_or_absent(tongue: str) -> None:
    with speaking(tongue):
        said = remarks(HELD)
        assert text("wall.held", ports="587") in said
        assert text("wall.legend") not in said
        assert text("wall.nothing-known", host=HOST) not in said
        assert text("wall.nothing-known", host=HOST) not in firewall_request(HELD)


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_an_answer_that_nobody_knows_is_not_taken_for_none(tongue: str) -> None:
    with speaking(tongue):
        assert text("wall.nothing-known", host=HOST) not in remarks(ODD)
        assert text("wall.nothing-known", host=HOST) not in firewall_request(ODD)
        assert text("wall.nothing-known", host=HOST) in firewall_request(NOTHING)


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("wall", [*EVERY.values(), HELD, ODD])
def test_no_sentence_is_glued_and_no_line_ends_in_a_blank(wall: Wall, tongue: str) -> None:
    with speaking(tongue):
        words = "\n".join((headline(wall), *remarks(wall), firewall_request(wall)))
    for glued in ("..", ". .", "{", "}", "::", " ,", "()", "wall."):
        assert glued not in words.replace("::/", "")
    assert all(line == line.rstrip() for line in words.splitlines())


def test_a_map_with_holes_from_a_file_is_shown_with_holes() -> None:
    report = msgspec.to_builtins(wall_report(BLOCKED))
    report["ways"] = [one for one in report["ways"] if one["route"] == "ipv4"][:2]
    wall = wall_from(report)
    assert wall is not None
    assert [line.split() for line in map_lines(wall)[1:]] == [["25", "✗", "no", "answer"], ["465", "✓", "open"]]
    assert firewall_request(wall)
    report["ways"] = []
    empty = wall_from(report)
    assert empty is not None
    assert len(map_lines(empty)) == 1
    assert HOST in firewall_request(empty)


def test_the_request_shows_all_that_was_seen_and_at_which_ports_the_trouble_is() -> None:
    words = firewall_request(BLOCKED)
    for line in (
        "  - port 465, directly, IPv4: open",
        "  - port 587, directly, IPv4: no answer",
        "  - Your network blocks this port (likely); port 587",
    ):
        assert line in words.splitlines()
    assert "through the proxy" not in words


def test_nobody_is_asked_to_open_ports_that_are_open_and_inspected() -> None:
    assert text("wall.firewall.open", host=HOST) in firewall_request(BLOCKED)
    words = firewall_request(INSPECTED)
    assert text("wall.firewall.open", host=HOST) not in words
    assert text("wall.firewall.no-inspection") in words
    assert f"(likely); port 443. {text('wall.issuer', issuer=PRIVATE)}" in words
