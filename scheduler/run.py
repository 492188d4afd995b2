"""The scheduler's process."""

import contextlib
import logging
import signal
from collections.abc import Callable
from typing import Any

from apscheduler.schedulers.blocking import BlockingScheduler

from bot.wiring import Service, wire
from helpdesk.clock import TOKYO
from helpdesk.settings import settings
from scheduler import jobs

log = logging.getLogger("helpdesk.scheduler")


def make_scheduler(service: Service) -> BlockingScheduler:
    """All jobs with their intervals in seconds."""
    scheduler = BlockingScheduler(timezone=TOKYO, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60})
    every: tuple[tuple[Callable[[Service], Any], int], ...] = ((jobs.heartbeat, 15), (jobs.send_due, 5), (jobs.close_forgotten_calls, 60), (jobs.pass_places_on, 30))
    for job, seconds in every:
        scheduler.add_job(job, "interval", args=[service], seconds=seconds, id=job.__name__)
    return scheduler


def main() -> None:
    """Run until told to stop."""
    service = wire(settings(), models=False)
    jobs.heartbeat(service)
    scheduler = make_scheduler(service)
    signal.signal(signal.SIGTERM, lambda *_: scheduler.shutdown(wait=False))
    log.info("scheduler started")
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        scheduler.start()
    log.info("scheduler stopped")
