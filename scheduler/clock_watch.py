"""Notices when the machine's clock is set.

APScheduler plans by it and would sleep through the hour that comes again.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger("helpdesk.scheduler")
SECONDS = 5.0
"""How often the clock is compared with one that nobody can set."""
JUMP = 10.0
"""Seconds between the two that are a jump; less is a clock that is being adjusted gently."""
wall_time = time.time


class ClockWatch:
    """Compares both clocks in a thread of its own, until it is stopped."""

    def __init__(self, jumped: Callable[[float], Any]) -> None:
        """``jumped`` is called with the seconds by which the clock was set, negative for back."""
        self._jumped, self._stop = jumped, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="clock-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _watch(self) -> None:
        apart = wall_time() - time.monotonic()
        while not self._stop.wait(SECONDS):
            now_apart = wall_time() - time.monotonic()
            moved, apart = now_apart - apart, now_apart
            if abs(moved) < JUMP:
                continue
            log.warning("the clock was set by %+.0f seconds", moved)
            try:
                self._jumped(moved)
            except Exception:  # the watch goes on whatever a job's database says
                log.exception("after the clock was set")
