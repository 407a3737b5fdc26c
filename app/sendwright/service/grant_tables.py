"""The tables of sign-ins that last: grants, their access tokens, certificates of the backend, notices about both."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from sendwright.service.database import Base


class GrantRow(Base):
    """A refresh token, which several versions of the profile may share.

    refresh_token: encrypted at rest. origin: keyed digest of the one that it began with. generation: counts renewals.
    holder: who renews at this moment, a random name; held_until: when that ends by itself. dead_at: since when only a
    person can help; problem, evidence: why, as code and JSON. rotated_at: of the last renewal. ended_at: when a person
    asked to end it, which nothing takes back. revoked: whether its provider did, None as long as nobody knows; with
    that the refresh token is gone, and not_revoked is the code of why its provider did not.
    """

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    refresh_token: Mapped[bytes] = mapped_column(LargeBinary)
    origin: Mapped[str] = mapped_column(String(64), unique=True)
    generation: Mapped[int]
    holder: Mapped[str | None] = mapped_column(String(36))
    held_until: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(100))
    evidence: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    revoked: Mapped[bool | None]
    not_revoked: Mapped[str | None] = mapped_column(String(100))


class GrantAccessRow(Base):
    """The last access token for a scope, encrypted at rest. It stays when it has expired: the scope was granted once.

    scope: as it was asked for. granted: as it was granted.
    """

    __tablename__ = "grant_accesses"

    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(500), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
    granted: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class CertificateRow(Base):
    """A key pair for an organisation's own app registration. private_key: PEM, encrypted at rest."""

    __tablename__ = "certificates"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(100))
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    certificate: Mapped[str] = mapped_column(Text)
    not_after: Mapped[datetime]
    created_at: Mapped[datetime]


class NoticeRow(Base):
    """A message of the backend itself to the contact of a version. id: names the need, so that it is told once.

    tries: how often it was handed over. next_try_at: not before then. done_at: it was taken, or given up.
    """

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    code: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    message_id: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime]
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
