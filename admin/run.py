"""The process of the staff's pages."""

from flask import Flask

from admin.app import create_admin
from helpdesk.clock import clock_from
from helpdesk.operations.serving import serve
from helpdesk.settings import settings
from helpdesk.store.database import Database


def main() -> None:
    """Serve until told to stop."""
    chosen = settings()

    def make() -> Flask:
        return create_admin(chosen, Database(chosen.database_url), clock_from(chosen.clock_start))

    serve(make, chosen.admin_bind)
