"""A copy of the database while the service runs, and the way back."""

import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import func, inspect, make_url, select, table
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.store.database import Database

_SQLITE, _POSTGRESQL = b"SQLite format 3\0", b"PGDMP"
_VERSION = "alembic_version"


class BackupError(Exception):
    """The copy could not be made, or not be taken back. ``str()`` is one line."""


def back_up(url: str, file: Path) -> None:
    """Copy the database into ``file``: SQLite's online backup, or pg_dump. Raises BackupError; leaves no half file."""
    if file.exists():
        raise BackupError(f"{file} exists already")
    address = make_url(url)
    draft = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if address.get_backend_name() == "sqlite":
            _from_sqlite(Path(str(address.database)), draft)
        else:
            _run("pg_dump", "--format=custom", "--file", str(draft), url=url)
        draft.chmod(0o600)
        draft.replace(file)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
        draft.unlink(missing_ok=True)
        raise BackupError(f"no copy was made: {_why(error)}") from error


def restore(url: str, file: Path, over: bool = False) -> dict[str, int]:
    """Make the database what it was when ``file`` was made, brought to this release: the rows of each table.

    All of it or nothing. Raises BackupError, also when the database holds something and ``over`` does not say that
    it may go.
    """
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    _check(file, is_sqlite)
    database = Database(url)
    try:
        if not over and (there := sum(rows(database).values())):
            raise BackupError(f"the database holds {there} rows; --yes replaces them")
        if is_sqlite:
            _into_sqlite(file, Path(str(make_url(url).database)))
        else:
            _into_postgresql(file, database)
    except (OSError, sqlite3.Error, SQLAlchemyError, subprocess.CalledProcessError) as error:
        raise BackupError(f"nothing was restored: {_why(error)}") from error
    finally:
        database.close()
    return _brought_up(url)


def _brought_up(url: str) -> dict[str, int]:
    database = Database(url)
    try:
        database.upgrade()
        return rows(database)
    except CommandError as error:
        raise BackupError(f"restored, but the backup is of another release: {_why(error)}") from error
    finally:
        database.close()


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has; none when there are no tables."""
    names = [name for name in inspect(database.engine).get_table_names() if name != _VERSION]
    with database.reading() as session:
        return {name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def _check(file: Path, is_sqlite: bool) -> None:
    """Whether ``file`` is a backup for this kind of database, whole. Raises BackupError."""
    try:
        with file.open("rb") as opened:
            start = opened.read(len(_SQLITE))
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    if not start.startswith((_SQLITE, _POSTGRESQL)):
        raise BackupError(f"{file} is no backup")
    if start.startswith(_SQLITE) != is_sqlite:
        other = "PostgreSQL" if is_sqlite else "SQLite"
        raise BackupError(f"{file} is a backup of the other kind of database ({other})")
    if is_sqlite:
        _check_sqlite(file)


def _check_sqlite(file: Path) -> None:
    try:
        with closing(_opened(file)) as backup:
            if backup.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError(f"{file} is damaged")
            backup.execute(f"SELECT version_num FROM {_VERSION}")  # noqa: S608 - a name of this file
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no backup of the helpdesk, or damaged: {error}") from error


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _from_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"there is no database {source}")
    reading = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
    with closing(reading) as theirs, closing(sqlite3.connect(target)) as ours:
        theirs.backup(ours)


def _into_sqlite(file: Path, target: Path) -> None:
    with closing(_opened(file)) as theirs, closing(sqlite3.connect(target, timeout=15)) as ours:
        theirs.backup(ours)


def _into_postgresql(file: Path, database: Database) -> None:
    """Old tables go and the backup's come in one transaction; its script lies where only this user can read it."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "restore.sql")
        _run("pg_restore", "--no-owner", "--no-privileges", "--schema=public", "--file", str(script), str(file))
        if f"CREATE TABLE public.{_VERSION} " not in script.read_text(encoding="utf-8"):
            raise BackupError(f"{file} is no backup of the helpdesk")
        quote = database.engine.dialect.identifier_preparer.quote
        names = inspect(database.engine).get_table_names(schema="public")
        drops = "".join(f"DROP TABLE public.{quote(name)} CASCADE;\n" for name in names)
        Path(folder, "drop.sql").write_text(drops, encoding="utf-8")
        _run(
            "psql",
            "--quiet",
            "--no-psqlrc",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--file={folder}/drop.sql",
            f"--file={script}",
            "--dbname",
            url=database.url,
        )


def _run(*command: str, url: str | None = None) -> None:
    """A program of PostgreSQL's; with ``url`` its last word is the database, and the password is seen by nobody."""
    environment = dict(os.environ)
    words = list(command)
    if url is not None:
        address = make_url(url).set(drivername="postgresql")
        words.append(address.set(password=None).render_as_string(hide_password=False))
        environment |= {"PGPASSWORD": str(address.password)} if address.password else {}
    subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def _why(error: Exception) -> str:
    """The first line of what went wrong."""
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) and error.stderr else str(error)
    return next((line.strip() for line in said.splitlines() if line.strip()), type(error).__name__)
