"""What is asked of the network: which host, which ports."""

from dataclasses import dataclass

from sendwright.network.wall.way import USUAL_PORTS, Port, Speech


@dataclass(frozen=True, kw_only=True)
class Question:
    """host: the mail server, a name or an address literal. port: the one in question, 0 where none is.

    speech: what that port speaks, where it is none of `ports`. ca_pem: authorities trusted in addition. web_host: also
    tried at the ports of the web, empty for none: never anybody that the caller did not name. plain_port: where pages
    come without TLS, for guest networks that answer in everybody's place.
    """

    host: str
    port: int = 0
    speech: Speech = Speech.SMTP
    ports: tuple[Port, ...] = USUAL_PORTS
    ca_pem: str | None = None
    web_host: str = ""
    plain_port: int = 80

    @property
    def places(self) -> tuple[tuple[str, Port], ...]:
        """Every host and port to try, the one in question among them."""
        ports = self.ports
        if self.port and self.port not in {port.number for port in ports}:
            ports = (Port(number=self.port, speech=self.speech), *ports)
        found = [(self.host, port) for port in ports]
        if self.web_host and self.web_host != self.host:
            found += [(self.web_host, port) for port in ports if port.speech is Speech.HTTPS]
        return tuple(found)
