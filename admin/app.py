"""The staff's Flask app, put together."""

from datetime import timedelta

from flask import Flask
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from admin.doors import guard_doors, may
from admin.errors import tell_errors
from admin.fields import guard_fields
from admin.headers import send_headers
from admin.health import add_health
from admin.pages import pages
from admin.people_pages import people_pages
from admin.programme_pages import programme_pages
from admin.reading_pages import reading_pages
from admin.signing_in import keep_signed_in, note_clicks, signing_in
from admin.words import register_words
from helpdesk.booking import for_staff as front_desk
from helpdesk.callbacks import for_staff as callback_door
from helpdesk.clock import Clock
from helpdesk.hosts import only_hosts
from helpdesk.settings import Settings
from helpdesk.store.database import Database

COOKIE_LASTS = timedelta(hours=24)
"""The browser forgets a session after this; when it ends is up to the database."""


def create_admin(settings: Settings, database: Database, clock: Clock) -> Flask:
    """The Flask app of the staff pages."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret(), PERMANENT_SESSION_LIFETIME=COOKIE_LASTS, SESSION_COOKIE_NAME="helpdesk_staff",
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=settings.production,
        SESSION_REFRESH_EACH_REQUEST=False, MAX_CONTENT_LENGTH=256 * 1024, WTF_CSRF_TIME_LIMIT=None,
    )  # fmt: skip
    guard_fields(app)
    CSRFProtect(app)
    keep_signed_in(app, database, clock)
    app.register_blueprint(signing_in(database, clock))
    app.register_blueprint(pages(database, clock))
    app.register_blueprint(people_pages(database, clock, settings.twilio_phone_number, settings.ward_profile()))
    app.register_blueprint(programme_pages(database, clock))
    app.register_blueprint(reading_pages(database))
    add_health(app, settings, database, clock)
    guard_doors(app)
    note_clicks(app, database, clock)
    register_words(app, settings.ward_profile())
    app.jinja_env.globals["may"] = may
    _count_what_is_due(app, database, clock)
    send_headers(app, https=settings.production)
    tell_errors(app)
    behind_proxies = ProxyFix(app.wsgi_app, x_for=settings.admin_proxies, x_proto=0)
    app.wsgi_app = only_hosts(behind_proxies)  # type: ignore[assignment, method-assign]
    return app


def _count_what_is_due(app: Flask, database: Database, clock: Clock) -> None:
    """The figures in the menu."""

    @app.context_processor
    def _navigation() -> dict[str, object]:
        if not current_user.is_authenticated:
            return {}
        with database.reading() as session:
            todo, late = callback_door.open_callbacks(session, clock())
            calls = len(front_desk.to_call(session))
        return {"callbacks_todo": todo, "callbacks_late": late, "offers_to_call": calls, "now": clock()}
