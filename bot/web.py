"""The public web process: the channels' webhooks, health, and in development the simulator."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from bot.calendar_file import calendar_file
from bot.channels.line.webhook import line
from bot.channels.voice.gather import voice
from bot.simulator import simulator
from bot.wiring import Service
from helpdesk.health.readiness import readiness
from helpdesk.hosts import only_hosts
from helpdesk.operations.serving import LARGEST_BODY
from helpdesk.settings import Settings

log = logging.getLogger("helpdesk.web")
SENDERS = 8
A_YEAR = 365 * 24 * 60 * 60


def later(delivering: Callable[[str], Any]) -> Callable[[str], Any]:
    """A function that delivers in a background thread, so that a webhook is answered at once."""
    threads = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")

    def safely(key: str) -> None:
        try:
            delivering(key)
        except Exception:  # the row stays in the outbox; the scheduler sends it
            log.exception("delivery of %s failed", key)

    return lambda key: threads.submit(safely, key)


def create_web(service: Service, deliver: Callable[[str], Any] | None = None, spool: Path | None = None) -> Flask:
    """The Flask app. ``deliver`` sends a message of the outbox; by default in the background.

    ``spool`` keeps LINE's events while the database cannot be used.
    """
    settings = service.settings
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.register_blueprint(
        voice(service.answering, settings.public_url, settings.voice_signing_token(), settings.twilio_phone_number)
    )
    app.register_blueprint(
        line(
            service.answering,
            settings.line_signing_secret(),
            deliver or later(service.delivering.deliver),
            spool or settings.var / "line_events",
            _pictures(settings),
        )
    )
    app.register_blueprint(calendar_file(service.database, service.clock, service.answering.deployment.ward))
    if not settings.production:
        app.register_blueprint(simulator(service))
    _add_health(app, service)
    _send_headers(app, https=settings.production)
    _tell_errors(app)
    app.wsgi_app = only_hosts(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _pictures(settings: Settings) -> str | None:
    """LINE refuses a message with a picture that is not https; the console and the simulator take any."""
    if settings.public_url.startswith("https://") or not settings.line_channel_access_token:
        return f"{settings.public_url}/line/symbols"
    return None


def _add_health(app: Flask, service: Service) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        understanding = service.answering.understander.state()
        found = readiness(service.settings, service.database, service.clock(), understanding)
        return jsonify(found.words), 200 if found.can_help else 503


def _send_headers(app: Flask, https: bool) -> None:
    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        if response.mimetype in ("text/xml", "application/json", "text/plain"):
            response.headers["Cache-Control"] = "no-store"
        if https:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        return response


def _tell_errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[Response, int]:
        return Response(f"{error.name}\n", mimetype="text/plain"), error.code or 500

    @app.errorhandler(Exception)
    def failed(error: Exception) -> tuple[Response, int]:
        log.exception("a request failed")
        return Response("Internal Server Error\n", mimetype="text/plain"), 500
