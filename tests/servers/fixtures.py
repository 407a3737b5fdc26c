"""The fixtures of the kit, and their servers' logs under every test that fails; README.md lists them."""

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Protocol

import pytest
from tests.servers.autoconfig_https import HttpsServer, Page
from tests.servers.certificates import Certificate, Certificates
from tests.servers.dns import DnsServer, start_dns
from tests.servers.exim import EximServer, start_exim
from tests.servers.keychain import KeychainState, SecretService, start_keychain
from tests.servers.loop_thread import LoopThread, Started
from tests.servers.opensmtpd import OpenSmtpdServer, start_opensmtpd
from tests.servers.ports import Address, black_hole, closed_port, silent_nameserver
from tests.servers.postfix import PostfixServer, start_postfix
from tests.servers.postfix_configuration import PostfixSettings
from tests.servers.processes import server_directory
from tests.servers.requirements import require
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.small_debian import require_small_debian
from tests.servers.smtp_script import Script
from tests.servers.tcp_proxy import Fault, TcpProxy

RealSmtp = EximServer | OpenSmtpdServer


class Logged(Protocol):
    """A server that can tell what happened to it."""

    def log_text(self) -> str:
        """Give the end of the log."""


class StartPostfix(Protocol):
    def __call__(self, **settings: object) -> PostfixServer: ...


class StartDns(Protocol):
    def __call__(self, zones: Mapping[str, str | None]) -> DnsServer: ...


class StartKeychain(Protocol):
    def __call__(self, state: KeychainState) -> SecretService: ...


class StartSmtp(Protocol):
    def __call__(self, script: Script | None = None, *, host: str = ...) -> ScriptedSmtp: ...


class StartProxy(Protocol):
    def __call__(self, target: tuple[str, int], *, fault: Fault | None = None) -> TcpProxy: ...


class StartRealSmtp(Protocol):
    """Exim's or OpenSMTPD's."""

    def __call__(self, certificate: Certificate | None = ..., *, retired_tls: bool = ...) -> RealSmtp: ...


class StartHttps(Protocol):
    def __call__(self, pages: Mapping[str, Page], *, certificate: Certificate | None = ...) -> HttpsServer: ...


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    servers: Sequence[Logged] = getattr(item, "funcargs", {}).get("server_logs", ())
    if report.failed:
        report.sections += [(f"log of {type(server).__name__}", server.log_text()) for server in servers]
    return report


@pytest.fixture
def server_logs() -> list[Logged]:
    return []


@pytest.fixture(scope="session")
def certificates() -> Iterator[Certificates]:
    with server_directory("certificates") as directory:
        yield Certificates(directory)


@pytest.fixture(scope="session")
def postfix_server(certificates: Certificates) -> Iterator[PostfixServer]:
    require("postfix", "dovecot", root=True)
    with start_postfix(PostfixSettings(certificate=certificates.good, ipv6=True)) as server:
        yield server


@pytest.fixture
def postfix(postfix_server: PostfixServer, server_logs: list[Logged]) -> PostfixServer:
    postfix_server.empty()
    server_logs.append(postfix_server)
    return postfix_server


@pytest.fixture
def own_postfix(certificates: Certificates, server_logs: list[Logged]) -> Iterator[StartPostfix]:
    require("postfix", "dovecot", root=True)
    with contextlib.ExitStack() as stack:

        def start(**settings: object) -> PostfixServer:
            chosen = PostfixSettings(**{"certificate": certificates.good, **settings})  # type: ignore[arg-type]
            server_logs.append(server := stack.enter_context(start_postfix(chosen)))
            return server

        yield start


@pytest.fixture(params=["exim", "opensmtpd"])
def other_smtp(
    request: pytest.FixtureRequest, certificates: Certificates, server_logs: list[Logged]
) -> Iterator[StartRealSmtp]:
    require_small_debian()
    start_server = {"exim": start_exim, "opensmtpd": start_opensmtpd}[request.param]
    with contextlib.ExitStack() as stack:

        def start(certificate: Certificate | None = None, *, retired_tls: bool = False) -> RealSmtp:
            chosen = certificate or certificates.good
            server: RealSmtp = stack.enter_context(start_server(chosen, retired_tls=retired_tls))
            server_logs.append(server)
            return server

        yield start


@pytest.fixture
def dns_server(server_logs: list[Logged]) -> Iterator[StartDns]:
    require("knotd")
    with contextlib.ExitStack() as stack:

        def start(zones: Mapping[str, str | None]) -> DnsServer:
            server_logs.append(server := stack.enter_context(start_dns(zones)))
            return server

        yield start


@pytest.fixture
def keychain(server_logs: list[Logged]) -> Iterator[StartKeychain]:
    with contextlib.ExitStack() as stack:

        def start(state: KeychainState) -> SecretService:
            if state is not KeychainState.NO_BUS:
                require("dbus-daemon", "gnome-keyring-daemon")
            server_logs.append(service := stack.enter_context(start_keychain(state)))
            return service

        yield start


@pytest.fixture
def secret_service(keychain: StartKeychain) -> SecretService:
    return keychain(KeychainState.UNLOCKED)


@pytest.fixture(scope="session")
def server_loop() -> Iterator[LoopThread]:
    with LoopThread() as loop:
        yield loop


@pytest.fixture
def started(server_loop: LoopThread) -> Iterator[Started]:
    with Started(server_loop) as servers:
        yield servers


@pytest.fixture
def scripted_smtp(started: Started, server_logs: list[Logged]) -> StartSmtp:
    def start(script: Script | None = None, *, host: str = "127.0.0.1") -> ScriptedSmtp:
        server_logs.append(server := started.start(ScriptedSmtp(script, host=host)))
        return server

    return start


@pytest.fixture
def tcp_proxy(started: Started) -> StartProxy:
    def start(target: tuple[str, int], *, fault: Fault | None = None) -> TcpProxy:
        return started.start(TcpProxy(target, fault=fault))

    return start


@pytest.fixture
def https_server(started: Started, certificates: Certificates, server_logs: list[Logged]) -> StartHttps:
    def start(pages: Mapping[str, Page], *, certificate: Certificate | None = certificates.good) -> HttpsServer:
        server_logs.append(server := started.start(HttpsServer(pages, certificate=certificate)))
        return server

    return start


@pytest.fixture(name="closed_port")
def closed_port_fixture() -> Iterator[Address]:
    with closed_port() as address:
        yield address


@pytest.fixture(name="black_hole")
def black_hole_fixture() -> Iterator[Address]:
    with black_hole() as address:
        yield address


@pytest.fixture(name="silent_nameserver")
def silent_nameserver_fixture() -> Iterator[Address]:
    with silent_nameserver() as address:
        yield address
