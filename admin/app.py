"""The staff's Flask app: sign-in, security, errors, health and metrics."""

import logging
import os
from datetime import timedelta

from flask import Flask, Response, jsonify, render_template, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from werkzeug.exceptions import HTTPException

from admin.pages import pages
from admin.people_pages import people_pages
from admin.programme_pages import programme_pages
from admin.signing_in import Member, signing_in
from admin.words import register_words
from helpdesk import history
from helpdesk.booking import front_desk
from helpdesk.clock import Clock
from helpdesk.database import Database
from helpdesk.embedded_model import has_embedded_model
from helpdesk.readiness import rasa_answers, readiness
from helpdesk.settings import Settings

log = logging.getLogger("helpdesk.admin")
SESSION_LASTS = timedelta(minutes=60)
"""Without a click the session ends after this."""
ERRORS = {
    400: "送られた内容を読み取れませんでした。前の画面に戻って、もう一度お試しください。",
    403: "このページは開けません。",
    404: "ページが見つかりません。",
    405: "この操作はできません。",
    413: "送られた内容が大きすぎます。",
    429: "何度も間違えたため、しばらく受け付けません。5分ほど待ってから、もう一度お試しください。",
    500: "うまく動きませんでした。もう一度お試しください。続くときは、管理者に伝えてください。",
}


def create_admin(settings: Settings, database: Database, clock: Clock) -> Flask:
    """The Flask app of the staff pages."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret(), PERMANENT_SESSION_LIFETIME=SESSION_LASTS, SESSION_COOKIE_NAME="helpdesk_staff", SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=settings.production, MAX_CONTENT_LENGTH=256 * 1024, WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI="memory://", RATELIMIT_HEADERS_ENABLED=False,
    )  # fmt: skip
    CSRFProtect(app)
    limiter = Limiter(get_remote_address, app=app)
    logins = LoginManager(app)
    logins.login_view = "signing_in.login"
    logins.login_message = "続けるには、ログインしてください。"

    @logins.user_loader  # type: ignore[untyped-decorator]
    def _member(mark: str) -> Member | None:
        with database.reading() as open_session:
            return Member.of(open_session, mark)

    app.register_blueprint(signing_in(database, limiter))
    app.register_blueprint(pages(database, clock))
    app.register_blueprint(people_pages(database, clock, settings.twilio_phone_number))
    app.register_blueprint(programme_pages(database, clock))
    register_words(app)

    @app.before_request
    def _keep_alive() -> None:
        session.permanent = True

    @app.context_processor
    def _navigation() -> dict[str, object]:
        if not current_user.is_authenticated:
            return {}
        with database.reading() as open_session:
            todo, late = history.open_callbacks(open_session, clock())
            calls = len(front_desk.to_call(open_session))
        return {"callbacks_todo": todo, "callbacks_late": late, "offers_to_call": calls, "now": clock()}

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if response.mimetype == "text/html":
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(CSRFError)
    def _expired(error: CSRFError) -> tuple[str, int]:
        return render_template("error.html", code=400, words="画面が古くなりました。前の画面に戻り、開き直してから、もう一度お試しください。"), 400

    @app.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        return render_template("error.html", code=code, words=ERRORS.get(code, ERRORS[500])), code

    @app.errorhandler(Exception)
    def _failed(error: Exception) -> tuple[str, int]:
        log.exception("a staff page failed")
        return render_template("error.html", code=500, words=ERRORS[500]), 500

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        nlu = "rasa" if rasa_answers(settings.rasa_url) else "embedded" if has_embedded_model() else "down"
        found = readiness(settings, database, clock(), nlu)
        return jsonify(found.words), 200 if found.can_help else 503

    @app.get("/metrics")
    def metrics() -> Response:
        registry: CollectorRegistry = REGISTRY
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return app
