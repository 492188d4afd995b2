"""LINE: webhooks become turns, replies become messages that leave through the outbox."""

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, request, send_from_directory

from bot.answering import Answering
from bot.channels.line import events as line_events
from bot.channels.line import messages as line_messages
from bot.channels.line.spool import Spool
from bot.metrics import REFUSED
from flows.converse import NotNow
from flows.script.replies import Reply
from flows.script.turns import Turn
from helpdesk.casebook import Casebook
from helpdesk.outbox.messages import put

log = logging.getLogger("helpdesk.line")

Deliver = Callable[[str], Any]
SYMBOLS = Path(__file__).with_name("symbols")
WEEK = 7 * 24 * 3600
LINE_WAITS = 1.4
"""Seconds for all the events of one request: LINE wants its 200 within 2 s.

What is not answered by then is kept and answered afterwards.
"""
LATE = 0.3
"""With less left, the next event is not begun: a model may take long."""
SPOOL_WAITS = 5.0


def signature_holds(body: bytes, signature: str, secret: str) -> bool:
    """Whether LINE signed exactly these bytes (the SDK's validator takes text only, and a body may be no text)."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def outbox_key(turn: Turn) -> str:
    """The outbox's key of the reply to ``turn``."""
    return f"reply:{turn.key}"


def line(answering: Answering, secret: str, deliver: Deliver, folder: Path, pictures: str | None = None) -> Blueprint:
    """The route /line/webhook. ``deliver`` takes the key of a message that should leave now, and returns at once.

    ``folder`` keeps events that are answered later. ``pictures`` is the address of /line/symbols as LINE's app sees it;
    None leaves the pictures out.
    """
    pages = Blueprint("line", __name__, url_prefix="/line")
    desk = _Desk(answering, deliver, folder, pictures)

    @pages.get("/symbols/<name>")
    def symbol(name: str) -> Response:
        return send_from_directory(SYMBOLS, name, max_age=WEEK)

    @pages.post("/webhook")
    def webhook() -> Response:
        body = request.get_data()
        if not signature_holds(body, request.headers.get("X-Line-Signature", ""), secret):
            REFUSED.labels("line", "signature").inc()
            abort(403)
        try:
            events = line_events.events(body)
        except line_events.Unreadable:
            REFUSED.labels("line", "unreadable").inc()
            abort(400)
        end = time.monotonic() + LINE_WAITS
        for event in events:
            desk.take(event, end)
        return Response("{}", mimetype="application/json")

    return pages


class _Desk:
    """Answers events at once while there is time; what cannot be answered now is kept and answered afterwards."""

    def __init__(self, answering: Answering, deliver: Deliver, folder: Path, pictures: str | None) -> None:
        self._answering, self._deliver, self._pictures = answering, deliver, pictures
        self._spool = Spool(folder, self._answer_kept)
        self._spool.start()

    def take(self, event: dict[str, Any], end: float) -> None:
        """``end`` is the moment of ``time.monotonic()`` by which LINE wants its 200."""
        turn = line_events.turn(event)
        if turn is None:
            log.info("an event is not for us")
            return
        left = end - time.monotonic()
        try:
            if left < LATE or self._spool.waiting():  # events of one friend stay in their order
                raise NotNow
            self._answer(turn, left)
        except NotNow:
            self._spool.put(event)

    def _answer_kept(self, event: dict[str, Any]) -> None:
        turn = line_events.turn(event)
        if turn is not None:
            self._answer(turn, SPOOL_WAITS)

    def _answer(self, turn: Turn, waits: float) -> None:
        kept: list[str] = []

        def keep(case: Casebook, reply: Reply) -> None:
            _keep(case, turn, reply, self._pictures)
            kept.append(outbox_key(turn))

        reply = self._answering.answer(turn, keep, waits, later=True)
        if not kept and reply.ask and turn.reply_token:
            # Seen before, or it failed and was not kept: what is in the outbox goes out once, an apology may be new.
            kept = self._keep_apology(turn, reply)
        for key in kept:
            self._deliver(key)

    def _keep_apology(self, turn: Turn, reply: Reply) -> list[str]:
        try:
            with self._answering.database.transaction(patience=LATE) as session:
                put(
                    session,
                    self._answering.clock(),
                    outbox_key(turn),
                    "line_reply",
                    turn.conversation,
                    _payload(reply, self._pictures),
                    reply_token=turn.reply_token,
                )
        except Exception:
            log.exception("the apology for %s could not be kept", turn.key)
            return []
        return [outbox_key(turn)]


def _payload(reply: Reply, pictures: str | None) -> dict[str, Any]:
    return {"messages": line_messages.messages(reply, pictures)}


def _keep(case: Casebook, turn: Turn, reply: Reply, pictures: str | None) -> None:
    kind = "line_reply" if turn.reply_token else "line_push"
    case.send(outbox_key(turn), kind, turn.conversation, _payload(reply, pictures), reply_token=turn.reply_token)
