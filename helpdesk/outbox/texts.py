"""Short messages cost money and reach whoever has the number: few of them, to Japanese mobile phones alone.

To a number that was only told or keyed in they go when staff have confirmed it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpdesk.limits import Limits
from helpdesk.outbox.messages import put
from helpdesk.outbox.tables import ShortMessage
from helpdesk.staff.tables import StaffMember
from helpdesk.store.database import insert_unless_there, rows_changed
from helpdesk.store.queueing import queue_up
from helpdesk.telephone import may_get_sms

DAY = timedelta(hours=24)
Texted = Literal["sent", "held", "no"]
"""On its way, kept until staff confirm the number, or not sent at all."""


@dataclass(frozen=True)
class Texting:
    """The SMS of one talk."""

    session: Session
    now: datetime
    limits: Limits
    conversation_id: int
    rings: str | None
    """The number that calls now."""

    def can(self, number: str) -> bool:
        """Whether an SMS to this number would leave at once."""
        return may_get_sms(number) and not self._used_up(number)

    def send(self, key: str, number: str, body: str, inquiry_id: int | None, confirmed: bool) -> Texted:
        """Send it, hold it for staff or leave it; the same key twice is one message.

        ``confirmed``: this number has rung here itself.
        """
        before = self.session.scalar(select(ShortMessage.state).where(ShortMessage.key == key))
        if before is not None:
            return before  # type: ignore[return-value]  # the table's check allows no other
        if not may_get_sms(number):
            return "no"
        queue_up(self.session, f"sms:{number}")
        state: Texted = "no" if self._used_up(number) else "sent" if confirmed or number == self.rings else "held"
        values = {
            "key": key, "number": number, "conversation_id": self.conversation_id, "inquiry_id": inquiry_id,
            "body": body if state == "held" else "", "state": state, "created_at": self.now,
        }  # fmt: skip
        insert_unless_there(self.session, ShortMessage, values)
        if state == "sent":
            put(self.session, self.now, key, "sms", number, {"body": body})
        return state

    def _used_up(self, number: str) -> bool:
        counted = select(func.count()).where(ShortMessage.state != "no")
        in_call = self.session.scalar(counted.where(ShortMessage.conversation_id == self.conversation_id)) or 0
        to_number = (
            self.session.scalar(counted.where(ShortMessage.number == number, ShortMessage.created_at > self.now - DAY))
            or 0
        )
        return in_call >= self.limits.sms_per_call or to_number >= self.limits.sms_per_day


def held(session: Session, inquiries: Iterable[int]) -> dict[int, list[ShortMessage]]:
    """The messages that wait for staff, by inquiry."""
    found: dict[int, list[ShortMessage]] = {}
    query = (
        select(ShortMessage)
        .where(ShortMessage.state == "held", ShortMessage.inquiry_id.in_(list(inquiries)))
        .order_by(ShortMessage.id)
    )
    for one in session.scalars(query):
        found.setdefault(one.inquiry_id or 0, []).append(one)
    return found


def release(session: Session, text_id: int, member: StaffMember, now: datetime) -> bool:
    """Staff confirmed the number: the message leaves, once. Whether it does now."""
    found = session.get(ShortMessage, text_id)
    waits = (ShortMessage.id == text_id, ShortMessage.state == "held")
    if found is None or not rows_changed(
        session,
        update(ShortMessage).where(*waits).values(state="sent", decided_at=now, decided_by=member.name, body=""),
    ):
        return False
    return put(session, now, found.key, "sms", found.number, {"body": found.body})


def not_sent(session: Session, inquiry_id: int) -> bool:
    """Whether an SMS of this inquiry was left out because of the limits: staff read it on the inquiry's page."""
    return (
        session.scalar(
            select(ShortMessage.id).where(ShortMessage.inquiry_id == inquiry_id, ShortMessage.state == "no").limit(1)
        )
        is not None
    )
