"""The connection: SQLite (WAL, immediate transactions, foreign keys) or PostgreSQL, by one URL."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine, Update, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session, sessionmaker

from helpdesk.store.folding import teach_sqlite
from helpdesk.store.turnstile import Turnstile

PATIENCE = 15.0
"""Seconds that a writer waits for another one, when nobody waits for it on the telephone."""


class Locked(Exception):
    """Another writer did not finish in time."""


def connect(url: str) -> Engine:
    """An engine for ``url``; the folder of a SQLite file is made."""
    address = make_url(url)
    return _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address,
        hide_parameters=True,
        pool_size=20,
        max_overflow=30,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3},
    )


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=20,
        max_overflow=40,
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's deferred one
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        teach_sqlite(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        reading = options.get("reading", False)
        if not reading:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={int(options.get('patience', PATIENCE) * 1000)}")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def insert_unless_there(session: Session, table: Any, values: dict[str, Any]) -> bool:
    """Insert a row unless its unique key exists. Returns whether it was inserted."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    key = next(iter(table.__table__.primary_key.columns))
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing().returning(key)
    # Not rowcount: psycopg does not know it for this statement.
    return session.execute(statement).first() is not None


def rows_changed(session: Session, statement: Update) -> int:
    """Carry a guarded statement out: how many rows its guard let through.

    Rows that the session holds are not brought up to date.
    """
    done = session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def is_collision(error: Exception) -> bool:
    """Whether the database gave this transaction up in favour of another: trying again helps.

    It was a deadlock, or a unique key taken in the same moment.
    """
    if isinstance(error, IntegrityError):
        return True
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) in ("40P01", "40001")


def is_locked(error: Exception) -> bool:
    """Whether another writer held the database for longer than was waited: SQLite has one for the whole file."""
    if isinstance(error, Locked):
        return True
    words = str(getattr(error, "orig", "")).lower()
    return isinstance(error, OperationalError) and (
        "database is locked" in words or "database table is locked" in words or "busy" in words
    )


def is_out_of_reach(error: Exception) -> bool:
    """Whether it is the database that cannot be used now, whatever was asked of it: later the same works."""
    return (
        is_locked(error) or is_collision(error) or isinstance(error, OperationalError | InterfaceError | NoConnection)
    )


class Database:
    """Hands out transactions. One per process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)
        self._one_writer = Turnstile() if self.engine.dialect.name == "sqlite" else None
        """SQLite's own queue is none (docs/decisions/0008: who asks most often wins). Threads wait here, in turn."""
        self._reading = sessionmaker(self.engine.execution_options(reading=True), expire_on_commit=False)

    @contextmanager
    def transaction(self, patience: float = PATIENCE) -> Iterator[Session]:
        """A writing transaction: committed at the end of the block, rolled back when it raises.

        ``patience`` is how many seconds it waits for another writer of a SQLite file before it raises.
        """
        if self._one_writer is None:
            with self._writing.begin() as session:
                yield session
            return
        began = time.monotonic()
        if not self._one_writer.enter(patience):
            raise Locked(f"another writer took longer than {patience:.1f} s")
        try:
            left = max(patience - (time.monotonic() - began), 0.01)
            with self._writing(bind=self.engine.execution_options(patience=left)) as session, session.begin():
                yield session
        finally:
            self._one_writer.leave()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; on SQLite it takes no write lock."""
        with self._reading() as session:
            yield session

    def alive(self) -> bool:
        """Whether a query gets an answer."""
        try:
            with self.engine.execution_options(reading=True).connect() as connection:
                return connection.execute(text("SELECT 1")).scalar() == 1
        except Exception:  # whatever the driver raises, the answer is no
            return False

    def upgrade(self) -> None:
        """Bring the tables to this release's state; harmless when they are."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
        config.attributes["engine"] = self.engine
        command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()
