"""One turn: seen before → the same reply; else what flows answer, all in one transaction."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flows.dispatch import answer, summary
from flows.script.asking import ask
from flows.script.moment import Deployment, Moment
from flows.script.replies import Reply
from flows.script.stored import talk_from
from flows.script.talk import Talk
from flows.script.turns import Turn
from flows.steering.handover import HandoverFacts, call_back, hand_over, owe_silently
from flows.triage.clarifying import UnsureFacts
from flows.triage.triage import TRIAGE, offer_left
from helpdesk.casebook import Casebook
from helpdesk.clock import Clock
from helpdesk.masking import mask
from helpdesk.store.database import Database, is_collision, is_locked, is_out_of_reach
from nlu.understanding import Expected, ExpectedChoice, Understanding

log = logging.getLogger("helpdesk.converse")
OnReply = Callable[[Casebook, Reply], None]
ATTEMPTS = 3
"""A turn that met another in the database is tried again."""
CALLER_WAITS = 5.0
"""Seconds that a caller can be left in silence while another program writes; then it is a person's turn."""
LONGEST_CALL = timedelta(minutes=20)
REACHED = ("completed", "answered")
_NOTHING = Reply(ear=(), eye=(), then="nothing")


def expected(talk: Talk, keys: bool = True) -> Expected:
    """What the open question waits for, as the rules of the NLU want it.

    ``keys``: they were announced; on LINE 「三番」 is the third.
    """
    last = talk.last_reply
    if last is None:
        return Expected()
    before = talk.of(UnsureFacts).words if talk.question.name in TRIAGE.asks else ""
    choices = tuple(
        ExpectedChoice(c.id, c.key if keys else None, (c.label, c.ear, *c.words), c.intent) for c in last.choices
    )
    return Expected(last.listening, choices, before)


class NotNow(Exception):
    """The database could not be used in time; nothing of the turn was kept."""


def converse(
    database: Database, clock: Clock, deployment: Deployment, turn: Turn, understood: Understanding,
    on_reply: OnReply | None = None, waits: float = CALLER_WAITS, later: bool = False,
) -> Reply:  # fmt: skip
    """The answer to ``turn``, kept together with everything that it decided.

    Never raises: a bug is logged with the turn's key and becomes an apology that leads to a person. ``on_reply`` is
    called inside the transaction with the casebook and the reply, for the outbox row of a channel. Another writer is
    waited for ``waits`` seconds; with ``later`` a database that cannot be used then raises NotNow, for whoever can try
    again.
    """
    now, end, attempt = clock(), time.monotonic() + waits, 0
    while True:
        attempt += 1
        try:
            with database.transaction(patience=max(end - time.monotonic(), 0.05)) as session:
                return _turn(session, now, deployment, turn, understood, on_reply)
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
    return _apology(deployment, turn, now)


def _apology(deployment: Deployment, turn: Turn, now: datetime) -> Reply:
    line = deployment.say("apology")
    if turn.channel == "voice" and deployment.staff_phone and deployment.ward.is_open(now):
        return Reply(ear=line.ear, eye=line.eye, then="transfer", ask="open")
    if turn.channel == "voice":
        line = deployment.say("apology.later")
        return Reply(ear=line.ear, eye=line.eye, then="hang_up", ask="open")
    return Reply(ear=line.ear, eye=line.eye, ask="open")


def _turn(
    db: Any, now: datetime, deployment: Deployment, turn: Turn, understood: Understanding, on_reply: OnReply | None
) -> Reply:
    case = Casebook.of_turn(db, turn.channel, turn.conversation, turn.address, now, deployment.limits)
    before = case.answered_before(turn.key, turn.number)
    if before is not None:
        return Reply.model_validate(before) if before else _NOTHING
    talk = talk_from(case.talk)
    talk.slow = talk.slow or case.wants_it_slow
    at = Moment(turn, understood, talk, case, deployment, now)
    keyed_number = (last := talk.last_reply) is not None and last.listening == "digits"

    def sum_up() -> None:
        case.note(summary(at), at.person.device)

    talk.ending = sum_up
    reply = offer_left(at, _answer(at))
    if talk.topic:
        sum_up()
    reply = reply.with_(slow=talk.slow)
    if reply.then != "nothing":
        talk.asked = reply.model_dump(mode="json")
    case.keep_talk(talk.to_store(), turn.number)
    _log(at, reply, keyed_number)
    if on_reply is not None and reply.then != "nothing":
        on_reply(case, reply)
    return reply


def _log(at: Moment, reply: Reply, keyed_number: bool) -> None:
    turn, understood = at.turn, at.understood
    said = turn.text if turn.heard in ("said", "pressed", "tapped") else ""
    if keyed_number and turn.heard == "pressed":
        said = at.label("history.number").eye
    at.case.log(
        key=turn.key, heard=turn.heard, text=mask(said), message_id=turn.message_id,
        recogniser_confidence=turn.recogniser_confidence, intent=understood.intent if said else None,
        confidence=understood.confidence if said else None, engine=understood.engine,
        likeliest=[list(pair) for pair in understood.likeliest], answered=mask(reply.plain(turn.channel)),
        reply=reply.model_dump(mode="json"),
    )  # fmt: skip


def _answer(at: Moment) -> Reply:
    """What happened besides words first, then what was said."""
    happened = _HAPPENED.get(at.turn.heard)
    if happened is not None:
        return happened(at)
    if at.voice and at.now - at.case.began_at > LONGEST_CALL:
        owe_silently(at)
        line = at.say("too_long")
        return Reply(ear=line.ear, eye=line.eye, then="hang_up")
    return answer(at)


def _unsent(at: Moment) -> Reply:
    if at.turn.message_id:
        at.case.forget_message(at.turn.message_id)
    return _NOTHING


def _blocked(at: Moment) -> Reply:
    at.case.block(True)
    return _NOTHING


def _other(_at: Moment) -> Reply:
    return _NOTHING


def _arrived(at: Moment) -> Reply:
    at.case.block(False)
    return ask(at.say("greeting.open" if at.ward.is_open(at.now) else "greeting.closed"), "open")


def _failed(at: Moment) -> Reply:
    return hand_over(at, at.say("apology"))


def _dialled(at: Moment) -> Reply:
    if at.turn.text in REACHED:
        at.case.settle("handed_over")
        line = at.say("goodbye")
        return Reply(ear=line.ear, eye=line.eye, then="hang_up")
    at.talk.of(HandoverFacts).dialled = at.turn.text or "no-answer"
    return call_back(at)


def _left(at: Moment) -> Reply:
    """The call has ended: who wanted a person is called back, what was open is left as far as it came."""
    at.case.call_ended()
    current, facts = at.case.current(), at.talk.of(HandoverFacts)
    if current is not None:
        reached = current.outcome == "handed_over" and not facts.dialled
        if facts.wanted and not reached and current.outcome != "callback":
            owe_silently(at)
        else:
            at.case.settle("abandoned" if current.outcome == "open" else current.outcome)
    return _NOTHING


_HAPPENED: dict[str, Callable[[Moment], Reply]] = {
    "unsent": _unsent, "blocked": _blocked, "left": _left, "other": _other,
    "arrived": _arrived, "dialled": _dialled, "failed": _failed,
}  # fmt: skip
