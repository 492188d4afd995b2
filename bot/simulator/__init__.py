"""Development only: a telephone and a LINE chat in the browser, through the real webhooks with real signatures."""

import base64
import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from bot.channels.line import messages as line_messages
from bot.channels.line.rich_menu import AREAS, PICTURE, rich_menu
from bot.wiring import Service, deployment_of
from flows.outreach import notices
from helpdesk.booking.reading import held
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.settings import Settings


def simulator(service: Service) -> Blueprint:
    """The page, and what a provider would do for it: sign requests, deliver messages.

    A channel that has a real account is never signed for: whoever reaches the page could forge its users.
    """
    pages = Blueprint(
        "simulator", __name__, url_prefix="/simulator", template_folder="templates", static_folder="static"
    )
    _screen(pages, service.settings)
    _signing_pages(pages, service.settings)
    _message_page(pages, service)
    return pages


def _screen(pages: Blueprint, settings: Settings) -> None:
    @pages.get("")
    def page() -> str:
        return render_template(
            "simulator.html",
            areas=AREAS,
            menu=rich_menu(settings.twilio_phone_number),
            staff_phone=settings.staff_phone,
        )

    @pages.get("/rich_menu.png")
    def picture() -> Response:
        return Response(PICTURE.read_bytes(), mimetype="image/png")


def _signing_pages(pages: Blueprint, settings: Settings) -> None:
    @pages.post("/sign/voice")
    def sign_voice() -> Response:
        if settings.has_twilio:
            abort(409)
        asked = request.get_json()
        url = settings.public_url + str(asked["path"])
        return jsonify(
            signature=RequestValidator(settings.voice_signing_token()).compute_signature(url, dict(asked["params"]))
        )

    @pages.post("/sign/line")
    def sign_line() -> Response:
        if settings.has_line:
            abort(409)
        made = hmac.new(settings.line_signing_secret().encode(), request.get_data(), hashlib.sha256).digest()
        return jsonify(signature=base64.b64encode(made).decode())


def _message_page(pages: Blueprint, service: Service) -> None:
    @pages.get("/messages")
    def messages() -> Response:
        if service.settings.has_line:
            abort(409)
        user, after = request.args.get("user", ""), request.args.get("after", 0, type=int)
        with service.database.reading() as session:
            rows = session.scalars(
                select(OutboxMessage)
                .where(OutboxMessage.recipient == user, OutboxMessage.id > after, OutboxMessage.sent_at.is_not(None))
                .order_by(OutboxMessage.id)
            )
            shown = [(row, _shown(service.settings, session, row.payload)) for row in rows]
            return jsonify([{"id": row.id, "kind": row.kind, "payload": payload} for row, payload in shown])


def _shown(settings: Settings, session: Session, payload: dict[str, Any]) -> dict[str, Any]:
    """What the console sent; a notice is worded as it was when it left."""
    if "notice" not in payload:
        return payload
    reply = notices.word(deployment_of(settings), payload["notice"], held(session, payload["booking"]))
    return {"messages": line_messages.messages(reply)} if reply is not None else {}
