"""Stand-ins for people: the same ones everywhere, with what IT needs left as it is."""

import re
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.recording.pseudonyms import Pseudonyms


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(home="/home/anna", computer="anna-laptop")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("MAIL FROM:<anna@example.org> SIZE=18", "MAIL FROM:<person-1@example.org> SIZE=18"),
        ("anna@example.org, ANNA@Example.ORG", "person-1@example.org, person-1@Example.ORG"),
        ("anna@example.org wrote to bob@example.net", "person-1@example.org wrote to person-2@example.net"),
        ("anna@example.org is not anna@example.net", "person-1@example.org is not person-2@example.net"),
        ("'anna@example.org'", "'person-1@example.org'"),
        ('"anna berger"@example.org', "person-1@example.org"),
        ("o'neill+tag@example.org", "person-1@example.org"),
        ("jürgen@bücher.example", "person-1@bücher.example"),
        ("東京@example.jp", "person-1@example.jp"),
        ("anna@[192.0.2.1]", "person-1@[192.0.2.1]"),
        ("login_hint=anna%40contoso.com&x=1", "login_hint=person-1%40contoso.com&x=1"),
        ("anna&#64;contoso.com", "person-1&#64;contoso.com"),
        ("https://example.org/?user=anna@example.org", "https://example.org/?user=person-1@example.org"),
        (
            "https://example.org/?a=1&login_hint=anna.b@example.org",
            "https://example.org/?a=1&login_hint=person-1@example.org",
        ),
        ("ssh://anna@example.org", "ssh://person-1@example.org"),
        ("from=anna.berger@example.org", "from=person-1@example.org"),
        ("smtp.mailfrom=anna.berger@example.org", "smtp.mailfrom=person-1@example.org"),
        ("unknown-key=anna.berger@example.org", "person-1@example.org"),
        ("anna=contoso.com@list.example", "person-1@list.example"),
        ("R&D@contoso.com, a/b@contoso.com", "person-1@contoso.com, person-2@contoso.com"),
        ("ORCPT=rfc822;anna@example.org", "ORCPT=rfc822;person-1@example.org"),
        # return paths that carry an address
        ("<bounces+anna=contoso.com@mg.example.org>", "<bounces+person-1=contoso.com@mg.example.org>"),
        ("<bounce-anna.b=contoso.com@example.org>", "<bounce-person-1=contoso.com@example.org>"),
        ("SRS0=HhHh=TT=contoso.com=anna@relay.example", "SRS0=HhHh=TT=contoso.com=person-1@relay.example"),
        ("SRS0+HhHh=TT=contoso.com=anna@relay.example", "SRS0+HhHh=TT=contoso.com=person-1@relay.example"),
        (
            "SRS1=AaAa=first.example==HhHh=TT=contoso.com=anna@second.example",
            "SRS1=AaAa=first.example==HhHh=TT=contoso.com=person-1@second.example",
        ),
        ("prvs=1234567890=anna@contoso.com", "prvs=1234567890=person-1@contoso.com"),
        # the same person inside and outside
        (
            "anna@contoso.com SRS0=HhHh=TT=contoso.com=anna@relay.example",
            "person-1@contoso.com SRS0=HhHh=TT=contoso.com=person-1@relay.example",
        ),
        # servers that quote the part before the @ alone
        ("anna.berger@example.org: mailbox anna.berger is full", "person-1@example.org: mailbox person-1 is full"),
        ("<anna@example.org> 550 <anna>: unknown", "<person-1@example.org> 550 <person-1>: unknown"),
        ("info@example.org asks for info", "person-1@example.org asks for info"),
        # this computer
        ("EHLO anna-laptop", "EHLO this-computer"),
        ("ANNA-LAPTOP.fritz.box [192.0.2.1]", "this-computer.fritz.box [192.0.2.1]"),
        ("/home/anna/.local/share/x.log", "~/.local/share/x.log"),
        ('{"path":"\\\\home\\\\anna\\\\x"}', '{"path":"~\\\\x"}'),
    ],
)
def test_people_and_this_computer_are_hidden(pseudonyms: Pseudonyms, said: str, shown: str) -> None:
    assert pseudonyms.hide(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "220 mail.example.org ESMTP from 203.0.113.7 [2001:db8::1]",
        "Message-ID: <20261120.abc@mail.example.org>",
        "InternetMessageId: <AM0PR04MB1234@eurprd04.prod.outlook.com>",
        "anna-laptop.example.org is a server of that name",
        "my-anna-laptop-2",
        "/home/annabel/x",
        "@example.org and anna@ and @",
        "250 2.0.0 Ok: queued as 4dCw8Y3L2Vz9rwH",
        "",
    ],
)
def test_servers_addresses_of_the_network_and_ids_of_messages_stay(pseudonyms: Pseudonyms, said: str) -> None:
    assert pseudonyms.hide(said) == said


def test_numbers_stay_the_same_over_all_parts_of_a_file(pseudonyms: Pseudonyms) -> None:
    assert pseudonyms.hide("bob@example.net") == "person-1@example.net"
    assert pseudonyms.hide("anna@example.org and bob@example.net") == "person-2@example.org and person-1@example.net"
    assert pseudonyms.hide_values({"sender": "anna@example.org", "port": "587"}) == {
        "sender": "person-2@example.org",
        "port": "587",
    }


def test_a_user_name_is_somebody_without_an_at(pseudonyms: Pseudonyms) -> None:
    values = {"username": "aberger", "host": "mail.example.org", "user": "anna@example.org", "login": ""}
    assert pseudonyms.hide_values(values) == {
        "username": "person-2",
        "host": "mail.example.org",
        "user": "person-1@example.org",
        "login": "",
    }
    assert pseudonyms.hide("550 <aberger> unknown") == "550 <person-2> unknown"


def test_whoever_chooses_to_may_show_addresses_but_not_the_computer() -> None:
    open_ones = Pseudonyms(keep_addresses=True, home="/home/anna", computer="anna-laptop")
    assert open_ones.hide("anna@example.org on anna-laptop in /home/anna") == "anna@example.org on this-computer in ~"
    assert open_ones.hide_values({"username": "aberger"}) == {"username": "aberger"}


def test_without_names_nothing_of_the_computer_is_looked_for() -> None:
    assert Pseudonyms(home="", computer="").hide("EHLO anna-laptop /home/anna") == "EHLO anna-laptop /home/anna"


def test_by_default_it_is_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/somebody"))
    monkeypatch.setattr("platform.node", lambda: "their-laptop.lan")
    assert Pseudonyms().hide("their-laptop: /home/somebody/x") == "this-computer: ~/x"


def test_it_does_not_print_whom_it_knows(pseudonyms: Pseudonyms) -> None:
    pseudonyms.hide("anna@example.org")
    assert repr(pseudonyms) == "Pseudonyms(1 people)"


LOCAL = st.from_regex(r"[a-z][a-z0-9]{1,8}(?:[._][a-z0-9]{2,8})?", fullmatch=True)
DOMAIN = st.sampled_from(["example.org", "contoso.com", "mail.example.net"])


@given(st.lists(st.tuples(LOCAL, DOMAIN), max_size=6), st.sampled_from([" ", "> <", ", ", "\n", '","', "=", "/"]))
def test_no_address_survives_and_each_person_has_one_number(people: list[tuple[str, str]], between: str) -> None:
    pseudonyms = Pseudonyms(home="", computer="")
    shown = pseudonyms.hide(between.join(f"{local}@{domain}" for local, domain in people))
    assert not [local for local, domain in people if re.search(rf"(?<![a-z0-9]){local}@{domain}", shown)]
    if between not in "=/":
        assert len(set(re.findall(r"person-\d+@[a-z.]+", shown))) == len(set(people))


@given(st.text(st.sampled_from("ab@.=+-'\"<> %40\nperson1&#64;:/"), max_size=60))
def test_to_hide_twice_is_to_hide_once(text: str) -> None:
    pseudonyms = Pseudonyms(home="", computer="")
    once = pseudonyms.hide(text)
    assert pseudonyms.hide(once) == once


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_hidden(text: str) -> None:
    assert isinstance(Pseudonyms(home=text, computer=text).hide(text), str)


def test_several_threads_may_hide_at_once(pseudonyms: Pseudonyms) -> None:
    shown: list[str] = []

    def hide() -> None:
        shown.extend(pseudonyms.hide(f"p{number}@example.org") for number in range(100))

    threads = [threading.Thread(target=hide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shown) == 400
    assert len(set(shown)) == 100


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('MAIL FROM:<"anna\\"x@y"@contoso.com>', "MAIL FROM:<person-2@contoso.com>"),
        ("hint=anna.berger%2540contoso.com&x", "hint=person-1%2540contoso.com&x"),
        ("bob%2525252540contoso.com", "bob%2525252540contoso.com"),
        ("bob.b%2540contoso.com", "person-2%2540contoso.com"),
        ('"mail":"bob\\u0040contoso.com"', '"mail":"person-2\\u0040contoso.com"'),
        ("bob\uff20contoso.com", "person-2\uff20contoso.com"),
        ("to=bob=40contoso.com", "to=person-2=40contoso.com"),
        ("SIZE=409600 x=40.5", "SIZE=409600 x=40.5"),
        ("unusual=anna.berger@contoso.com", "unusual=person-1@contoso.com"),
        ("Message-ID: <anna.berger@contoso.com>", "Message-ID: <person-1@contoso.com>"),
        ("Message-ID: <20261120@contoso.com>", "Message-ID: <20261120@contoso.com>"),
        ("anna.berger@ contoso.com", "person-1@ contoso.com"),
    ],
)
def test_further_spellings_of_an_address_are_hidden_and_stay_the_same_person(said: str, shown: str) -> None:
    pseudonyms = Pseudonyms(home="", computer="")
    assert pseudonyms.hide("<anna.berger@contoso.com>") == "<person-1@contoso.com>"
    assert pseudonyms.hide(said) == shown


@pytest.mark.parametrize("text", ["0@=@0", 'a@"x"@b', "a@b@c", "%40@0@=@0"])
def test_addresses_that_run_into_each_other_are_hidden_once_and_for_all(text: str) -> None:
    pseudonyms = Pseudonyms(home="", computer="")
    once = pseudonyms.hide(text)
    assert pseudonyms.hide(once) == once
