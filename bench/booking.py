"""How fast bookings go: whole turns through converse() on SQLite and on PostgreSQL, and proposals of many sessions.

    python -m bench.booking

A booking is two turns of a caller, each with its own call: the wish that leads to a proposal, and the yes. What was
understood is given, so that only the talk and the database are measured. Proposals: the wish alone, with 58 and with
5,800 sessions.
"""

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import text

from flows.converse import converse
from flows.script.moment import Deployment
from flows.script.turns import Turn
from helpdesk.clock import TOKYO
from helpdesk.learning import paths
from helpdesk.programme.finding import Wish, fitting
from helpdesk.programme_file import importing as programme
from helpdesk.programme_file.sample import sample
from helpdesk.store.database import Database
from nlu.understanding import Understanding
from tests.postgres import server
from tests.wards import CHIYODA

NOW = datetime(2026, 11, 24, 11, tzinfo=TOKYO)
BOOK = Understanding("book", 1.0, "embedded", (("book", 1.0),))
YES = Understanding("affirm", 1.0, "rules", (("affirm", 1.0),), choice="yes")
ROUNDS, TALKS = 5, 200
CALLERS = (1, 16)
_ids = count(1)


def fill(database: Database, copies: int) -> None:
    """``copies`` times the sample year; room for everybody."""
    with database.transaction() as session:
        for copy in range(copies):
            rows = [
                row | {"code": f"{copy}-{row['code']}", "capacity": 5000 if row["kind"] != "consultation" else 4}
                for row in sample(2026, CHIYODA)
            ]
            for number, row in enumerate(rows):
                shift = timedelta(minutes=(copy * 7 + number) % 180)
                row["starts_at"], row["ends_at"] = row["starts_at"] + shift, row["ends_at"] + shift
            programme.keep(session, rows)


def book_once(database: Database) -> None:
    """One caller: a wish, a proposal, a yes."""
    number = next(_ids)
    call, address = f"CA{number:032d}", f"+8190{number:08d}"
    place = Deployment(CHIYODA)
    wish = Turn(f"{call}:1", "voice", call, address, "said", "基礎の講習会を一番町で予約したい", 1)
    first = converse(database, lambda: NOW, place, wish, BOOK)
    if not first.ask.startswith("booking."):
        raise RuntimeError(first.ask)
    if first.ask == "booking.pick":
        picked = Understanding("nlu_fallback", 1.0, "rules", choice=first.choices[0].id)
        converse(database, lambda: NOW, place, Turn(f"{call}:2", "voice", call, address, "pressed", "3", 2), picked)
    last = converse(database, lambda: NOW, place, Turn(f"{call}:3", "voice", call, address, "pressed", "1", 3), YES)
    if not last.ask.startswith("booking.name"):
        raise RuntimeError(last.ask)


def turns_per_second(database: Database, callers: int) -> tuple[float, float]:
    """(booking turns a second, median milliseconds of a booking's turns) over all rounds."""
    rates, times = [], []

    def timed(_: int) -> None:
        started = time.perf_counter()
        book_once(database)
        times.append((time.perf_counter() - started) * 1000 / 2)

    with ThreadPoolExecutor(callers) as threads:
        for _ in range(ROUNDS):
            started = time.perf_counter()
            list(threads.map(timed, range(TALKS)))
            rates.append(2 * TALKS / (time.perf_counter() - started))
    return statistics.median(rates), statistics.median(times)


def proposal(database: Database) -> tuple[float, float]:
    """Median milliseconds of the search for a wish, and of a whole learning path."""
    wish = Wish("class", "basic", "神保町出張所", part="pm")
    hearing = {
        "phone": "own",
        "aim": "photo",
        "skill": "calls",
        "worry": "forget",
        "venue": "神保町出張所",
        "part": "pm",
    }
    searches, plans = [], []
    for _ in range(100):
        with database.reading() as session:
            started = time.perf_counter()
            fitting(session, NOW, wish)
            searches.append((time.perf_counter() - started) * 1000)
        with database.reading() as session:
            started = time.perf_counter()
            paths.propose(session, NOW, hearing)
            plans.append((time.perf_counter() - started) * 1000)
    return statistics.median(searches), statistics.median(plans)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """URLs of an empty SQLite file and of an empty PostgreSQL of this run's own (with fsync, as in service)."""
    with tempfile.TemporaryDirectory(prefix="bench-") as home, server() as postgresql:
        yield {"SQLite": f"sqlite:///{home}/desk.db", "PostgreSQL": postgresql}


def main() -> None:
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"medians of {ROUNDS} rounds of {TALKS} bookings\n"
    )
    print("| database | callers | booking turns/s | ms a turn |\n|---|---|---|---|")
    with databases() as urls:
        rows = {}
        for name, url in urls.items():
            database = Database(url)
            database.upgrade()
            fill(database, 1)
            for callers in CALLERS:
                rate, milliseconds = turns_per_second(database, callers)
                print(f"| {name} | {callers} | {rate:.0f} | {milliseconds:.1f} |", flush=True)
            small = proposal(database)
            with database.transaction() as session:
                session.execute(text("DELETE FROM bookings"))
                session.execute(text("DELETE FROM slots"))
                session.execute(text("DELETE FROM offerings"))
            fill(database, 100)
            rows[name] = (*small, *proposal(database))
            database.close()
    print(
        "\n| database | search, 58 sessions | 5,800 | ratio | learning path, 58 | 5,800 | ratio |\n"
        "|---|---|---|---|---|---|---|"
    )
    for name, (search, path, many, path_many) in rows.items():
        print(
            f"| {name} | {search:.1f} ms | {many:.1f} ms | {many / search:.1f} "
            f"| {path:.1f} ms | {path_many:.1f} ms | {path_many / path:.1f} |"
        )


if __name__ == "__main__":
    main()
