"""What a flow is: a plain function run from the top on every turn, and hooks for what else may concern it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flows.script.facts import Facts
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply

F = TypeVar("F", bound=Facts)


@dataclass(frozen=True)
class Switch:
    """Another flow goes on from here. ``knowing`` are facts that it need not ask: only those that were given count."""

    topic: str
    knowing: Facts | None = None
    hears: bool = False
    """It hears this turn's words, too."""


@dataclass(frozen=True)
class Begin:
    """A concern of this label starts; what was open before it is left as far as it came."""

    topic: str
    before: str = ""
    """What was said when it was not yet clear."""


Heard = bool | Switch | Begin
"""Whether something was an answer; where it leads when elsewhere."""


def nothing(_at: Moment, _facts: Any, _before: str) -> None:
    """The first words tell this flow nothing."""


def not_mine(_at: Moment, _facts: Any, _question: Question) -> bool:
    """No answer to anything that this flow asked."""
    return False


def never(_at: Moment, _facts: Any) -> Switch | None:
    """Nothing said at another time concerns this flow."""
    return None


def always(_facts: Any) -> bool:
    """Left for another concern, it is offered again."""
    return True


def no_reply(_at: Moment, _facts: Any, _question: Question) -> Reply | Switch | None:
    """Buttons of this flow's earlier messages mean nothing now."""
    return None


def no_words(_at: Moment, _facts: Any) -> str:
    """Nothing to tell staff beside the topic."""
    return ""


@dataclass(frozen=True)
class Flow(Generic[F]):
    """One flow with its facts, topics and questions. The registry lists them all."""

    name: str
    facts: type[F]
    answer: Callable[[Moment, F], Reply | Switch]
    """From the top, every turn: what is lacking is asked, what is agreed is done."""
    topics: frozenset[str] = frozenset()
    """Labels that begin it."""
    asks: frozenset[str] = frozenset()
    """Names of its questions."""
    begin: Callable[[Moment, F, str], None] = nothing
    """What the first words tell; the text is what was said when it was not yet clear."""
    hear: Callable[[Moment, F, Question], Heard] = not_mine
    """An answer to one of its own questions. Whether it was one, or where it leads."""
    claims: Callable[[Moment, F, Question], bool] = not_mine
    """Whether these words answer its question although elsewhere they would steer the talk (「孫と話したい」)."""
    correct: Callable[[Moment, F], Switch | None] = never
    """「やっぱり次の週に」 after the end: where it leads."""
    strays: frozenset[str] = frozenset()
    """Questions of buttons in earlier messages that this flow still answers."""
    stray: Callable[[Moment, F, Question], Reply | Switch | None] = no_reply
    """The answer to such a button; None when it means nothing any more."""
    summary: Callable[[Moment, F], str] = no_words
    """What staff read of it, without a full stop."""
    sums_up: bool = False
    """What staff read of it says everything."""
    at_stake: bool = False
    """Something hangs on its questions: a good-bye there is asked about."""
    tells_of_her: frozenset[str] = frozenset()
    """Questions at which people tell of themselves: what answers them is never also a new concern."""
    beside_lists: frozenset[str] = frozenset()
    """Questions beside a list of days, where a wish for one of them says nothing new."""
    after_guesses: frozenset[str] = frozenset()
    """Questions that may follow a guess: a no there takes the guess back."""
    comes_back: Callable[[F], bool] = always
    """Whether it is offered again after another concern."""
