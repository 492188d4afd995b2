"""The command ``helpdesk``, gathered from what each package brings (entry points ``helpdesk.commands``)."""

import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import click

from helpdesk.logs import log_to_stderr
from helpdesk.settings import SettingsError, settings

ORDER = (
    "run",
    "web",
    "admin",
    "nlu",
    "scheduler",
    "talk",
    "db",
    "staff",
    "programme",
    "ward",
    "export",
    "backup",
    "restore",
    "forget",
)
"""As ``--help`` lists them; what is not named here follows by its letters."""


class House:
    """What is handed to the commands of packages that know no helpdesk.

    It is read when asked, so that ``--help`` needs no settings.
    """

    @property
    def rasa_url(self) -> str:
        return settings().rasa_url

    @property
    def models(self) -> Path:
        return settings().models

    def log(self) -> None:
        """Log lines go to standard error."""
        log_to_stderr()


class Gathered(click.Group):
    """Commands are loaded when they are called; settings that are wrong end each with one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = {*super().list_commands(ctx), *_brought()}
        return [name for name in ORDER if name in names] + sorted(names.difference(ORDER))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (own := super().get_command(ctx, cmd_name)) is not None:
            return own
        brought = _brought().get(cmd_name)
        command = brought.load() if brought is not None else None
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            click.echo(f"helpdesk: {error}", err=True)
            sys.exit(2)


def _brought() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group="helpdesk.commands")}


@click.group(cls=Gathered, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """The helpdesk that answers when nobody else has time: telephone and LINE, staff pages, history."""
    ctx.obj = House()


@main.command()
def run() -> None:
    """All processes, until told to stop."""
    from helpdesk.operations import first_start, supervising

    log_to_stderr()
    chosen = settings()
    raise SystemExit(supervising.supervise(chosen) if first_start.prepare(chosen) else 1)


if __name__ == "__main__":
    main()
