"""What a first start needs: tables, kept secrets, the model that answers first.

In development also an account and a programme to look at.
"""

import secrets

from helpdesk.clock import clock_from, system_clock
from helpdesk.operations import supervising
from helpdesk.programme_file import importing as programme
from helpdesk.programme_file.sample import fiscal_year, sample
from helpdesk.settings import Settings
from helpdesk.staff import accounts
from helpdesk.store.database import Database


def prepare(settings: Settings) -> bool:
    """Everything that the processes find; done again, it changes nothing. False when a step failed, which said why."""
    settings.var.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.upgrade()
    if not settings.production:
        _sample_account(database, settings)
        _sample_programme(database, settings)
    database.close()
    # Both kept secrets exist before several processes ask for them at once.
    settings.secret(), settings.voice_signing_token(), settings.line_signing_secret()
    return supervising.done("nlu", "prepare")


def _sample_account(database: Database, settings: Settings) -> None:
    """In development somebody can sign in at once; the password is random and kept beside the database."""
    with database.transaction() as session:
        if accounts.any_account(session):
            return
        password = secrets.token_urlsafe(9)
        path = supervising.sample_password(settings)
        path.touch(mode=0o600)
        path.write_text(password)
        accounts.add(session, supervising.SAMPLE_NAME, "manager", password, system_clock())


def _sample_programme(database: Database, settings: Settings) -> None:
    """In development an empty programme is filled with a year of made-up sessions, marked as sample."""
    now = clock_from(settings.clock_start)()
    with database.transaction() as session:
        if not next(programme.as_rows(session), None):
            programme.keep(
                session, list(sample(fiscal_year(now.date()), settings.ward_profile())), settings.consultation_minutes
            )
