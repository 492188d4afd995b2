"""How long callers wait for the file of SQLite: turns through converse() by several threads, three ways of waiting.

    python -m bench.waiting

What was understood is given, so that only the talk and the database are measured. The ways are taken in rounds, one
after the other, so that a slow minute of the machine hits all of them.
"""

import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from os import cpu_count
from typing import Any

from flows.converse import converse
from flows.script.moment import Place
from flows.script.turns import Heard, Turn
from helpdesk.clock import TOKYO
from helpdesk.operations.serving import SWITCH_SECONDS
from helpdesk.store.database import Database
from helpdesk.store.turnstile import Turnstile
from nlu.understanding import Understanding

NOW = datetime(2026, 11, 24, 11, tzinfo=TOKYO)
WIFI = Understanding("trouble_wifi", 1.0, "rules", (("trouble_wifi", 1.0),))
TURNS: tuple[tuple[Heard, str], ...] = (("arrived", ""), ("said", "ワイファイにつながらない"))
ROUNDS, CALLS, CALLERS = 6, 120, (1, 8)
PATIENT = 60.0
"""Nobody is sent away: the longest wait is to be seen."""
_ids = count(1)


class Lock:
    """A lock of the interpreter: it goes to whoever asks at the right moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def enter(self, seconds: float) -> bool:
        return self._lock.acquire(timeout=seconds)

    def leave(self) -> None:
        self._lock.release()


WAYS: dict[str, Callable[[], Any]] = {
    "SQLite's own waiting": lambda: None,
    "a lock before it": Lock,
    "a queue before it": Turnstile,
}


def turns(database: Database, callers: int) -> list[float]:
    """Seconds of each turn of so many callers at once."""
    seconds: list[float] = []

    def call(_: int) -> None:
        name = next(_ids)
        for number, (heard, text) in enumerate(TURNS):
            turn = Turn(f"CA{name}:{number}", "voice", f"CA{name:032d}", f"+8190{name:08d}", heard, text, number)
            started = time.perf_counter()
            converse(database, lambda: NOW, Place(), turn, WIFI, waits=PATIENT)
            seconds.append(time.perf_counter() - started)

    with ThreadPoolExecutor(callers) as threads:
        list(threads.map(call, range(CALLS)))
    return seconds


def table(found: dict[tuple[str, int], list[float]]) -> Iterator[str]:
    yield (
        "| waiting | callers | median ms | 95th ms | 95th : median | longest ms | turns/s |\n"
        "|---|---|---|---|---|---|---|"
    )
    for (way, callers), seconds in found.items():
        median, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[18]
        rate = callers * len(seconds) / sum(seconds)
        yield (
            f"| {way} | {callers} | {median * 1000:.1f} | {late * 1000:.1f} | {late / median:.1f} "
            f"| {max(seconds) * 1000:.0f} | {rate:.0f} |"
        )


def main() -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    found: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        databases = {}
        for number, (way, make) in enumerate(WAYS.items()):
            databases[way] = Database(f"sqlite:///{home}/{number}.db")
            databases[way].upgrade()
            databases[way]._one_writer = make()
        for callers in CALLERS:
            for _ in range(ROUNDS):
                for way, database in databases.items():
                    found.setdefault((way, callers), []).extend(turns(database, callers))
        for database in databases.values():
            database.close()
    print(
        f"{platform.machine()}, {cpu_count()} cores, Python {platform.python_version()}; "
        f"{ROUNDS} rounds of {2 * CALLS} turns\n"
    )
    for line in table(found):
        print(line, flush=True)


if __name__ == "__main__":
    main()
