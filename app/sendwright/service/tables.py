"""The tables of profiles, enrolment, keys and audit; those of the queue are in `service.queue_tables`."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from sendwright.service.database import Base


class InstallationRow(Base):
    """This backend, once.

    id: always 1. name: random, binds encrypted values to it. key_*: the key-encryption key in use.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(36))
    key_id: Mapped[str] = mapped_column(String(64))
    key_source: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class SealingKeyRow(Base):
    """A key pair that credentials are sealed for; the private half encrypted at rest."""

    __tablename__ = "sealing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class ProfileRow(Base):
    """A version of the sender profile.

    profile: canonical JSON. credential: fingerprint of the sealed credentials (`handoff.wire.ProfileState`).
    contact: who is told of trouble, empty for nobody. grant_id: the refresh token, where it signs in by one.
    expires_at: when the sign-in ends by itself, as its provider said when somebody signed in.
    """

    __tablename__ = "profiles"

    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    profile: Mapped[str] = mapped_column(Text)
    credential: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    tested_at: Mapped[datetime | None]
    test_verdict: Mapped[str | None] = mapped_column(String(16))
    activated_at: Mapped[datetime | None]
    contact: Mapped[str] = mapped_column(String(320), server_default="")
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("grants.id"))
    expires_at: Mapped[datetime | None]


class CredentialRow(Base):
    """One secret of a version, encrypted at rest; bound to installation, version and field."""

    __tablename__ = "credentials"

    version: Mapped[int] = mapped_column(ForeignKey("profiles.version"), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class InForceRow(Base):
    """Which version is in force, in one row. id: always 1. version: None is the platform's default sender.

    revision: counts changes, so that two of them never look the same to If-Match.
    """

    __tablename__ = "in_force"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int | None] = mapped_column(ForeignKey("profiles.version"))
    revision: Mapped[int]


class ConnectionCodeRow(Base):
    """A one-time secret that was handed out.

    digest: SHA-256, hexadecimal. used_with: digest of the Idempotency-Key that it was used with. passing: for a
    single command, see `enrolment.issue_code`.
    """

    __tablename__ = "connection_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_with: Mapped[str | None] = mapped_column(String(64))
    passing: Mapped[bool] = mapped_column(server_default=false())


class AccessTokenRow(Base):
    """An access token that was handed out.

    digest: SHA-256, hexadecimal. device: who enrolled. expires_at: None for one that is kept.
    """

    __tablename__ = "access_tokens"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class AnswerRow(Base):
    """The answer to a write that named an Idempotency-Key.

    owner: digest of the access token. request: SHA-256 of method, path and body. etag, body: of the answer.
    """

    __tablename__ = "answers"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    etag: Mapped[str | None] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)


class AuditRow(Base):
    """Who changed what, when. detail: JSON object of strings, free of secrets."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(50))
    version: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text)
