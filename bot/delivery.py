"""Sends the outbox: a row is claimed before it is sent, so that it goes out once; what fails is tried again later.

Used by the web process right after a turn, and by the scheduler for what that process could not deliver.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.channels import line_messages
from bot.gateways import Delivery, LineGateway, Refused, Sent, SmsGateway
from bot.metrics import DELIVERIES
from flows import notices
from flows.desk import Place
from helpdesk.clock import TOKYO, Clock
from helpdesk.database import Database
from helpdesk.outbox import Claimed, claim, due, postpone, settle

log = logging.getLogger("helpdesk.delivery")
QUIET_UNTIL, QUIET_FROM = time(9, 0), time(20, 0)
"""Unasked messages leave between these (L6)."""
REPLY_TOKEN_LIVES = timedelta(seconds=50)
WEB_HAS = timedelta(seconds=20)
"""How long a reply belongs to the process that took the event, before the scheduler pushes it."""
LONGEST_TRYING = timedelta(hours=23)
"""LINE forgets a retry key after 24 hours."""


@dataclass(frozen=True)
class Delivering:
    """Knows how to send every kind of message."""

    database: Database
    clock: Clock
    line: LineGateway
    sms: SmsGateway
    place: Place = Place()

    def deliver(self, key: str) -> bool:
        """Send the message of this key now unless somebody else does. Whether it is sent now."""
        now = self.clock()
        with self.database.transaction() as session:
            row = claim(session, key, now)
        if row is None:
            return False
        try:
            outcome = self._send(row, now)
        except Exception as error:  # a message that cannot be built is no reason to try for ever
            log.exception("outbox %d could not be sent", row.id)
            outcome = Refused(type(error).__name__, again=False)
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
        with self.database.reading() as session:
            waiting = due(session, now, now - WEB_HAS, unasked=not is_quiet(now))
        return sum(self.deliver(key) for key in waiting)

    def _send(self, row: Claimed, now: datetime) -> Delivery:
        if "notice" in row.payload:
            return self._send_notice(row)
        if row.kind == "sms":
            return self.sms.send(row.recipient, str(row.payload["body"]))
        if row.kind == "line_reply" and row.reply_token and now - row.created_at < REPLY_TOKEN_LIVES:
            return self.line.reply(row.reply_token, row.payload["messages"])
        if row.blocked:
            return Refused("the person has blocked the account", again=False)
        return self.line.push(row.recipient, row.payload["messages"], row.retry_key)

    def _send_notice(self, row: Claimed) -> Delivery:
        with self.database.reading() as session:
            reply = notices.word(session, self.place, row.payload["notice"], row.payload["booking"])
        if reply is None:
            return Refused("no longer true", again=False)
        if row.kind == "sms":
            return self.sms.send(row.recipient, reply.eye[0])
        if row.blocked:
            return Refused("the person has blocked the account", again=False)
        return self.line.push(row.recipient, line_messages.messages(reply), row.retry_key)

    def _failed(self, row: Claimed, refused: Refused) -> None:
        log.warning("outbox %d (%s, attempt %d): %s", row.id, row.kind, row.attempts, refused.reason)
        now = self.clock()
        with self.database.transaction() as session:
            if row.kind == "line_reply" and row.reply_token:
                # The token is used up or stale: the person still waits, so it is pushed.
                postpone(session, row.id, now, refused.reason, push_instead=True)
            elif refused.again and now - row.created_at < LONGEST_TRYING:
                postpone(session, row.id, now + timedelta(seconds=min(30 * 2**row.attempts, 3600)), refused.reason)
            else:
                settle(session, row.id, now, given_up=refused.reason)


def is_quiet(now: datetime) -> bool:
    """L6: nothing unasked leaves outside 9:00-20:00."""
    return not QUIET_UNTIL <= now.astimezone(TOKYO).time() < QUIET_FROM
