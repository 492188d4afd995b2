"""From a turn to its reply: what the talk waits for, what was understood, then the flows.

No transaction is open while a model is asked.
"""

import time
from collections import OrderedDict, deque
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from bot.metrics import TURN_SECONDS, TURNS
from flows.converse import CALLER_WAITS, OnReply, converse, expected
from flows.script.moment import Deployment
from flows.script.replies import Reply
from flows.script.talk import Talk
from flows.script.turns import Turn
from helpdesk.clock import Clock
from helpdesk.store.database import Database
from helpdesk.talks.conversations import kept_talk
from nlu.understand import Understander
from nlu.understanding import NOTHING, Understanding


class Answering:
    """Answers the turns of every channel. One per process, used by all its threads."""

    def __init__(self, database: Database, clock: Clock, deployment: Deployment, understander: Understander) -> None:
        self.database, self.clock, self.deployment, self.understander = database, clock, deployment, understander
        self._rules = Understander(None, None)
        self._pace = Pace(deployment.limits.understood_per_minute)

    def answer(
        self, turn: Turn, on_reply: OnReply | None = None, waits: float = CALLER_WAITS, later: bool = False
    ) -> Reply:
        """The reply to ``turn``; never raises unless ``later`` (then NotNow).

        ``on_reply`` runs inside the transaction that keeps the turn.
        """
        started = time.perf_counter()
        turn = self._short_enough(turn)
        understood = self._understand(turn)
        left = max(waits - (time.perf_counter() - started), 0.1)
        reply = converse(self.database, self.clock, self.deployment, turn, understood, on_reply, left, later)
        TURNS.labels(turn.channel, turn.heard, understood.engine).inc()
        TURN_SECONDS.labels(turn.channel).observe(time.perf_counter() - started)
        return reply

    def _understand(self, turn: Turn) -> Understanding:
        if turn.heard == "pressed":
            return self.understander.keys(turn.text, expected(self._talk(turn)))
        if turn.heard == "said":
            understander = self.understander if self._pace.allows(turn.conversation, self.clock()) else self._rules
            return understander.text(turn.text, expected(self._talk(turn), keys=turn.channel == "voice"))
        if turn.heard == "tapped":
            return tapped(turn, self._talk(turn))
        return NOTHING

    def _short_enough(self, turn: Turn) -> Turn:
        """Nobody says so much in one turn; what is behind it is not looked at by anybody."""
        limits = self.deployment.limits
        longest = limits.longest_speech if turn.channel == "voice" else limits.longest_message
        return replace(turn, text=turn.text[:longest]) if len(turn.text) > longest else turn

    def _talk(self, turn: Turn) -> Talk:
        try:
            with self.database.reading() as session:
                kept = kept_talk(session, turn.channel, turn.conversation)
        except Exception:  # converse meets the same trouble and answers with an apology
            kept = None
        return Talk.from_stored(kept[0]) if kept else Talk()


class Pace:
    """How many turns of one talk a model reads in a minute.

    So one who writes without end does not slow everybody.
    """

    TALKS = 1000
    """Talks that are remembered, the newest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._talks: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def allows(self, talk: str, now: datetime) -> bool:
        """Whether a model reads this turn."""
        with self._lock:
            times = self._talks.setdefault(talk, deque())
            self._talks.move_to_end(talk)
            while len(self._talks) > self.TALKS:
                self._talks.popitem(last=False)
            while times and abs(now - times[0]) >= timedelta(minutes=1):
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True


def tapped(turn: Turn, talk: Talk) -> Understanding:
    """A button means its choice; a part of the rich menu means its label."""
    if turn.tapped_ask is None:
        intent = turn.tapped or "start_over"
        return Understanding(intent, 1.0, "rules", ((intent, 1.0),))
    for choice in talk.choices if turn.tapped_ask == talk.ask else ():
        if choice.id == turn.tapped:
            return Understanding(choice.intent or "nlu_fallback", 1.0, "rules", choice=choice.id)
    return NOTHING
