"""The telephone: Twilio's webhooks become turns, replies become TwiML."""

import hashlib
import re
import unicodedata
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from twilio.request_validator import RequestValidator

from bot.answering import Answering
from bot.channels.voice import twiml
from bot.metrics import REFUSED
from flows.script.moment import Deployment
from flows.script.replies import Reply
from flows.script.turns import Heard, Turn
from flows.script.wording import say
from helpdesk.store.database import Database
from helpdesk.talks.conversations import kept_talk
from helpdesk.telephone import to_e164
from helpdesk.whole import whole

ENDED = ("completed", "busy", "failed", "no-answer", "canceled")
CALL_SID = re.compile(r"[A-Za-z0-9]{1,64}")
LONGEST_KEYS = 32
_NO_KEY = re.compile(r"[^0-9*#]")
DIAL_OUTCOMES = ("completed", "answered", "busy", "no-answer", "failed", "canceled")


def requested_url(public_url: str) -> str:
    """The address that Twilio signed: the public one with the path and query exactly as they came."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if not raw:
        query = request.environ.get("QUERY_STRING", "")
        raw = quote(request.path) + (f"?{query}" if query else "")
    return public_url + str(raw)


def voice(answering: Answering, public_url: str, signing_token: str, caller_id: str | None) -> Blueprint:
    """The routes under /voice."""
    pages = Blueprint("voice", __name__, url_prefix="/voice")
    _guard_signatures(pages, public_url, signing_token)
    _talk_pages(pages, answering, caller_id)
    _whisper_page(pages, answering.database)
    _ending_pages(pages, answering, caller_id)
    return pages


def _guard_signatures(pages: Blueprint, public_url: str, signing_token: str) -> None:
    validator = RequestValidator(signing_token)

    @pages.before_request
    def _signed() -> None:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(requested_url(public_url), request.form, signature):
            REFUSED.labels("voice", "signature").inc()
            abort(403)
        if not CALL_SID.fullmatch(_call()) and request.endpoint != "voice.whisper":
            REFUSED.labels("voice", "unreadable").inc()
            abort(400)


def _talk_pages(pages: Blueprint, answering: Answering, caller_id: str | None) -> None:
    def _document_after(turn: Turn, next_number: int) -> Response:
        return _document(answering.answer(turn), next_number, answering.deployment, caller_id)

    @pages.post("/incoming")
    def incoming() -> Response:
        return _document_after(_turn("arrived", number=0), 1)

    @pages.post("/turn")
    def turn() -> Response:
        number = _number(answering.database)
        digits = _keys(request.form.get("Digits", ""))
        speech = request.form.get("SpeechResult", "").replace("\0", "").strip()
        if digits:
            heard = _turn("pressed", digits, number)
        elif speech:
            heard = _turn("said", speech, number, confidence=_confidence())
        else:
            heard = _turn("silent", "", number)
        return _document_after(heard, number + 1)

    @pages.post("/dialled")
    def dialled() -> Response:
        number = _number(answering.database)
        return _document_after(_turn("dialled", _dial_outcome(), number), number + 1)


def _whisper_page(pages: Blueprint, database: Database) -> None:
    @pages.post("/whisper")
    def whisper() -> Response:
        with database.reading() as session:
            kept = kept_talk(session, "voice", request.args.get("call", "")[:64])
        sentence = str(kept[0].get("asked", {}).get("whisper", "")) if kept else ""
        return Response(twiml.whisper(sentence or "スマホ相談のお電話です。"), mimetype="text/xml")


def _ending_pages(pages: Blueprint, answering: Answering, caller_id: str | None) -> None:
    @pages.post("/status")
    def status() -> Response:
        if request.form.get("CallStatus") in ENDED:
            with answering.database.reading() as session:
                known = kept_talk(session, "voice", _call()) is not None
            if known:
                answering.answer(_turn("left", key=f"{_call()}:left"))
        return Response(status=204)

    @pages.post("/fallback")
    def fallback() -> Response:
        number = _newest(answering.database) + 1
        mark = hashlib.sha256(request.form.get("ErrorUrl", "").encode()).hexdigest()[:12]
        reply = answering.answer(_turn("failed", key=f"{_call()}:failed:{mark}"))
        return _document(reply, number, answering.deployment, caller_id)


def _call() -> str:
    return request.form.get("CallSid", "")


def _turn(
    heard: Heard, text: str = "", number: int | None = None, key: str | None = None, confidence: float | None = None
) -> Turn:
    call = _call()
    return Turn(
        key=key or f"{call}:{number}", channel="voice", conversation=call,
        address=to_e164(request.form.get("From")), heard=heard, text=text, number=number,
        recogniser_confidence=confidence,
    )  # fmt: skip


def _number(database: Database) -> int:
    """The number of this turn; what stands in no address of ours is the turn after the newest."""
    number = whole(request.args.get("n", ""), 9_999)
    return number if number else _newest(database) + 1


def _newest(database: Database) -> int:
    with database.reading() as session:
        kept = kept_talk(session, "voice", _call())
    return max(kept[1], 0) if kept else 0


def _document(reply: Reply, next_number: int, deployment: Deployment, caller_id: str | None) -> Response:
    """The reply as TwiML; one after which nothing follows says goodbye and hangs up."""
    if reply.then == "nothing":
        line = say("goodbye")
        reply = Reply(ear=line.ear, eye=line.eye, then="hang_up")
    return Response(
        twiml.document(reply, next_number, quote(_call()), deployment.staff_phone, caller_id), mimetype="text/xml"
    )


def _keys(told: str) -> str:
    """The keys of a telephone, whatever else stands there."""
    return _NO_KEY.sub("", unicodedata.normalize("NFKC", told[:64]))[:LONGEST_KEYS]


def _dial_outcome() -> str:
    """How the dialling ended; a word that is new to us counts as failed."""
    status = request.form.get("DialCallStatus", "")
    return status if status in DIAL_OUTCOMES else "failed"


def _confidence() -> float | None:
    """0 stands for "not told" in practice; so does anything that is no number."""
    try:
        value = float(request.form.get("Confidence", ""))
    except ValueError:
        return None
    return value if 0 < value <= 1 else None
