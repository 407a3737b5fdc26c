"""The proxy carries what it gets, and spoils it exactly where it was told to."""

import smtplib
import socket
import time

import pytest
from tests.servers.fixtures import StartProxy, StartSmtp
from tests.servers.ports import Address
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.smtp_script import Script
from tests.servers.tcp_proxy import Cut, Fault, TcpProxy

ANNA, OTTO = "anna@example.org", "otto@example.com"
GREETING = b"220 mail.example.org ESMTP scripted\r\n"


@pytest.fixture
def server(scripted_smtp: StartSmtp) -> ScriptedSmtp:
    return scripted_smtp()


def _connect(proxy: TcpProxy, *, timeout: float = 10) -> socket.socket:
    return socket.create_connection(proxy.address, timeout=timeout)


def _all(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(4_096), b""))


def test_without_a_fault_everything_passes(tcp_proxy: StartProxy, server: ScriptedSmtp) -> None:
    proxy = tcp_proxy(server.address)
    content = b"Subject: long\r\n\r\n" + b"x" * 900_000 + b"\r\n"
    for _ in range(2):
        with smtplib.SMTP(*proxy.address, "client.example.org", timeout=10) as client:
            client.sendmail(ANNA, OTTO, content)
    assert [captured.content for captured in server.record.messages] == [content, content]
    assert proxy.connections == 2


@pytest.mark.parametrize("octets", [0, 1, 10, len(GREETING)])
def test_the_answer_is_cut_after_so_many_octets(tcp_proxy: StartProxy, server: ScriptedSmtp, octets: int) -> None:
    proxy = tcp_proxy(server.address, fault=Fault(after_server_octets=octets))
    with _connect(proxy) as client:
        assert _all(client) == GREETING[:octets]


@pytest.mark.parametrize("octets", [0, 3, 30])
def test_the_command_is_cut_after_so_many_octets(tcp_proxy: StartProxy, scripted_smtp: StartSmtp, octets: int) -> None:
    server = scripted_smtp(Script(greeting=b"220 hi"))
    proxy = tcp_proxy(server.address, fault=Fault(after_client_octets=octets))
    with _connect(proxy) as client:
        client.sendall(b"EHLO client.example.org\r\nNOOP\r\n")
        _all(client)
    server.record.wait_until(lambda record: octets < 26 or record.verbs[:1] == ["EHLO"])
    assert server.record.verbs == (["EHLO"] if octets == 30 else [])


def test_a_reset_looks_like_a_reset(tcp_proxy: StartProxy, server: ScriptedSmtp) -> None:
    proxy = tcp_proxy(server.address, fault=Fault(after_server_octets=len(GREETING), cut=Cut.RESET))
    with pytest.raises(ConnectionResetError), _connect(proxy) as client:
        _all(client)


def test_half_open_means_that_nothing_comes_any_more(tcp_proxy: StartProxy, server: ScriptedSmtp) -> None:
    fault = Fault(after_server_octets=len(GREETING), cut=Cut.HALF_OPEN)
    with _connect(tcp_proxy(server.address, fault=fault)) as client:
        assert client.recv(4_096) == GREETING
        client.sendall(b"EHLO client.example.org\r\n")
        client.settimeout(0.15)
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_a_message_may_be_taken_although_its_answer_is_lost(tcp_proxy: StartProxy, server: ScriptedSmtp) -> None:
    with smtplib.SMTP(*server.address, "client.example.org") as client:
        client.ehlo()
    replies = len(GREETING) + sum(
        len(reply)
        for reply in (
            b"250-mail.example.org\r\n",
            *(b"250-" + extension.encode() + b"\r\n" for extension in server.script.extensions),
            b"250 2.1.0 Ok\r\n" * 2,
            b"354 End data with <CR><LF>.<CR><LF>\r\n",
        )
    )
    proxy = tcp_proxy(server.address, fault=Fault(after_server_octets=replies + 2, cut=Cut.RESET))
    client = smtplib.SMTP(*proxy.address, "client.example.org", timeout=10)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.sendmail(ANNA, OTTO, b"Subject: x\r\n\r\nx\r\n")
    assert len(server.record.messages) == 1


def test_a_delay_slows_every_turn(tcp_proxy: StartProxy, server: ScriptedSmtp) -> None:
    proxy = tcp_proxy(server.address, fault=Fault(delay=0.05))
    began = time.monotonic()
    with _connect(proxy) as client:
        client.recv(4_096)
        client.sendall(b"NOOP\r\n")
        client.recv(4_096)
    assert time.monotonic() - began >= 0.15


@pytest.mark.parametrize("reset", [True, False])
def test_all_lines_can_be_severed_at_any_time(tcp_proxy: StartProxy, server: ScriptedSmtp, reset: bool) -> None:
    proxy = tcp_proxy(server.address)
    with _connect(proxy) as first, _connect(proxy) as second:
        for client in (first, second):
            assert client.recv(4_096) == GREETING
        proxy.sever(reset=reset)
        for client in (first, second):
            if reset:
                with pytest.raises(ConnectionResetError):
                    client.recv(1)
            else:
                assert client.recv(1) == b""


def test_the_fault_can_change_between_connections(tcp_proxy: StartProxy, server: ScriptedSmtp) -> None:
    proxy = tcp_proxy(server.address, fault=Fault(after_server_octets=0))
    with _connect(proxy) as client:
        assert _all(client) == b""
    proxy.fault = Fault()
    with _connect(proxy) as client:
        assert client.recv(4_096) == GREETING


def test_a_target_that_is_down_ends_the_connection(tcp_proxy: StartProxy, closed_port: Address) -> None:
    with _connect(tcp_proxy(closed_port)) as client:
        assert _all(client) == b""
