"""helpdesk staff."""

import os

import click

from helpdesk import accounts
from helpdesk.clock import system_clock
from helpdesk.database import Database
from helpdesk.settings import settings


@click.group()
def staff() -> None:
    """Accounts for the staff pages."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["staff", "manager"]), default="staff")
def add(name: str, role: str) -> None:
    """An account; asks for the password, or takes it from HELPDESK_STAFF_PASSWORD."""
    password = os.environ.get("HELPDESK_STAFF_PASSWORD") or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    database = Database(settings().database_url)
    with database.transaction() as session:
        outcome = accounts.add(session, name, "manager" if role == "manager" else "staff", password, system_clock())
    if isinstance(outcome, accounts.NameTaken):
        raise click.ClickException(f"the name {name} is taken")
    if isinstance(outcome, accounts.PasswordTooShort):
        raise click.ClickException(f"the password needs at least {accounts.SHORTEST_PASSWORD} characters")
    click.echo(f"{name} can sign in ({role})")
