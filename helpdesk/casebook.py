"""One transaction's view of a talk: who it is, the inquiry, the turns, what is owed and what leaves.

Flows get a ``Casebook`` and never see SQL. Everything it does is committed, or undone, with the turn.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpdesk.booking.for_talks import Reservations
from helpdesk.callbacks.owed_calls import owe
from helpdesk.callbacks.tables import Callback
from helpdesk.learning.for_talks import Learning
from helpdesk.limits import Limits
from helpdesk.masking import mask
from helpdesk.outbox.messages import put
from helpdesk.outbox.texts import Texted, Texting
from helpdesk.people.residents import resident_at
from helpdesk.people.tables import Address, Resident
from helpdesk.talks.conversations import locked_conversation
from helpdesk.talks.tables import Conversation, Inquiry, TurnRecord
from helpdesk.teaching.tables import Example

MAX_SUMMARY = 400


@dataclass
class Casebook:
    """What a flow may keep or send about one talk."""

    session: Session
    conversation: Conversation
    resident: Resident | None
    channel: str
    address: str | None
    """Telephone number (E.164) or LINE user id; None when withheld."""
    now: datetime
    limits: Limits = Limits()
    _looked_up: bool = False
    _reservations: Reservations | None = None
    _current: Inquiry | None = None
    _opened: bool = False

    @classmethod
    def of_turn(
        cls, session: Session, channel: str, key: str, address: str | None, now: datetime, limits: Limits
    ) -> "Casebook":
        """The talk of this turn, locked until the transaction ends."""
        resident = resident_at(session, "phone" if channel == "voice" else "line", address, now) if address else None
        conversation = locked_conversation(session, channel, key, resident, now)
        return cls(session, conversation, resident, channel, address, now, limits)

    @property
    def talk(self) -> dict[str, Any]:
        """What is remembered of the talk."""
        return self.conversation.talk

    @property
    def began_at(self) -> datetime:
        """When the talk began."""
        return self.conversation.started_at

    @property
    def wants_it_slow(self) -> bool:
        """Whether this person asked for slower speech in an earlier talk."""
        return self.resident is not None and self.resident.speaks_slowly

    def answered_before(self, key: str, number: int | None) -> dict[str, Any] | None:
        """The reply that this turn got before; None: the turn is new.

        Of a late turn of a call it is that of the newest; empty when there was none.
        """
        # A call's turn with a number above the newest was never seen; only then the look into the history is spared.
        if number is not None and number > self.conversation.last_number:
            return None
        before = self.session.scalar(select(TurnRecord).where(TurnRecord.key == key))
        if before is not None:
            return before.reply
        if number is None:
            return None
        theirs = select(TurnRecord).where(TurnRecord.conversation_id == self.conversation.id)
        newest = self.session.scalar(theirs.order_by(TurnRecord.id.desc()).limit(1))
        return newest.reply if newest else {}

    def keep_talk(self, talk: dict[str, Any], number: int | None) -> None:
        """Remember the talk as it is after this turn."""
        self.conversation.talk, self.conversation.last_at = talk, self.now
        if number is not None:
            self.conversation.last_number = number

    def call_ended(self) -> None:
        """The call is over."""
        self.conversation.ended_at = self.now

    def current(self) -> Inquiry | None:
        """The concern that is being talked about."""
        if not self._looked_up:
            open_one = select(Inquiry).where(
                Inquiry.conversation_id == self.conversation.id, Inquiry.closed_at.is_(None)
            )
            self._current, self._looked_up = self.session.scalar(open_one), True
        return self._current

    def latest(self) -> Inquiry | None:
        """The newest concern of this talk, open or closed."""
        return self.session.scalar(
            select(Inquiry).where(Inquiry.conversation_id == self.conversation.id).order_by(Inquiry.id.desc()).limit(1)
        )

    def open(self, topic: str | None) -> Inquiry:
        """The open inquiry; a new one when none is open. A topic that was unknown is filled in."""
        inquiry = self.current()
        if inquiry is None:
            inquiry = Inquiry(
                resident_id=self.resident.id if self.resident else None,
                conversation_id=self.conversation.id,
                channel=self.channel,
                opened_at=self.now,
                last_at=self.now,
                topic=topic,
            )
            self.session.add(inquiry)
            self.session.flush()
            self._current, self._opened = inquiry, True
        elif inquiry.topic is None:
            inquiry.topic = topic
        return inquiry

    def note(self, summary: str, device: str | None = None) -> None:
        """Replace the summary that staff read first."""
        inquiry = self.current() or self.latest()
        if inquiry is not None:
            inquiry.summary = mask(summary)[:MAX_SUMMARY]
            inquiry.device = device or inquiry.device

    @property
    def reservations(self) -> Reservations:
        """What this talk may do with bookings."""
        if self._reservations is None:
            self._reservations = Reservations(
                self.session,
                self.resident,
                self.channel,
                self.address,
                str(self.conversation.id),
                self.now,
                limits=self.limits,
            )
        return self._reservations

    @property
    def learning(self) -> Learning:
        """What this talk may do with learning paths."""
        return Learning(self.session, self.resident, self.conversation.id, self.now)

    def withdraw_topic(self) -> None:
        """The topic was a wrong guess: the inquiry stays open for the right one."""
        inquiry = self.current()
        if inquiry is not None and inquiry.safety is None:
            inquiry.topic = None

    def keep_example(self, words: str, offered: list[str], chosen: str) -> None:
        """What was said before asking back, and what it turned out to mean."""
        inquiry = self.current()
        if inquiry is not None:
            self.session.add(
                Example(
                    inquiry_id=inquiry.id,
                    channel=self.channel,
                    text=mask(words),
                    offered=offered,
                    chosen=chosen,
                    created_at=self.now,
                )
            )

    def flag(self, label: str) -> Inquiry:
        """Mark the inquiry for staff as a matter of safety; it counts as such whatever follows."""
        inquiry = self.open(label)
        inquiry.safety = label
        inquiry.topic = label
        inquiry.outcome = "safety"
        return inquiry

    def settle(self, outcome: str, close: bool = True) -> None:
        """Record how the open inquiry ended. A safety matter stays one."""
        inquiry = self.current()
        if inquiry is None:
            return
        if inquiry.outcome == "booked":
            outcome = "booked"  # whatever comes after it, a place was taken
        if inquiry.safety is None or outcome in ("callback", "handed_over"):
            inquiry.outcome = outcome if inquiry.safety is None else "safety"
        if close:
            inquiry.closed_at = self.now
            self.session.flush()
            self._current = None

    def owe_call(self, number: str | None, wish: str, due_at: datetime) -> Callback:
        """A call-back for the current inquiry.

        Asking twice changes the first one, and who has several open ones joins one of them.
        """
        inquiry = self.current() or self.latest() or self.open(None)
        return owe(self.session, self.now, self.limits, inquiry, number, wish, due_at)

    def can_text(self, number: str) -> bool:
        """Whether an SMS to this number would leave at once."""
        return self._texting().can(number)

    def text(self, key: str, number: str, body: str, confirmed: bool = False) -> Texted:
        """An SMS as far as the limits allow.

        To a number that does not ring now, and never did (``confirmed``), when staff say so.
        """
        inquiry = self.current() or self.latest()
        return self._texting().send(key, number, body, inquiry.id if inquiry else None, confirmed)

    def _texting(self) -> Texting:
        return Texting(
            self.session, self.now, self.limits, self.conversation.id, self.address if self.channel == "voice" else None
        )

    def send(self, key: str, kind: str, recipient: str, payload: dict[str, Any], **more: Any) -> None:
        """Put a message into the outbox; the same key twice is one message."""
        put(self.session, self.now, key, kind, recipient, payload, **more)

    def log(self, **turn: Any) -> None:
        """Keep a turn in the history, under the inquiry that it belongs to. ``turn``: columns of its record."""
        record = TurnRecord(at=self.now, **turn)
        inquiry = self.current() or self.latest()
        record.conversation_id = self.conversation.id
        record.inquiry_id = inquiry.id if inquiry else None
        if inquiry is not None:
            inquiry.last_at = self.now
        if inquiry is not None and self._opened:
            # What was said before the concern was understood belongs to the first inquiry's story.
            self.session.execute(
                update(TurnRecord)
                .where(TurnRecord.conversation_id == self.conversation.id, TurnRecord.inquiry_id.is_(None))
                .values(inquiry_id=inquiry.id)
            )
        self.session.add(record)

    def forget_message(self, message_id: str) -> None:
        """The sender took a message back: its words go, here and in the summary."""
        for record in self.session.scalars(select(TurnRecord).where(TurnRecord.message_id == message_id)):
            record.text = "（送信取り消し）"
            record.intent = record.confidence = None
            record.likeliest = []
            if record.inquiry is not None:
                record.inquiry.summary = "（送信取り消しがありました）"

    def block(self, blocked: bool) -> None:
        """The person blocked, or unblocked, the account."""
        self.session.execute(
            update(Address)
            .where(Address.kind == "line", Address.value == self.address)
            .values(blocked_at=self.now if blocked else None)
        )

    def speak_slowly(self) -> None:
        """This person's next calls begin slowly, too (P5)."""
        if self.resident is not None:
            self.resident.speaks_slowly = True

    def inquiries_before(self) -> int:
        """How many concerns this resident had before this talk."""
        if self.resident is None:
            return 0
        return (
            self.session.scalar(
                select(func.count()).where(
                    Inquiry.resident_id == self.resident.id, Inquiry.conversation_id != self.conversation.id
                )
            )
            or 0
        )
