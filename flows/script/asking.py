"""Replies that ask one thing, and how much fits the ear."""

from collections.abc import Iterable

from flows.script.moment import Moment
from flows.script.replies import Choice, Listening, Reply, yes_no
from flows.script.wording import Line

EAR = 60
"""Characters of one prompt for the ear (P2)."""


def ear_length(sentences: Iterable[str]) -> int:
    """Characters that are heard; the gaps between single digits are none."""
    return len("".join(sentences).replace(" ", ""))


def ask(line: Line, name: str, listening: Listening = "open", choices: tuple[Choice, ...] = (), first: Line | None = None) -> Reply:
    """A reply that asks one thing; ``first`` is said before it when both fit the ear (P2: 2 sentences, 60 characters)."""
    ear, eye = line.ear, line.eye
    if first is not None:
        eye = (*first.eye, *eye)[-3:]
        if len(first.ear) + len(ear) <= 2 and ear_length((*first.ear, *ear)) <= EAR:
            ear = (*first.ear, *ear)
    return Reply(ear=ear, eye=eye, ask=name, listening=listening, choices=choices)


def another(line: Line, first: Line | None = None) -> Reply:
    """``line`` ends with the question whether there is anything else."""
    return ask(line, "else", "yes_no", yes_no("はい、あります", "いいえ"), first=first)


def conclude(at: Moment, line: Line, outcome: str) -> Reply:
    """The concern ends with this outcome; whether there is another one is asked."""
    at.case.settle(outcome)
    at.talk.new_concern()
    return another(line)
