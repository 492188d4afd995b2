"""Replies that ask one thing, and how much fits the ear."""

from collections.abc import Iterable

from flows.script.moment import Moment
from flows.script.replies import Choice, Listening, Reply
from flows.script.wording import YES_NO, Saying, say

EAR = 60
"""Characters of one prompt for the ear (P2)."""


def ear_length(sentences: Iterable[str]) -> int:
    """Characters that are heard; the gaps between single digits are none."""
    return len("".join(sentences).replace(" ", ""))


def ask(
    line: Saying,
    name: str,
    listening: Listening = "open",
    choices: tuple[Choice, ...] | None = None,
    first: Saying | None = None,
) -> Reply:
    """A reply that asks one thing, with the line's own choices unless others are given.

    ``first`` is said before it when both fit the ear (P2: 2 sentences, 60 characters).
    """
    ear, eye = line.ear, line.eye
    if first is not None:
        eye = (*first.eye, *eye)[-3:]
        if len(first.ear) + len(ear) <= 2 and ear_length((*first.ear, *ear)) <= EAR:
            ear = (*first.ear, *ear)
    if choices is None:
        choices = line.choices or (say(YES_NO).choices if listening == "yes_no" else ())
    return Reply(ear=ear, eye=eye, ask=name, listening=listening, choices=choices)


def another(at: Moment, line: Saying, first: Saying | None = None) -> Reply:
    """``line`` ends with the question whether there is anything else."""
    return ask(line, "else", "yes_no", at.say("else").choices, first)


def conclude(at: Moment, line: Saying, outcome: str) -> Reply:
    """The concern ends with this outcome; whether there is another one is asked."""
    at.case.settle(outcome)
    at.talk.new_concern()
    return another(at, line)


def goodbye(at: Moment) -> Reply:
    """The end of a call; on LINE the talk stays open."""
    line = at.say("goodbye")
    return Reply(ear=line.ear, eye=line.eye, ask="open", then="hang_up" if at.voice else "listen")
