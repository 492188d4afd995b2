"""helpdesk db, export, backup, forget."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click

from helpdesk import exporting, forgetting
from helpdesk.clock import TOKYO, clock_from
from helpdesk.health import backing_up
from helpdesk.operations.csv_out import until_the_reader_goes, write_csv
from helpdesk.settings import settings
from helpdesk.store.database import Database


def _database() -> Database:
    return Database(settings().database_url)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value} is no date such as 2026-11-24") from None


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this release's state."""
    _database().upgrade()
    click.echo("the database is up to date")


@click.group()
def export() -> None:
    """What is kept, for other programs."""


@export.command()
@click.option("--from", "first", metavar="DATE", help="opened on this day or later")
@click.option("--to", "last", metavar="DATE", help="opened on this day or earlier")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
def inquiries(first: str | None, last: str | None, form: str) -> None:
    """Every inquiry, oldest first, to standard output."""
    start, end = _day(first), _day(last)
    after = datetime.combine(start, time(), TOKYO) if start else None
    before = datetime.combine(end, time(), TOKYO) + timedelta(days=1) if end else None
    with _database().reading() as session:
        rows = exporting.inquiries(session, after, before)
        if form == "csv":
            write_csv(exporting.COLUMNS, rows)
        else:
            _write_lines(rows)


@export.command()
def examples() -> None:
    """What residents meant by words that had to be asked back, as far as staff confirmed it: JSON lines."""
    with _database().reading() as session:
        _write_lines(exporting.examples(session))


def _write_lines(rows: Iterable[dict[str, Any]]) -> None:
    with until_the_reader_goes():
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """A copy of the whole database in FILE, taken while the service runs."""
    try:
        backing_up.back_up(settings().database_url, file)
    except backing_up.BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"the database is copied to {file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="replace what the database holds")
def restore(file: Path, yes: bool) -> None:
    """Make the database what it was in FILE, a copy that ``helpdesk backup`` made; stop the service before."""
    try:
        counts = backing_up.restore(settings().database_url, file, yes)
    except backing_up.BackupError as error:
        raise click.ClickException(str(error)) from None
    told = ", ".join(f"{counts.get(name, 0)} {name}" for name in ("residents", "inquiries", "bookings"))
    click.echo(f"restored: {sum(counts.values())} rows, {told}")


@click.command()
@click.argument("resident_id", type=int)
@click.option("--yes", is_flag=True, help="do not ask")
def forget(resident_id: int, yes: bool) -> None:
    """Delete everything that is known about a resident, for good."""
    if not yes:
        click.confirm(f"Delete resident {resident_id} with every inquiry and talk?", abort=True)
    with _database().transaction() as session:
        gone = forgetting.forget(session, resident_id, clock_from(settings().clock_start)())
    if gone is None:
        raise click.ClickException(f"there is no resident {resident_id}")
    click.echo(f"resident {resident_id} is forgotten: {gone} inquiries")
