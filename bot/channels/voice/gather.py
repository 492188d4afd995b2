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
from flows.script.replies import Reply
from flows.script.turns import Heard, Turn
from flows.script.wording import say
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
    validator = RequestValidator(signing_token)
    deployment = answering.deployment

    @pages.before_request
    def _signed() -> None:
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(requested_url(public_url), request.form, signature):
            REFUSED.labels("voice", "signature").inc()
            abort(403)
        if not CALL_SID.fullmatch(_call()) and request.endpoint != "voice.whisper":
            REFUSED.labels("voice", "unreadable").inc()
            abort(400)

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

    def _number() -> int:
        number = whole(request.args.get("n", ""), 9_999)
        return number if number else _newest() + 1

    def _newest() -> int:
        with answering.database.reading() as session:
            kept = kept_talk(session, "voice", _call())
        return max(kept[1], 0) if kept else 0

    def _document(reply: Reply, next_number: int) -> Response:
        if reply.then == "nothing":
            line = say("goodbye")
            reply = Reply(ear=line.ear, eye=line.eye, then="hang_up")
        return Response(
            twiml.document(reply, next_number, quote(_call()), deployment.staff_phone, caller_id), mimetype="text/xml"
        )

    @pages.post("/incoming")
    def incoming() -> Response:
        return _document(answering.answer(_turn("arrived", number=0)), 1)

    @pages.post("/turn")
    def turn() -> Response:
        number = _number()
        digits, speech = (
            _keys(request.form.get("Digits", "")),
            request.form.get("SpeechResult", "").replace("\0", "").strip(),
        )
        if digits:
            heard = _turn("pressed", digits, number)
        elif speech:
            heard = _turn("said", speech, number, confidence=_confidence())
        else:
            heard = _turn("silent", "", number)
        return _document(answering.answer(heard), number + 1)

    @pages.post("/dialled")
    def dialled() -> Response:
        number = _number()
        return _document(answering.answer(_turn("dialled", _dial_outcome(), number)), number + 1)

    @pages.post("/whisper")
    def whisper() -> Response:
        with answering.database.reading() as session:
            kept = kept_talk(session, "voice", request.args.get("call", "")[:64])
        sentence = str(kept[0].get("asked", {}).get("whisper", "")) if kept else ""
        return Response(twiml.whisper(sentence or "スマホ相談のお電話です。"), mimetype="text/xml")

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
        number = _newest() + 1
        mark = hashlib.sha256(request.form.get("ErrorUrl", "").encode()).hexdigest()[:12]
        return _document(answering.answer(_turn("failed", key=f"{_call()}:failed:{mark}")), number)

    return pages


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
