"""What is done again and again. Every job may run twice and may die at any line."""

import logging
from datetime import timedelta

from bot.wiring import Service
from flows.script.turns import Turn
from helpdesk.booking import waiting
from helpdesk.health.heartbeat import beat
from helpdesk.talks.for_jobs import forgotten_calls

log = logging.getLogger("helpdesk.scheduler")
CALL_IS_OVER = timedelta(minutes=30)
"""After this without a turn a call has ended, even when nobody told us."""


def send_due(service: Service) -> int:
    """Send what is due in the outbox; LINE replies that were not delivered go as pushes."""
    sent = service.delivering.deliver_due()
    if sent:
        log.info("%d messages sent", sent)
    return sent


def heartbeat(service: Service) -> None:
    """The sign of life that readiness looks at."""
    with service.database.transaction() as session:
        beat(session, "scheduler", service.clock())


def clock_went_back(service: Service) -> None:
    """The clock was set back: what waits for an instant that was there already need not wait for it again."""
    service.delivering.clock_went_back()


def close_forgotten_calls(service: Service) -> int:
    """Calls whose end was never told are closed; who wanted a person gets a call-back."""
    with service.database.reading() as session:
        calls = forgotten_calls(session, service.clock() - CALL_IS_OVER)
    for call, address in calls:
        service.answering.answer(Turn(f"{call}:left", "voice", call, address, "left"))
    return len(calls)


def pass_places_on(service: Service) -> int:
    """Offers of the waiting list that nobody answered go to the next.

    Seats that became free otherwise are offered, too.
    """
    now = service.clock()
    with service.database.reading() as session:
        late, free = waiting.late_offers(session, now), waiting.free_seats(session, now)
    done = 0
    for work, ids in ((waiting.expire, late), (waiting.offer_free_seat, free)):
        for one in ids:
            with service.database.transaction() as session:
                done += work(session, now, one)
    with service.database.transaction() as session:
        waiting.close_lists(session, now)
    return done
