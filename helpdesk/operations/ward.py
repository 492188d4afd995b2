"""helpdesk ward."""

from pathlib import Path

import click

from helpdesk.ward.profile import WardError, read_ward


@click.group()
def ward() -> None:
    """What differs from ward to ward: one folder (HELPDESK_WARD)."""


@ward.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Whether FOLDER is whole: every file, every entry, no word that two places share."""
    try:
        found = read_ward(folder)
    except WardError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"{found.name}: {found.service}、受付 {found.words['hours']}、会場 {len(found.venues)}か所、"
        f"言い換え {len(found.lines)}件。足りないものはありません。"
    )
