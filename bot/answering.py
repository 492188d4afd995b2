"""From a turn to its reply: what the talk waits for, what was understood, then the flows. No transaction is open while a model is asked."""

import time

from bot.metrics import TURN_SECONDS, TURNS
from flows.converse import OnReply, converse, expected
from flows.desk import Place
from flows.replies import Reply
from flows.talk import Talk
from flows.turns import Turn
from helpdesk.casebook import kept_talk
from helpdesk.clock import Clock
from helpdesk.database import Database
from nlu.understand import Understander
from nlu.understanding import NOTHING, Understanding


class Answering:
    """Answers the turns of every channel. One per process, used by all its threads."""

    def __init__(self, database: Database, clock: Clock, place: Place, understander: Understander) -> None:
        self.database, self.clock, self.place, self.understander = database, clock, place, understander

    def answer(self, turn: Turn, on_reply: OnReply | None = None) -> Reply:
        """The reply to ``turn``; never raises. ``on_reply`` runs inside the transaction that keeps the turn."""
        started = time.perf_counter()
        understood = self._understand(turn)
        reply = converse(self.database, self.clock, self.place, turn, understood, on_reply)
        TURNS.labels(turn.channel, turn.heard, understood.engine).inc()
        TURN_SECONDS.labels(turn.channel).observe(time.perf_counter() - started)
        return reply

    def _understand(self, turn: Turn) -> Understanding:
        if turn.heard == "pressed":
            return self.understander.keys(turn.text, expected(self._talk(turn)))
        if turn.heard == "said":
            return self.understander.text(turn.text, expected(self._talk(turn)))
        if turn.heard == "tapped":
            return tapped(turn, self._talk(turn))
        return NOTHING

    def _talk(self, turn: Turn) -> Talk:
        try:
            with self.database.reading() as session:
                kept = kept_talk(session, turn.channel, turn.conversation)
        except Exception:  # converse meets the same trouble and answers with an apology
            kept = None
        return Talk.from_stored(kept[0]) if kept else Talk()


def tapped(turn: Turn, talk: Talk) -> Understanding:
    """A button means its choice; a part of the rich menu means its label."""
    if turn.tapped_ask is None:
        intent = turn.tapped or "start_over"
        return Understanding(intent, 1.0, "rules", ((intent, 1.0),))
    for choice in talk.choices if turn.tapped_ask == talk.ask else ():
        if choice.id == turn.tapped:
            return Understanding(choice.intent or "nlu_fallback", 1.0, "rules", choice=choice.id)
    return NOTHING
