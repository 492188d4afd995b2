"""A telephone number that is told: read, refused kindly, asked for once more naming what was wrong with it."""

import re
import unicodedata
from typing import Literal

from flows.script.facts import Facts
from flows.script.moment import Moment
from flows.script.wording import Saying
from helpdesk.telephone import lacks, may_be_called, to_e164
from nlu.cues import cue
from nlu.digits import digits_in

Trouble = Literal["short", "cannot", "again"]


class NumberFacts(Facts):
    """What is known of a number while it is being told."""

    told: str | None = None
    """Heard, and to be confirmed."""
    trouble: Trouble | None = None
    lacks: str = ""
    """What the number that was told lacks, in words."""
    tries: int = 0
    """Numbers that could not be used."""


def number_told(digits: str) -> tuple[str | None, Trouble | None]:
    """(the number as E.164, None), or (None, what is wrong with it)."""
    number = to_e164(digits)
    if number is not None and not number.startswith("+81"):
        return None, "cannot"
    if lacks(digits):
        return None, "short"
    if number is not None and not may_be_called(number):
        return None, "cannot"
    return (number, None) if number is not None else (None, "again")


def note_trouble(facts: NumberFacts, trouble: Trouble | None, digits: str = "") -> None:
    """One more number that cannot be used."""
    facts.trouble, facts.told, facts.tries = trouble, None, facts.tries + 1
    if digits:
        # One sentence, which another one follows (P2).
        facts.lacks = (lacks(digits) or "").rstrip("。").replace("。", "、")


def once_more(at: Moment, facts: NumberFacts) -> Saying:
    """Ask again for a number, naming what was wrong with the one that was told."""
    return at.say(f"number.{facts.trouble or 'again'}", missing=facts.lacks)


def digits_said(text: str) -> str:
    """A number written within a sentence (「携帯の090-1234-5678にお願いします」), or said as words."""
    written = cue("number.written").search(unicodedata.normalize("NFKC", text))
    return re.sub("[^0-9]", "", written.group()) if written else digits_in(text)
