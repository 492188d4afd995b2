"""What tests share: a service with everything real but the outside, and people who call and write."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bot.answering import Answering
from bot.sending import Delivering
from bot.web import create_web
from bot.wiring import Service, deployment_of
from helpdesk.clock import TOKYO
from helpdesk.settings import Settings
from helpdesk.store.database import Database
from nlu.embedded import Embedded, load_or_train
from nlu.understand import Understander
from tests import kinds, passwords
from tests.fakes import FakeLine, FakeSms
from tests.kinds import no_process_without_its_mark  # noqa: F401 - for every test
from tests.people import Caller, Friend
from tests.places import MODELS
from tests.postgres import programs, server
from tests.small_programme import programme  # noqa: F401 - a fixture for every test
from tests.staff_desk import colleague, manager, office  # noqa: F401 - fixtures for every test

OPEN = datetime(2026, 11, 24, 11, 0, tzinfo=TOKYO)
CLOSED = datetime(2026, 11, 24, 20, 0, tzinfo=TOKYO)
STAFF_PHONE = "+81399990000"
passwords.hash_cheaply()


@dataclass
class Watch:
    """A clock that stands still until it is told to go on."""

    now: datetime = OPEN

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **more: float) -> None:
        self.now += timedelta(**more)


@dataclass
class Desk:
    """A running helpdesk in a test."""

    service: Service
    watch: Watch
    line: FakeLine
    sms: FakeSms
    web: Any
    numbers: list[int] = field(default_factory=lambda: [0])

    @property
    def database(self) -> Database:
        return self.service.database

    def caller(self, number: str = "+81312345678") -> Caller:
        self.numbers[0] += 1
        return Caller(self.web, self.service.settings, number, f"CA{self.numbers[0]:032x}")

    def friend(self, name: int = 1) -> Friend:
        return Friend(self.web, self.service.settings, self.line, f"U{name:032x}")


@pytest.fixture(scope="session")
def embedded() -> Embedded:
    return load_or_train(MODELS)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of this run's own. Yields its URL without a database."""
    if programs() is None:
        pytest.skip("PostgreSQL's server programs are not installed")
    with server("-c", "fsync=off") as url:
        yield url


@lru_cache(maxsize=1)
def _migrated() -> Path:
    """A SQLite file with this release's tables, made once a run.

    Migrating it for each test costs more than most tests.
    """
    path = Path(tempfile.mkdtemp()) / "migrated.db"
    made = Database(f"sqlite:///{path}")
    made.upgrade()
    made.close()
    return path


def new_database(url: str) -> Database:
    """An empty database with all tables in the SQLite file of ``url``."""
    shutil.copy(_migrated(), url.removeprefix("sqlite:///"))
    return Database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The same test on both databases; each starts empty."""
    if request.param == "sqlite":
        database = new_database(f"sqlite:///{tmp_path}/desk.db")
    else:
        database = Database(request.getfixturevalue("postgresql"))
        with database.engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        database.upgrade()
    yield database
    database.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = new_database(f"sqlite:///{tmp_path}/desk.db")
    yield made
    made.close()


def settings_of_a_test(folder: Path) -> Settings:
    """Whole accounts at both providers, a database in ``folder``."""
    return Settings(
        _env_file=None,
        HELPDESK_PUBLIC_URL="https://desk.example.jp",
        HELPDESK_VAR=str(folder / "var"),
        HELPDESK_DATABASE_URL=f"sqlite:///{folder}/desk.db",
        HELPDESK_STAFF_PHONE=STAFF_PHONE,
        HELPDESK_PRACTICE_APP_URL="https://renshu.example.jp/",
        TWILIO_ACCOUNT_SID="AC" + "1" * 32,
        TWILIO_AUTH_TOKEN="a-token-of-the-test",
        TWILIO_PHONE_NUMBER="+81355550000",
        LINE_CHANNEL_SECRET="a-secret-of-the-test",
        LINE_CHANNEL_ACCESS_TOKEN="an-access-token",
        HELPDESK_SECRET_KEY="s" * 40,
    )  # type: ignore[call-arg]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a test: nothing of this machine's environment, secrets of its own."""
    for name in [
        name
        for name in os.environ
        if name.startswith(("HELPDESK_", "TWILIO_", "LINE_", "RASA_")) and name != "HELPDESK_EMITTED"
    ]:
        monkeypatch.delenv(name)
    return settings_of_a_test(tmp_path)


def make_desk(settings: Settings, database: Database, understander: Understander) -> Desk:
    watch, line, sms = Watch(), FakeLine(), FakeSms()
    deployment = deployment_of(settings)
    service = Service(
        settings,
        watch,
        database,
        Answering(database, watch, deployment, understander),
        Delivering(database, watch, line, sms, deployment),
    )
    web = create_web(service, deliver=service.delivering.deliver, spool=Path(tempfile.mkdtemp()) / "line_events")
    return Desk(service, watch, line, sms, web.test_client())


def desk_in(settings: Settings, understander: Understander) -> Desk:
    """A desk on a new database of its own."""
    return make_desk(settings, new_database(settings.database_url), understander)


@pytest.fixture
def desk(settings: Settings, database: Database, embedded: Embedded) -> Desk:
    """The whole web process with the embedded classifier and fakes outside."""
    return make_desk(settings, database, Understander(None, embedded))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        kinds.mark(item)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Any:
    with kinds.timed(pyfuncitem):
        return (yield)
