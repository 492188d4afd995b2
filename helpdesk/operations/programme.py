"""helpdesk programme."""

from pathlib import Path

import click

from helpdesk.clock import clock_from
from helpdesk.learning import access_codes
from helpdesk.operations.csv_out import write_csv
from helpdesk.programme_file import importing as store
from helpdesk.programme_file.sample import fiscal_year, sample
from helpdesk.settings import settings
from helpdesk.store.database import Database


@click.group()
def programme() -> None:
    """The year's classes, consultations and events."""


@programme.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Take over FILE.csv: all of it, or with a mistake nothing. Run again, it updates by code."""
    now = clock_from(settings().clock_start)()
    try:
        rows, remarks = store.rows_of(file.read_bytes(), settings().ward_profile().venues)
        with Database(settings().database_url).transaction() as session:
            done = store.keep(session, rows, settings().consultation_minutes, now)
    except store.NotImported as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        raise click.ClickException(
            f"{file.name}: 間違いが{len(error.faults)}件あります。何も取り込んでいません。"
        ) from None
    click.echo(f"取り込みました: 新しいもの{done.new}件、書き換え{done.known}件")
    for remark in (*remarks, *done.remarks):
        click.echo(remark)


@programme.command()
def export() -> None:
    """Every session as CSV, to standard output, as the import takes it."""
    with Database(settings().database_url).reading() as session:
        write_csv(store.COLUMNS, store.as_rows(session))


@programme.command("sample")
def sample_() -> None:
    """Put in a made-up programme of this fiscal year, marked as sample."""
    now = clock_from(settings().clock_start)()
    year = fiscal_year(now.date())
    with Database(settings().database_url).transaction() as session:
        done = store.keep(session, list(sample(year, settings().ward_profile())), settings().consultation_minutes, now)
    click.echo(f"{year}年度の見本: 新しいもの{done.new}件、書き換え{done.known}件")


@programme.command("codes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def codes(file: Path) -> None:
    """Put access codes for the practice app into the pool, one a line of FILE."""
    try:
        with Database(settings().database_url).transaction() as session:
            new = access_codes.add(session, file.read_text(encoding="utf-8-sig").splitlines())
            left = access_codes.left(session)
    except access_codes.BadCodes as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        raise click.ClickException(
            f"{file.name}: 間違いが{len(error.faults)}件あります。何も取り込んでいません。"
        ) from None
    click.echo(f"取り込みました: 新しいもの{new}件、残り{left}件")
