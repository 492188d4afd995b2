"""The scheduler's process."""

import contextlib
import logging
import signal
from collections.abc import Callable
from datetime import datetime
from typing import Any

from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN, EVENT_SCHEDULER_STARTED
from apscheduler.schedulers.blocking import BlockingScheduler

from bot.wiring import Service, wire
from helpdesk.clock import TOKYO
from helpdesk.settings import settings
from scheduler import clock_watch, jobs

log = logging.getLogger("helpdesk.scheduler")


def make_scheduler(service: Service) -> BlockingScheduler:
    """All jobs with their intervals in seconds.

    A run that comes late is run, however late: the clock may have been set.
    """
    scheduler = BlockingScheduler(
        timezone=TOKYO, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    every: tuple[tuple[Callable[[Service], Any], int], ...] = (
        (jobs.heartbeat, 15), (jobs.send_due, 5), (jobs.close_forgotten_calls, 60), (jobs.pass_places_on, 30),
    )  # fmt: skip
    for job, seconds in every:
        # First at the start: what the process before left undone does not wait for an interval more.
        scheduler.add_job(job, "interval", args=[service], seconds=seconds, id=job.__name__, next_run_time=_now())

    def jumped(seconds: float) -> None:
        _plan_anew(scheduler)
        if seconds < 0:
            jobs.clock_went_back(service)

    watch = clock_watch.ClockWatch(jumped)
    scheduler.add_listener(lambda _: watch.start(), EVENT_SCHEDULER_STARTED)
    scheduler.add_listener(lambda _: watch.stop(), EVENT_SCHEDULER_SHUTDOWN)
    return scheduler


def _plan_anew(scheduler: BlockingScheduler) -> None:
    """Every job runs now by the clock as it is, and from there at its interval."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=_now())


def _now() -> datetime:
    """What APScheduler takes for the present."""
    return datetime.fromtimestamp(clock_watch.wall_time(), TOKYO)


def main() -> None:
    """Run until told to stop."""
    service = wire(settings(), models=False)
    jobs.heartbeat(service)
    # The clock may have been set while no scheduler ran (at the machine's start, for one).
    jobs.clock_went_back(service)
    scheduler = make_scheduler(service)
    signal.signal(signal.SIGTERM, lambda *_: scheduler.shutdown(wait=False))
    log.info("scheduler started")
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        scheduler.start()
    log.info("scheduler stopped")
