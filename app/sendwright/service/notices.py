"""Tells the contact of the sender in force what she must do for it: each need once, and never through what is dead."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from sendwright.address import parse_address
from sendwright.deployment import Deployment
from sendwright.message import OutgoingMessage, compose_notification, new_message_id
from sendwright.message.composing import written_date
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.explanation import explain
from sendwright.senders.sender import SendFailed
from sendwright.service import audit
from sendwright.service.database import Database
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.grant_store import BACKEND
from sendwright.service.grant_tables import NoticeRow
from sendwright.service.ground import ActiveSender, Need, Watched
from sendwright.service.profile_standing import SIGN_IN
from sendwright.service.worker_senders import Opening
from sendwright.texts import text

KIND: Final = "compliance-alert"
"""What mail programs may sort it by, beside the platform's own alerts."""

MOST_TRIES: Final = 12
FIRST_PAUSE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Notices:
    """Looks at the sender in force and writes to its contact.

    opening: makes senders. patience_s: for how long what cannot be sent waits. within_s: how long one
    attempt may take. warned: needs that are in the log already. A process that dies between handing a
    message over and noting it hands over the same message once more, with the same Message-ID.
    """

    database: Database
    watched: Watched
    opening: Opening
    deployment: Deployment
    patience_s: float
    within_s: float
    clock: Callable[[], datetime]
    log: logging.Logger
    warned: set[str] = field(default_factory=set)

    async def regularly(self) -> None:
        """Say what is to be said now; what could not be sent is tried again later."""
        need = (await self.watched.outlook()).need
        if need is None:
            return
        if need.id not in self.warned:
            self.warned.add(need.id)
            self.log.warning("sender-troubled", extra={"code": need.code, "version": need.version})
        if not need.contact:
            return
        carriers = await self._carriers(need)
        if not carriers:
            return
        notice = await self._claim(need, domain=parse_address(carriers[0].profile.address).ascii_domain)
        if notice is None:
            return
        for active in carriers:
            if await self._send(need, notice, active):
                await self._done(need, notice)
                return

    async def _carriers(self, need: Need) -> tuple[ActiveSender, ...]:
        """Return whom to send with, the best first: what does not work carries nothing."""
        platform = self.watched.platform_sender
        found = [platform] if platform else []
        if need.works:
            try:
                active = await self.watched.in_force()
            except EnvelopeBroken:
                active = None
            found = [active, *found] if active and active != platform else found
        return tuple(found)

    async def _claim(self, need: Need, *, domain: str) -> NoticeRow | None:
        """Return the notice if it is due, having noted that it is tried; None where it is not."""
        now = self.clock()
        async with self.database.reading() as session:
            row = await session.get(NoticeRow, need.id)
        if row is not None and (row.done_at is not None or now < row.next_try_at):
            return None
        try:
            async with self.database.writing() as session:
                if row is None:
                    row = NoticeRow(
                        id=need.id,
                        code=need.code,
                        version=need.version,
                        message_id=new_message_id(domain),
                        created_at=now,
                        tries=1,
                        next_try_at=now + FIRST_PAUSE,
                    )
                    session.add(row)
                    return row
                tries = row.tries + 1
                pause = min(FIRST_PAUSE * 2 ** min(row.tries, 16), LONGEST_PAUSE)
                done = now if tries >= MOST_TRIES else None  # the last one: it is given up whatever becomes of it
                return await session.scalar(
                    update(NoticeRow)
                    .where(NoticeRow.id == need.id, NoticeRow.tries == row.tries, NoticeRow.done_at.is_(None))
                    .values(tries=tries, next_try_at=now + pause, done_at=done)
                    .returning(NoticeRow)
                    .execution_options(synchronize_session=False)
                )
        except IntegrityError:  # another process was quicker
            return None

    async def _send(self, need: Need, notice: NoticeRow, active: ActiveSender) -> bool:
        """Return whether the message is on its way, or may be."""
        sender = None
        try:
            async with asyncio.timeout(self.within_s):
                sender = await self.opening(active)
                await sender.submit(self._compose(need, notice, active))
        except TimeoutError:
            self.log.warning("notice-not-sent", extra={"fault": "TimeoutError", "code": need.code})
            return False
        except SendFailed as failed:
            self.log.warning("notice-not-sent", extra={"problem": classify(failed.evidence).code, "code": need.code})
            return failed.evidence.perhaps_sent
        finally:
            if sender is not None:
                await sender.close()
        return True

    async def _done(self, need: Need, notice: NoticeRow) -> None:
        now = self.clock()
        async with self.database.writing() as session:
            await session.execute(update(NoticeRow).where(NoticeRow.id == notice.id).values(done_at=now))
            audit.record(
                session, "contact-told", at=now, who=BACKEND, version=need.version, problem=need.code, to=need.contact
            )
        self.log.info("contact-told", extra={"code": need.code, "version": need.version})

    def _compose(self, need: Need, notice: NoticeRow, active: ActiveSender) -> OutgoingMessage:
        platform = self.deployment.platform
        subject, body = _words(need, platform=platform.name, days=round(self.patience_s / 86_400))
        return compose_notification(
            sender=active.profile.address,
            alias=active.profile.alias,
            recipient=need.contact,
            kind=KIND,
            kind_label=self.deployment.kind_label(KIND),
            subject=subject,
            message_id=notice.message_id,
            written_at=notice.created_at,
            platform_name=platform.name,
            text=body,
            accent=platform.accent,
        )


def _words(need: Need, *, platform: str, days: int) -> tuple[str, str]:
    """Return subject and text, in the platform's language."""
    address = need.address
    explained = explain(classify(Evidence(stage="sign-in", system=System.BACKEND, condition=need.code)))
    reason = text("service.notice.reason", title=explained.title, what=explained.what)
    again: tuple[str, ...] = ()
    if need.id.startswith(SIGN_IN):
        again = (text("service.notice.again", platform=platform, reconnect=text("start.reconnect.label")),)
    if need.works and need.ends_at is not None:
        date = written_date(need.ends_at)
        parts = [text("service.notice.soon", address=address, date=date), reason, *again]
        parts.append(text("service.notice.reminders"))
        return text("service.notice.soon-subject", address=address, date=date), "\n\n".join(parts)
    parts = [text("service.notice.stopped", address=address), reason, text("service.notice.waits", days=days), *again]
    parts.append(text("service.notice.from-platform", platform=platform, address=address))
    return text("service.notice.stopped-subject", address=address), "\n\n".join(parts)
