"""A copy of the database while the service runs."""

import os
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy import make_url


class BackupError(Exception):
    """The copy could not be made. ``str()`` is one line."""


def back_up(url: str, file: Path) -> None:
    """Copy the database into ``file``: SQLite's online backup, or pg_dump. Raises BackupError; leaves no half file."""
    if file.exists():
        raise BackupError(f"{file} exists already")
    address = make_url(url)
    draft = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if address.get_backend_name() == "sqlite":
            _sqlite(Path(str(address.database)), draft)
        else:
            _postgresql(url, draft)
        draft.chmod(0o600)
        draft.replace(file)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
        draft.unlink(missing_ok=True)
        raise BackupError(f"no copy was made: {error}") from error


def _sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupError(f"there is no database {source}")
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as theirs, sqlite3.connect(target) as ours:
        theirs.backup(ours)


def _postgresql(url: str, target: Path) -> None:
    address = make_url(url).set(drivername="postgresql")
    password = address.password
    command = ["pg_dump", "--format=custom", "--file", str(target), address.set(password=None).render_as_string(hide_password=False)]
    subprocess.run(command, check=True, env={**os.environ, **({"PGPASSWORD": str(password)} if password else {})})
