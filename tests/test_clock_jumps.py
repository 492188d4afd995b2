"""The scheduler when the machine's clock is set back an hour or forward two days: nothing stops, nothing is frozen."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.clock import TOKYO, system_clock
from helpdesk.health.readiness import readiness
from helpdesk.health.tables import Heartbeat
from helpdesk.outbox import messages as outbox
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.store.database import Database
from scheduler import clock_watch
from scheduler.run import make_scheduler

HERE = Path(__file__).parent
ROOT = HERE.parent
JUMPS = {"back-an-hour": -3600, "forward-two-days": 2 * 86400, "back-a-day": -86400}


class Wall:
    """The machine's clock, which somebody sets."""

    def __init__(self) -> None:
        self.jumped = 0.0

    def time(self) -> float:
        return time.time() + self.jumped

    def datetime(self) -> type[datetime]:
        wall = self

        class Set(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + timedelta(seconds=wall.jumped)

        return Set


@pytest.fixture
def wall(monkeypatch) -> Wall:
    made = Wall()
    for module in ("apscheduler.schedulers.base", "apscheduler.executors.base", "apscheduler.triggers.interval"):
        if hasattr(import_module(module), "datetime"):
            monkeypatch.setattr(f"{module}.datetime", made.datetime())
    return made


@pytest.mark.slow
@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_every_job_runs_again_soon_after_the_clock_was_set(desk, wall, monkeypatch, jump):
    ran: Counter[str] = Counter()
    went_back = threading.Event()
    for name in ("heartbeat", "send_due", "close_forgotten_calls", "pass_places_on"):

        def job(service, name=name):
            ran[name] += 1

        job.__name__ = name
        monkeypatch.setattr(f"scheduler.jobs.{name}", job)
    monkeypatch.setattr("scheduler.jobs.clock_went_back", lambda service: went_back.set())
    monkeypatch.setattr(clock_watch, "wall_time", wall.time)
    monkeypatch.setattr(clock_watch, "SECONDS", 0.2)
    scheduler = make_scheduler(desk.service)
    for one in scheduler.get_jobs():
        one.modify(next_run_time=datetime.now(TOKYO) + timedelta(seconds=3))  # nothing runs before the clock is set
    running = threading.Thread(target=scheduler.start, daemon=True)
    running.start()
    time.sleep(0.5)
    wall.jumped = jump
    before, end = dict(ran), time.monotonic() + 5
    while time.monotonic() < end and not all(
        ran[name] > before.get(name, 0) for name in ("heartbeat", "send_due", "close_forgotten_calls", "pass_places_on")
    ):
        time.sleep(0.05)
    seen = ran["send_due"]
    time.sleep(5.5)
    scheduler.shutdown(wait=False)
    running.join(10)
    assert all(
        ran[name] > before.get(name, 0) for name in ("heartbeat", "send_due", "close_forgotten_calls", "pass_places_on")
    ), ran
    assert ran["send_due"] > seen, "and it goes on at its interval"
    assert went_back.is_set() is (jump < 0)


def test_a_heartbeat_from_the_future_is_no_sign_of_life(desk):
    with desk.database.transaction() as session:
        session.add(Heartbeat(name="scheduler", at=desk.watch() + timedelta(hours=1)))
    words = readiness(desk.service.settings, desk.database, desk.watch(), "embedded").words
    assert words["scheduler"] == "down"


@pytest.fixture
def shim(tmp_path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("the clock of another process is moved with a C compiler on Linux")
    made = tmp_path / "jumping_clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", made, HERE / "jumping_clock.c", "-ldl"], check=True)
    return made


@pytest.mark.processes
@pytest.mark.parametrize("jump", [-3600, 2 * 86400], ids=["back-an-hour", "forward-two-days"])
def test_the_real_process_sends_and_beats_within_a_minute_of_the_jump(shim, settings, tmp_path, jump):
    """``helpdesk scheduler`` itself; its clock_gettime is moved under it."""
    database = Database(settings.database_url)
    database.upgrade()
    moved = tmp_path / "offset"
    moved.write_text("0")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HELPDESK_", "TWILIO_", "LINE_", "RASA_"))
    }
    environment |= {
        "HELPDESK_DATABASE_URL": settings.database_url,
        "PYTHONPATH": str(ROOT),
        "LD_PRELOAD": str(shim),
        "CLOCK_OFFSET": str(moved),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "helpdesk.operations.cli", "scheduler"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: beat(database), 60)
        # One written before the jump, one claimed by a process that died, one put off, and one written after it.
        friend, body = "U" + "1" * 32, {"body": "x", "messages": [{"type": "text", "text": "x"}]}
        with database.transaction() as session:
            now = system_clock()
            outbox.put(session, now, "claimed", "line_push", friend, body, attempts=1, claimed_at=now)
            outbox.put(
                session, now, "put-off", "line_push", friend, body, attempts=1, not_before=now + timedelta(seconds=40)
            )
        moved.write_text(str(jump))
        jumped = time.monotonic()
        then = system_clock() + timedelta(seconds=jump)
        with database.transaction() as session:
            outbox.put(session, then, "after", "sms", "+819012345678", body)
        wait_until(lambda: sent(database, "put-off") and sent(database, "after"), 60)
        wait_until(
            lambda: abs(beat(database) - (system_clock() + timedelta(seconds=jump))) < timedelta(seconds=30),
            60 - (time.monotonic() - jumped),
        )
        wait_until(lambda: sent(database, "claimed"), 60)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(20)
        database.close()


def beat(database: Database) -> datetime | None:
    with database.reading() as session:
        return session.scalar(select(Heartbeat.at).where(Heartbeat.name == "scheduler"))


def sent(database: Database, key: str) -> bool:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one().sent_at is not None


def wait_until(condition, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)
