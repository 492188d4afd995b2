"""kill -9 of web and scheduler at forty moments under load.

Every accepted turn kept once, seats equal bookings, each SMS once or unknown.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from helpdesk.booking.tables import SEATED, Booking
from helpdesk.clock import TOKYO
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.programme.tables import Slot
from helpdesk.store.database import Database
from helpdesk.talks.tables import TurnRecord
from tests.killing.outside import Outside
from tests.killing.people import People
from tests.killing.programme import put_programme
from tests.places import ROOT, with_models

SEED, MOMENTS = 20261125, 40
OPEN = datetime(2026, 11, 24, 11, 0, tzinfo=TOKYO)
FROM_SCRATCH = {0, 13, 26, 39}
"""Moments after which the command starts as it does on a machine; after the others its imports are spared."""
TOKEN, SECRET = "a-token-of-the-test", "a-secret-of-the-test"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class House:
    """The two processes, and how to kill and start them."""

    def __init__(self, folder: Path, outside: Outside) -> None:
        self.folder, self.began = folder, time.monotonic()
        self.web = f"http://127.0.0.1:{free_port()}"
        self.database = Database(f"sqlite:///{folder}/desk.db")
        self.database.upgrade()
        with_models(folder)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("HELPDESK_", "TWILIO_", "LINE_", "RASA_"))
        }
        self.environment |= {
            "PYTHONPATH": str(ROOT), "HELPDESK_DATABASE_URL": self.database.url,
            "HELPDESK_BIND": self.web.removeprefix("http://"), "HELPDESK_PUBLIC_URL": self.web,
            "RASA_URL": "http://127.0.0.1:9", "HELPDESK_SECRET_KEY": "s7Kq" * 10,
            "HELPDESK_STAFF_PHONE": "+81399990000", "TWILIO_ACCOUNT_SID": "AC" + "1" * 32, "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_PHONE_NUMBER": "+81355550000", "TWILIO_API_URL": outside.url, "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": "an-access-token", "LINE_API_URL": outside.url,
            "LINE_DATA_API_URL": outside.url, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
        }  # fmt: skip
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.killing.nursery"],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.nursery.stdout is not None and self.nursery.stdout.readline() == "ready\n"
        self.running: dict[str, int] = {}
        self.scratch: list[subprocess.Popen[bytes]] = []

    def now(self, later: timedelta = timedelta()) -> str:
        """The time of the house, the same for every process whenever it starts."""
        return (OPEN + timedelta(seconds=time.monotonic() - self.began) + later).isoformat()

    def start(self, name: str, from_scratch: bool, later: timedelta = timedelta()) -> None:
        log = self.folder / f"{name}.log"
        if from_scratch:
            with log.open("ab") as out:
                process = subprocess.Popen(
                    [sys.executable, "-m", "helpdesk.operations.cli", name], cwd=self.folder,
                    env=self.environment | {"HELPDESK_CLOCK": self.now(later)}, stdout=out, stderr=out,
                    start_new_session=True,
                )  # fmt: skip
            self.scratch.append(process)
            self.running[name] = process.pid
            return
        assert self.nursery.stdin is not None and self.nursery.stdout is not None
        self.nursery.stdin.write(f"{name} {self.now(later)} {log}\n")
        self.nursery.stdin.flush()
        self.running[name] = int(self.nursery.stdout.readline())

    def kill(self, name: str) -> None:
        """The process and its workers, at once."""
        os.killpg(self.running.pop(name), signal.SIGKILL)

    def worker(self) -> int | None:
        """The process that answers, below gunicorn's master."""
        master = self.running["web"]
        found = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return int(found[0]) if found else None

    def close(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.nursery.kill()
        for process in (*self.scratch, self.nursery):
            process.wait(10)
        self.database.close()


def ready(house: House, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(house.web + "/healthz", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("web is not ready")


@pytest.fixture
def outside():
    made = Outside(SEED)
    yield made
    made.close()


@pytest.fixture
def house(tmp_path, outside, embedded):
    made = House(tmp_path, outside)
    yield made
    made.close()


def strike(house: House, moment: int, dice: random.Random) -> str:
    """One death. Gunicorn's master starts a worker again.

    The rest is started here (by supervisord, where it runs for good).
    """
    what = (
        dice.choice(("web", "worker", "scheduler", "scheduler"))
        if moment not in FROM_SCRATCH
        else ("web", "scheduler")[moment % 2]
    )
    if what == "worker":
        pid = house.worker()
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return what
    house.kill(what)
    house.start(what, moment in FROM_SCRATCH)
    return what


def drained(house: House) -> bool:
    with house.database.reading() as session:
        waiting = select(func.count()).where(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
        return session.scalar(waiting) == 0


@pytest.mark.processes
def test_forty_deaths_lose_nothing_and_double_nothing(house, outside):
    put_programme(house.database)
    for name in ("web", "scheduler"):
        house.start(name, True)
    ready(house)
    people, dice = People(house.web, TOKEN, SECRET, SEED), random.Random(SEED)
    threads = people.start(callers=5, friends=3)
    died: Counter[str] = Counter()
    for moment in range(MOMENTS):
        time.sleep(dice.uniform(0.2, 2.6))
        died[strike(house, moment, dice)] += 1
    time.sleep(1)
    people.stop.set()
    ready(house)
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()

    house.kill("scheduler")  # once more; then it is ten minutes later, and claims of the dead are old
    house.start("scheduler", False, timedelta(minutes=10))
    end = time.monotonic() + 90
    while not drained(house) and time.monotonic() < end:
        time.sleep(0.5)
    tell(house, outside, people, died)
    judge(house, outside, people)


def judge(house: House, outside: Outside, people: People) -> None:
    assert people.given_up == 0 and people.strange == []
    assert drained(house), "something never left and nobody is told"
    with house.database.reading() as session:
        kept = Counter(session.scalars(select(TurnRecord.key)))
        rows = list(session.scalars(select(OutboxMessage)))
        held = Counter(session.scalars(select(Booking.slot_id).where(Booking.state.in_(SEATED))))
        seats = {slot.id: (slot.taken, slot.capacity) for slot in session.scalars(select(Slot))}
    assert {key for key in people.accepted if kept[key] != 1} == set(), "every accepted turn is kept once"
    assert {slot: taken for slot, (taken, _) in seats.items()} == {slot: held[slot] for slot in seats}
    assert all(taken <= capacity for taken, capacity in seats.values()) and sum(held.values()) > 20
    assert (
        max(Counter(outside.sms).values()) == 1
        and max(outside.replies.values()) == 1
        and max(outside.pushes.values()) == 1
    )

    texts = Counter(outside.sms)
    for row in rows:
        if row.kind == "sms":
            arrived = texts.pop((row.recipient, row.payload["body"]), 0)
        else:
            arrived = (
                outside.replies[people.tokens.get(row.key.removeprefix("reply:"), "")] + outside.pushes[row.retry_key]
            )
        assert arrived <= 1, f"{row.kind} arrived {arrived} times"
        assert arrived == 1 or row.sent_at is None, f"{row.kind} was called sent and never arrived"
        assert row.sent_at is not None or row.unknown_at is not None, f"{row.kind}: {row.last_error}"
    assert not texts, "an SMS that nobody decided on"
    answered = {row.key for row in rows if row.kind != "sms"}
    assert {key for key in people.accepted if key.startswith("line:") and f"reply:{key}" not in answered} == set()
    for name in ("web", "scheduler"):
        assert "Traceback" not in (house.folder / f"{name}.log").read_text(errors="replace")


def tell(house: House, outside: Outside, people: People, died: Counter[str]) -> None:
    with house.database.reading() as session:
        rows = list(session.scalars(select(OutboxMessage)))
        turns = session.scalar(select(func.count()).select_from(TurnRecord))
    ends = Counter(
        (
            row.kind,
            "sent" if row.sent_at else "unknown" if row.unknown_at else "given up" if row.given_up_at else "waits",
        )
        for row in rows
    )
    sys.stdout.write(
        f"\nseed {SEED}: {sum(died.values())} deaths {dict(died)}; "
        f"{len(people.accepted)} turns accepted, {turns} kept, {people.again} asked again\n"
        f"outbox {dict(ends)}; at the providers: {len(outside.sms)} SMS, "
        f"{sum(outside.replies.values())} replies, {sum(outside.pushes.values())} pushes,"
        f" refused as repeats {dict(outside.refused)}; {time.monotonic() - house.began:.0f} s\n"
    )
