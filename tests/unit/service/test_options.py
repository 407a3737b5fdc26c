"""What the command line understood becomes options, or words about what is wrong with it."""

import argparse
from pathlib import Path

import pytest

from sendwright.cli import connection_code, serve
from sendwright.service.options import CodeOptions, ServeOptions, parse_listen
from sendwright.service.refusal import StartRefused
from sendwright.storage import folders


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    serve.add_parser(commands)
    connection_code.add_parser(commands)
    return parser.parse_args(words)


def test_without_arguments_it_listens_to_this_computer_on_a_free_port() -> None:
    options = ServeOptions.of(parsed("serve"))
    assert (options.host, options.port, options.scheme) == ("127.0.0.1", 0, "http")
    assert options.data == folders().data
    assert options.database is None
    assert options.key == "file"


def test_everything_can_be_said(tmp_path: Path) -> None:
    options = ServeOptions.of(
        parsed(
            "serve", "--data", str(tmp_path), "--database", "postgresql://db.example.org/x", "--listen", "[::]:443",
            "--certificate", "c.pem", "--certificate-key", "k.pem", "--key", "keychain",
        )
    )  # fmt: skip
    assert options == ServeOptions(
        data=tmp_path,
        database="postgresql://db.example.org/x",
        host="::",
        port=443,
        certificate=Path("c.pem"),
        certificate_key=Path("k.pem"),
        key="keychain",
    )
    assert options.scheme == "https"


@pytest.mark.parametrize(
    ("listen", "place"),
    [
        ("127.0.0.1:8025", ("127.0.0.1", 8025)),
        (":8025", ("127.0.0.1", 8025)),
        ("8025", ("127.0.0.1", 8025)),
        ("[::1]:0", ("::1", 0)),
        ("localhost:65535", ("localhost", 65535)),
    ],
)
def test_a_place_to_listen_is_read(listen: str, place: tuple[str, int]) -> None:
    assert parse_listen(listen) == place


@pytest.mark.parametrize("listen", ["", "host", "host:", "host:x", "host:-1", "host:65536", "1:2:3", "host:٣"])
def test_what_is_no_place_to_listen_is_said(listen: str) -> None:
    with pytest.raises(StartRefused) as caught:
        parse_listen(listen)
    assert caught.value.code == "listen-invalid"
    assert caught.value.words.startswith(listen)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "[::]", "192.0.2.1", "notify.example.org"],  # noqa: S104 - it is about refusing them
)
def test_other_computers_may_not_connect_in_clear(host: str) -> None:
    with pytest.raises(StartRefused) as caught:
        ServeOptions.of(parsed("serve", "--listen", f"{host}:80"))
    assert caught.value.code == "unencrypted"
    assert ServeOptions.of(parsed("serve", "--listen", f"{host}:80", "--behind-proxy")).behind_proxy


def test_the_options_of_a_connection_code(tmp_path: Path) -> None:
    words = ("--data", str(tmp_path), "--url", "https://x.example.org", "--ca", "ca.pem", "--valid-minutes", "5")
    options = CodeOptions.of(parsed("connection-code", *words))
    assert options == CodeOptions(data=tmp_path, url="https://x.example.org", ca=Path("ca.pem"), valid_minutes=5)
    assert CodeOptions.of(parsed("connection-code")).valid_minutes == 60
    assert CodeOptions.of(parsed("connection-code", "--passing")).passing


@pytest.mark.parametrize("minutes", ["0", "-1", "x", "999999"])
def test_a_code_is_valid_for_a_week_at_most(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parsed("connection-code", "--valid-minutes", minutes)
    assert caught.value.code == 2
    assert "--valid-minutes" in capsys.readouterr().err
