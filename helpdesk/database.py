"""The connection: SQLite (WAL, immediate transactions, foreign keys) or PostgreSQL, by one URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, Update, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from helpdesk.folding import teach_sqlite


def connect(url: str) -> Engine:
    """An engine for ``url``; the folder of a SQLite file is made."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, hide_parameters=True, pool_size=10, max_overflow=10, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": 15, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's deferred one
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        teach_sqlite(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading", False)
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
    """Carry a guarded statement out: how many rows its guard let through. Rows that the session holds are not brought up to date."""
    return session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def is_collision(error: Exception) -> bool:
    """Whether the database gave this transaction up in favour of another (a deadlock, a unique key taken in the same moment): trying again helps."""
    if isinstance(error, IntegrityError):
        return True
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) in ("40P01", "40001")


class Database:
    """Hands out transactions. One per process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)
        self._reading = sessionmaker(self.engine.execution_options(reading=True), expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing transaction: committed at the end of the block, rolled back when it raises."""
        with self._writing.begin() as session:
            yield session

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
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["engine"] = self.engine
        command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()
