"""One turn: seen before → the same reply; else safety → repair → the flow, all in one transaction."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from flows.booking import booking, own_bookings
from flows.guides import guide
from flows.learning import path as learning_path
from flows.script.asking import another, ask
from flows.script.moment import Moment, Place
from flows.script.replies import Reply
from flows.script.talk import Talk
from flows.script.turns import Turn
from flows.script.wording import say
from flows.steering import handover, safety
from flows.steering.handover import call_back, hand_over, owe_silently
from flows.steering.repair import repair, unclear
from flows.triage import triage
from flows.triage.summary import summary
from helpdesk.casebook import Casebook
from helpdesk.clock import Clock
from helpdesk.masking import mask
from helpdesk.people.residents import resident_at
from helpdesk.store.database import Database, is_collision, is_locked, is_out_of_reach
from helpdesk.talks.conversations import locked_conversation
from helpdesk.talks.tables import TurnRecord
from helpdesk.ward.hours import is_open
from nlu.understanding import Expected, ExpectedChoice, Understanding

log = logging.getLogger("helpdesk.converse")
OnReply = Callable[[Casebook, Reply], None]
ATTEMPTS = 3
"""A turn that met another in the database is tried again."""
CALLER_WAITS = 5.0
"""Seconds that a caller can be left in silence while another program writes; then it is a person's turn."""
LONGEST_CALL = timedelta(minutes=20)
_NOTHING = Reply(ear=(), eye=(), then="nothing")


def expected(talk: Talk, keys: bool = True) -> Expected:
    """What the open question waits for, as the rules of the NLU want it. ``keys``: they were announced; on LINE 「三番」 is the third."""
    last = talk.last_reply
    if last is None:
        return Expected()
    before = str(talk.facts.get("unsure.words", "")) if talk.ask.startswith("triage.") else ""
    choices = tuple(ExpectedChoice(c.id, c.key if keys else None, (c.label, c.ear, *c.words), c.intent) for c in last.choices)
    return Expected(last.listening, choices, before)


class NotNow(Exception):
    """The database could not be used in time; nothing of the turn was kept."""


def converse(
    database: Database, clock: Clock, place: Place, turn: Turn, understood: Understanding, on_reply: OnReply | None = None,
    waits: float = CALLER_WAITS, later: bool = False,
) -> Reply:  # fmt: skip
    """The answer to ``turn``, kept together with everything that it decided.

    Never raises: a bug is logged with the turn's key and becomes an apology that leads to a person. ``on_reply`` is
    called inside the transaction with the casebook and the reply, for the outbox row of a channel. Another writer is waited for
    ``waits`` seconds; with ``later`` a database that cannot be used then raises NotNow, for whoever can try again.
    """
    now, end, attempt = clock(), time.monotonic() + waits, 0
    while True:
        attempt += 1
        try:
            with database.transaction(patience=max(end - time.monotonic(), 0.05)) as session:
                return _turn(session, now, place, turn, understood, on_reply)
        except Exception as error:
            if is_locked(error) and time.monotonic() < end:
                time.sleep(0.02)
                continue
            if attempt < ATTEMPTS and is_collision(error):
                log.info("turn %s met another and is tried again", turn.key)
                continue
            if later and is_out_of_reach(error):
                raise NotNow(turn.key) from error
            log.exception("turn %s failed", turn.key)
            break
    return _apology(place, turn, now)


def _apology(place: Place, turn: Turn, now: datetime) -> Reply:
    line = say("apology")
    if turn.channel == "voice" and place.staff_phone and is_open(now):
        return Reply(ear=line.ear, eye=line.eye, then="transfer", ask="open")
    if turn.channel == "voice":
        line = say("apology.later")
        return Reply(ear=line.ear, eye=line.eye, then="hang_up", ask="open")
    return Reply(ear=line.ear, eye=line.eye, ask="open")


def _turn(session: Session, now: datetime, place: Place, turn: Turn, understood: Understanding, on_reply: OnReply | None) -> Reply:
    kind = "phone" if turn.channel == "voice" else "line"
    resident = resident_at(session, kind, turn.address, now) if turn.address else None
    conversation = locked_conversation(session, turn.channel, turn.conversation, resident, now)
    case = Casebook(session, conversation, resident, turn.channel, turn.address, now, place.limits)
    # A call's turn with a number above the newest was never seen; only then the look into the history is spared.
    before = case.replayed(turn.key) if turn.number is None or turn.number <= conversation.last_number else None
    if before is not None:
        return Reply.model_validate(before.reply)
    if turn.number is not None and turn.number <= conversation.last_number:
        newest = case.newest_turn()
        return Reply.model_validate(newest.reply) if newest else _NOTHING
    talk = Talk.from_stored(conversation.talk)
    if resident is not None and resident.speaks_slowly:
        talk.slow = True
    at = Moment(turn, understood, talk, case, place, now)
    asked_before = talk.ask

    def sum_up(facts: dict[str, Any]) -> None:
        case.note(summary(at, facts), facts.get("device"))

    talk.ending = sum_up
    reply = triage.offer_waiting(at, _answer(at))
    if talk.facts.get("topic"):
        sum_up(talk.facts)
    reply = reply.with_(slow=talk.slow)
    if reply.then != "nothing":
        talk.asked = reply.model_dump(mode="json")
    conversation.talk = talk.to_store()
    conversation.last_at = now
    if turn.number is not None:
        conversation.last_number = turn.number
    said = turn.text if turn.heard in ("said", "pressed", "tapped") else ""
    if asked_before in ("handover.number",) and turn.heard == "pressed":
        said = "（電話番号）"
    case.log(
        TurnRecord(
            key=turn.key, at=now, heard=turn.heard, text=mask(said), message_id=turn.message_id,
            recogniser_confidence=turn.recogniser_confidence, intent=understood.intent if said else None,
            confidence=understood.confidence if said else None, engine=understood.engine,
            likeliest=[list(pair) for pair in understood.likeliest], answered=mask(reply.plain(turn.channel)),
            reply=reply.model_dump(mode="json"),
        )
    )  # fmt: skip
    if on_reply is not None and reply.then != "nothing":
        on_reply(case, reply)
    return reply


def _answer(at: Moment) -> Reply:
    turn, talk = at.turn, at.talk
    if turn.heard == "unsent" and turn.message_id:
        at.case.forget_message(turn.message_id)
        return _NOTHING
    if turn.heard == "blocked":
        at.case.block(True)
        return _NOTHING
    if turn.heard == "left":
        return _left(at)
    if turn.heard == "other":
        return _NOTHING
    if turn.heard == "arrived":
        at.case.block(False)
        return ask(say("greeting.open" if is_open(at.now) else "greeting.closed"), "open")
    if turn.heard == "dialled":
        return _dialled(at)
    if turn.heard == "failed":
        return hand_over(at, say("apology"))
    if at.voice and at.now - at.case.conversation.started_at > LONGEST_CALL:
        owe_silently(at)
        line = say("too_long")
        return Reply(ear=line.ear, eye=line.eye, then="hang_up")
    found = safety.danger(at)
    if found is not None:
        return found
    answered = (own_bookings.tapped_offer(at) or booking.tapped_earlier(at)) if turn.heard == "tapped" else None
    if answered is not None:
        return answered
    if turn.heard == "tapped" and turn.tapped_ask not in (None, talk.ask):
        # A button of an older question: nothing is taken from it, the open question is shown again.
        return talk.last_reply.with_(card=None) if talk.last_reply else ask(say("tell_me"), "open")
    if at.understood.intent == "go_back" and at.understood.choice is None:
        talk.silent = talk.unclear = 0
        if not talk.back():
            return talk.last_reply if talk.last_reply and talk.facts.get("book.made") else ask(say("back.none"), "open")
        return _flow(at, taking=False)
    steered = repair(at)
    if steered is not None:
        return steered
    talk.silent = 0
    return _flow(at)


def _flow(at: Moment, taking: bool = True) -> Reply:
    talk = at.talk
    before = (dict(talk.facts), talk.ask)
    if taking:
        for flow in (safety, handover, guide, learning_path, booking, triage):
            flow.take(at)
    if talk.facts != before[0]:
        talk.unclear = 0
    elif (
        taking
        and not at.heard_facts
        and (talk.facts.get("topic") or talk.facts.get("person"))
        and talk.choices
        and at.understood.choice is None
        and talk.ask not in ("open", "else")
    ):
        return unclear(at)
    if talk.ask.startswith("handover.") and at.understood.intent == "solved":
        at.case.settle("solved")
        talk.new_concern()
        return another(say("solved"))
    if talk.facts.get("person") and talk.facts.get("safety.person") != "no":
        return call_back(at) if talk.ask.startswith("handover.") or talk.facts.get("dialled") else hand_over(at)
    if talk.facts.get("safety") and talk.facts.get("topic") == talk.facts.get("safety"):
        return safety.safety(at)
    return triage.reply(at)


def _dialled(at: Moment) -> Reply:
    if at.turn.text in ("completed", "answered"):
        at.case.settle("handed_over")
        return Reply(ear=say("goodbye").ear, eye=say("goodbye").eye, then="hang_up")
    at.talk.tell("person", "wanted")
    at.talk.tell("dialled", at.turn.text or "no-answer")
    return call_back(at)


def _left(at: Moment) -> Reply:
    """The call has ended: who wanted a person is called back, what was open is left as far as it came."""
    at.case.conversation.ended_at = at.now
    current = at.case.current()
    if current is not None:
        reached = current.outcome == "handed_over" and not at.talk.facts.get("dialled")
        if at.talk.facts.get("person") and not reached and current.outcome != "callback":
            owe_silently(at)
        else:
            at.case.settle("abandoned" if current.outcome == "open" else current.outcome)
    return _NOTHING
