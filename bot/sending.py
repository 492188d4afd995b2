"""Sends the outbox: a row is claimed before it is sent, so that it goes out once; what fails is tried again later.

Used by the web process right after a turn, and by the scheduler for what that process could not deliver.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.channels.line import messages as line_messages
from bot.gateways.protocols import Delivery, LineGateway, Refused, Sent, SmsGateway, Unknown
from bot.metrics import DELIVERIES
from flows.outreach import notices
from flows.script.moment import Deployment
from helpdesk.booking.reading import held
from helpdesk.clock import TOKYO, Clock
from helpdesk.outbox import messages as outbox
from helpdesk.outbox.messages import Claimed, claim, due, postpone, settle, settle_unknown
from helpdesk.store.database import Database

log = logging.getLogger("helpdesk.delivery")
QUIET_UNTIL, QUIET_FROM = time(9, 0), time(20, 0)
"""Unasked messages leave between these (L6)."""
REPLY_TOKEN_LIVES = timedelta(seconds=50)
WEB_HAS = timedelta(seconds=20)
"""How long a reply belongs to the process that took the event, before the scheduler pushes it."""
LONGEST_TRYING = timedelta(hours=23)
"""LINE forgets a retry key after 24 hours."""
REPEAT_REPLY_AFTER, REPLY_ATTEMPTS = timedelta(seconds=2), 4


@dataclass(frozen=True)
class Delivering:
    """Knows how to send every kind of message."""

    database: Database
    clock: Clock
    line: LineGateway
    sms: SmsGateway
    deployment: Deployment

    def deliver(self, key: str) -> bool:
        """Send the message of this key now unless somebody else does. Whether it is sent now."""
        now = self.clock()
        with self.database.transaction() as session:
            row = claim(session, key, now)
        if row is None:
            return False
        outcome = self._sent(row, now)
        DELIVERIES.labels(row.kind, type(outcome).__name__.lower()).inc()
        if isinstance(outcome, Sent):
            with self.database.transaction() as session:
                settle(session, row.id, self.clock())
            return True
        self._failed(row, outcome)
        return False

    def deliver_due(self) -> int:
        """Send everything that is due; returns how many went out. For the scheduler."""
        now = self.clock()
        with self.database.transaction() as session:
            left = outbox.give_up_left_behind(session, now)
        if left:
            log.warning("%d messages were left behind by a process that died: whether they went out is unknown", left)
        with self.database.reading() as session:
            waiting = due(session, now, now - WEB_HAS, unasked=not is_quiet(now))
        return sum(self.deliver(key) for key in waiting)

    def clock_went_back(self) -> None:
        """Nothing waits for an hour that was there already. For the scheduler."""
        with self.database.transaction() as session:
            freed = outbox.after_clock_went_back(session, self.clock())
        if freed:
            log.warning("%d messages had waited for an instant that the clock took back", freed)

    def _sent(self, row: Claimed, now: datetime) -> Delivery:
        try:
            send = self._way_out(row, now)
        except Exception as error:  # a message that cannot be built is no reason to try for ever
            log.exception("outbox %d could not be worded", row.id)
            return Refused(type(error).__name__, again=False)
        if isinstance(send, Refused):
            return send
        try:
            return send()
        except Exception as error:
            log.exception("outbox %d could not be sent", row.id)
            return (
                Unknown(type(error).__name__)
                if row.kind in outbox.ONCE_ONLY
                else Refused(type(error).__name__, again=False)
            )

    def _way_out(self, row: Claimed, now: datetime) -> Callable[[], Delivery] | Refused:
        """What sends this message, or why it is not sent."""
        reply = None
        if "notice" in row.payload:
            with self.database.reading() as session:
                told = held(session, row.payload["booking"])
            reply = notices.word(self.deployment, row.payload["notice"], told)
            if reply is None:
                return Refused("no longer true", again=False)
        if row.kind == "sms":
            body = reply.eye[0] if reply else str(row.payload["body"])
            return lambda: self.sms.send(row.recipient, body)
        messages = line_messages.messages(reply) if reply else row.payload["messages"]
        token = row.reply_token if row.kind == "line_reply" else None
        # Once tried with its token, a reply goes with it again or not at all: a push could be a second answer.
        if token and (row.attempts > 1 or now - row.created_at < REPLY_TOKEN_LIVES):
            return lambda: self.line.reply(token, messages)
        if row.blocked:
            return Refused("the person has blocked the account", again=False)
        return lambda: self.line.push(row.recipient, messages, row.retry_key)

    def _failed(self, row: Claimed, outcome: Refused | Unknown) -> None:
        log.warning("outbox %d (%s, attempt %d): %s", row.id, row.kind, row.attempts, outcome.reason)
        now = self.clock()
        with self.database.transaction() as session:
            if isinstance(outcome, Unknown):
                self._not_known(session, row, now, outcome)
            elif row.kind == "line_reply" and row.reply_token:
                self._reply_refused(session, row, now, outcome)
            elif outcome.again and now - row.created_at < LONGEST_TRYING:
                postpone(session, row.id, now + timedelta(seconds=min(30 * 2**row.attempts, 3600)), outcome.reason)
            else:
                settle(session, row.id, now, given_up=outcome.reason)

    def _not_known(self, session: Session, row: Claimed, now: datetime, outcome: Unknown) -> None:
        if row.kind == "line_reply" and row.reply_token and row.attempts < REPLY_ATTEMPTS:
            postpone(session, row.id, now + REPEAT_REPLY_AFTER, outcome.reason)
        else:
            settle_unknown(session, row.id, now, outcome.reason)

    def _reply_refused(self, session: Session, row: Claimed, now: datetime, refused: Refused) -> None:
        """Refused at once, nothing went out: the person still waits, so it is pushed.

        A repeat is refused because the first went out, or too late.
        """
        if row.attempts == 1:
            postpone(session, row.id, now, refused.reason, push_instead=True)
        elif refused.stale_token and now - row.created_at < REPLY_TOKEN_LIVES:
            settle(session, row.id, now)
        else:
            self._not_known(session, row, now, Unknown(refused.reason))


def is_quiet(now: datetime) -> bool:
    """L6: nothing unasked leaves outside 9:00-20:00."""
    return not QUIET_UNTIL <= now.astimezone(TOKYO).time() < QUIET_FROM
