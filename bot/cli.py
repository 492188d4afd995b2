"""The command ``helpdesk``."""

import sys

import click

from bot.commands.data import backup, db, export, forget, restore
from bot.commands.line import line
from bot.commands.nlu import nlu
from bot.commands.programme import programme
from bot.commands.services import admin, run, scheduler, web
from bot.commands.staff import staff
from bot.commands.talk import talk
from helpdesk.settings import SettingsError


class OneLine(click.Group):
    """Settings that are wrong end every command with one line."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            click.echo(f"helpdesk: {error}", err=True)
            sys.exit(2)


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The helpdesk that answers when nobody else has time: telephone and LINE, staff pages, history."""


for command in (run, web, admin, nlu, scheduler, talk, db, staff, programme, export, backup, restore, forget, line):
    main.add_command(command)


if __name__ == "__main__":
    main()
