"""This computer's name and the home folder, in every way they are written."""

import pytest

from sendwright.recording.own_names import OwnNames


@pytest.mark.parametrize(
    ("home", "said", "shown"),
    [
        ("/home/anna", "/home/anna/x", "~/x"),
        ("/home/anna", "file:///home/anna/x", "file:~/x"),
        ("/home/anna", "/home/annabel/x /srv/home/anna", "/home/annabel/x /srv/home/anna"),
        ("/home/anna/", "in /home/anna.", "in ~."),
        ("C:\\Users\\Anna", "c:\\users\\anna\\AppData", "~\\AppData"),
        ("C:\\Users\\Anna", "C:\\\\Users\\\\Anna\\\\x", "~\\\\x"),
        ("C:\\Users\\Anna", "C:/Users/Anna/x", "~/x"),
        ("C:\\Users\\Anna Berger", "C:\\Users\\Anna Berger\\x", "~\\x"),
        ("/", "/home/anna", "/home/anna"),
        ("", "/home/anna", "/home/anna"),
    ],
)
def test_the_home_folder_becomes_a_tilde(home: str, said: str, shown: str) -> None:
    assert OwnNames(home=home, computer="").hide(said) == shown


@pytest.mark.parametrize(
    ("computer", "said", "shown"),
    [
        ("PC-ANNA", "EHLO pc-anna", "EHLO this-computer"),
        ("PC-ANNA", "Received: from PC-ANNA.local (PC-ANNA)", "Received: from this-computer.local (this-computer)"),
        ("pc-anna.corp.example", "pc-anna and pc-anna.internal", "this-computer and this-computer.internal"),
        ("PC-ANNA.contoso.com", "EHLO pc-anna.contoso.com", "EHLO this-computer.contoso.com"),
        (
            "PC-ANNA.contoso.com",
            "x.pc-anna.contoso.com pc-anna.example.org",
            "x.pc-anna.contoso.com pc-anna.example.org",
        ),
        ("mail.example.org", "220 mail.example.org", "220 mail.example.org"),
        ("PC-ANNA", "pc-anna-2 xpc-anna mail.pc-anna", "pc-anna-2 xpc-anna mail.pc-anna"),
        ("PC-ANNA", "pc-anna.example.org", "pc-anna.example.org"),
        ("mail", "mail from mail.example.org", "mail from mail.example.org"),
        ("localhost", "localhost", "localhost"),
        ("ab", "ab", "ab"),
        ("a.b(c", "a.b(c", "a.b(c"),
        ("", "x", "x"),
    ],
)
def test_the_computers_name_is_replaced_as_a_word(computer: str, said: str, shown: str) -> None:
    assert OwnNames(home="", computer=computer).hide(said) == shown
