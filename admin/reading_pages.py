"""The log of readings: who looked at whose history, and when. For managers alone."""

from flask import Blueprint, render_template

from admin.pages import page_asked
from helpdesk.staff import audit
from helpdesk.store.database import Database


def reading_pages(database: Database) -> Blueprint:
    """One page, newest reading first."""
    routes = Blueprint("readings", __name__)

    @routes.get("/readings")
    def readings() -> str:
        with database.reading() as session:
            page = audit.readings(session, page_asked())
        return render_template("readings.html", page=page)

    return routes
