"""helpdesk staff."""

import os
from typing import Literal, assert_never

import click

from helpdesk.clock import system_clock
from helpdesk.settings import settings
from helpdesk.staff import accounts
from helpdesk.staff.accounts import Changed, LastManager, Made, NameTaken, NameUnusable, NoSuchAccount, PasswordTooShort
from helpdesk.store.database import Database

Outcome = Made | NameTaken | NameUnusable | PasswordTooShort | Changed | NoSuchAccount | LastManager
ROLES = click.Choice(["staff", "manager"])


@click.group()
def staff() -> None:
    """Accounts for the staff pages."""


@staff.command("list")
def list_accounts() -> None:
    """Every account: name, role, whether it can sign in."""
    with _database().reading() as session:
        for one in accounts.everybody(session):
            click.echo(f"{one.name}\t{one.role}\t{'active' if one.active else 'deactivated'}")


@staff.command()
@click.argument("name")
@click.option("--role", type=ROLES, default="staff")
def add(name: str, role: str) -> None:
    """An account; asks for the password, or takes it from HELPDESK_STAFF_PASSWORD."""
    password = _password()
    with _database().transaction() as session:
        outcome = accounts.add(session, name, _role(role), password, system_clock())
    _tell(name, outcome, f"{name} can sign in ({role})")


@staff.command()
@click.argument("name")
def deactivate(name: str) -> None:
    """NAME can no longer sign in and is signed out everywhere."""
    with _database().transaction() as session:
        outcome = accounts.deactivate(session, name, system_clock())
    _tell(name, outcome, f"{name} is deactivated and signed out")


@staff.command()
@click.argument("name")
def activate(name: str) -> None:
    """NAME can sign in again."""
    with _database().transaction() as session:
        outcome = accounts.activate(session, name)
    _tell(name, outcome, f"{name} can sign in again")


@staff.command()
@click.argument("name")
def password(name: str) -> None:
    """Another password for NAME, asked for or from HELPDESK_STAFF_PASSWORD; NAME is signed out everywhere."""
    chosen = _password()
    with _database().transaction() as session:
        outcome = accounts.set_password(session, name, chosen, system_clock())
    _tell(name, outcome, f"{name} has a new password and is signed out")


@staff.command()
@click.argument("name")
@click.argument("role", type=ROLES)
def role(name: str, role: str) -> None:
    """NAME becomes staff or manager."""
    with _database().transaction() as session:
        outcome = accounts.set_role(session, name, _role(role))
    _tell(name, outcome, f"{name} is {role} now")


def _database() -> Database:
    return Database(settings().database_url)


def _password() -> str:
    return os.environ.get("HELPDESK_STAFF_PASSWORD") or click.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )


def _role(written: str) -> Literal["staff", "manager"]:
    return "manager" if written == "manager" else "staff"


def _tell(name: str, outcome: Outcome, done: str) -> None:
    """What was done, or one line why not."""
    match outcome:
        case Made() | Changed():
            click.echo(done)
        case NameTaken():
            raise click.ClickException(f"the name {name} is taken")
        case NameUnusable():
            raise click.ClickException(f"a name has 1 to {accounts.LONGEST_NAME} characters and no spaces around it")
        case PasswordTooShort():
            raise click.ClickException(f"the password needs at least {accounts.SHORTEST_PASSWORD} characters")
        case NoSuchAccount():
            raise click.ClickException(f"there is no account {name}")
        case LastManager():
            raise click.ClickException(f"{name} is the last active manager: make another one first")
        case _:
            assert_never(outcome)
