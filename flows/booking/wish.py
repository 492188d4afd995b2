"""What is told about a wish for a place: which session, where, when and when not, for whom."""

from datetime import date
from typing import ClassVar, Literal

from flows.script.moment import Moment
from flows.steering.numbers import NumberFacts
from helpdesk.programme.finding import Wish
from nlu.cues import cue, heard
from nlu.entities import named, place_named
from nlu.time_words import TimeWords, time_words

EVENTS = ("game", "quiz", "walk")
KINDS = ("class", "consultation", "event")
RULED_OUT = ("not_days", "not_weekdays", "since", "until")
"""Parts of a wish that hold whatever else is given up."""
_FRESH = ("kind", "level", "venue", "days", "part", "time", *RULED_OUT, "edge")
_CLEARED_WHEN_MADE_AGAIN = ("made", "heard", "named", "name_tries")


class BookingFacts(NumberFacts):
    """A wish for a place, how far it came, and whose it is."""

    FLOW: ClassVar[str] = "booking"
    PICKS: ClassVar[frozenset[str]] = frozenset({"agreed", "slot", "wait"})
    SIDE: ClassVar[frozenset[str]] = frozenset(
        {
            "fresh",
            "last",
            "called",
            "told",
            "phone",
            "unreachable",
            "trouble",
            "lacks",
            "tries",
            "texted",
            "own_kind",
            "summary",
        }
    )
    KEPT: ClassVar[frozenset[str]] = frozenset({"last", "called"})

    kind: str | None = None
    level: str | None = None
    venue: str | None = None
    days: tuple[date, ...] | None = None
    """Empty: any day, said so."""
    part: str | None = None
    time: str | None = None
    not_days: tuple[date, ...] = ()
    not_weekdays: tuple[int, ...] = ()
    since: str | None = None
    until: str | None = None
    edge: str | None = None
    same_day: bool = False
    missing: str | None = None
    """Words of a day that does not exist."""
    clash: str | None = None
    """Words of a day and a weekday that disagree."""
    fresh: tuple[str, ...] = ()
    """What was told last counts more than what was told before it."""
    party: bool = False
    other: str | None = None
    """For whom it is, when for somebody else (「母」)."""
    refused: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    """Slots that were taken by somebody else meanwhile."""
    stop: bool = False
    agreed: int | None = None
    slot: int | None = None
    wait: int | None = None
    own: int | None = None
    """The booking that is changed."""
    made: int | None = None
    """The booking that was just made, until its name is settled."""
    last: int | None = None
    heard: tuple[str, str] | None = None
    """(written, reading) of the name that was heard."""
    named: bool = False
    name_tries: int = 0
    called: tuple[str, str, str | None] | None = None
    """(written, reading, for whom): within one talk a name is told once."""
    phone: str | None = None
    """Where news of the waiting list goes, told by somebody whose own number is withheld."""
    unreachable: bool = False
    texted: Literal["sent", "held", "no"] | None = None
    summary: str = ""

    def wish(self) -> Wish:
        """As the programme is searched."""
        return Wish(
            self.kind, self.level, self.venue, self.days or (), self.part, self.time,
            self.not_days, self.not_weekdays, self.since, self.until, self.edge,
        )  # fmt: skip

    def for_one_more(self) -> None:
        """Who comes along is booked next: the name is told anew."""
        for name in _CLEARED_WHEN_MADE_AGAIN:
            setattr(self, name, type(self).model_fields[name].default)


def hear(at: Moment, facts: BookingFacts, text: str) -> bool:
    """What the words tell about the wish becomes facts. Whether they told anything new."""
    before = facts.model_copy(deep=True)
    text = cue("wish.today").sub("", text)
    _hear_what(facts, text)
    venue = place_named(text, at.ward.place_words)
    if venue is not None or heard("wish.anywhere", text):
        facts.venue = venue
    hear_time(at, facts, time_words(text, at.now), heard("wish.any_day", text))
    facts.same_day = facts.same_day or heard("wish.same_day", text)
    facts.party = facts.party or heard("wish.together", text)
    other = cue("wish.other").search(text)
    if other:
        facts.other = other.group(1)
    fresh = tuple(name for name in _FRESH if getattr(facts, name) and getattr(facts, name) != getattr(before, name))
    if fresh:
        facts.fresh = fresh
    watched = set(BookingFacts.model_fields) - {"fresh"}
    return bool(fresh) or any(bool(getattr(facts, name)) != bool(getattr(before, name)) for name in watched)


def _hear_what(facts: BookingFacts, text: str) -> None:
    kind, level = named(text, "offer"), named(text, "level")
    if level is not None:
        kind = "event" if level in EVENTS else "class"
    if kind in KINDS:
        if kind != facts.kind:
            facts.level = None
        facts.kind = kind
        facts.level = level or facts.level


def hear_time(at: Moment, facts: BookingFacts, said: TimeWords, any_day: bool = False) -> None:
    """When it is to be, and when not. Named days count instead of those before; what was ruled out stays so."""
    days = tuple(one for one in ((said.day,) if said.day else said.days) if one >= at.now.date())
    ruled_out = {name: getattr(said, name) for name in (*RULED_OUT, "edge")}
    if days or any_day:
        facts.days = days
        if not said.part:
            facts.part = facts.time = None
        _allow_again(facts, days)
    if said.since or said.until:
        # 「10時以降」 is no wish for the morning: the hour that was said is the limit.
        facts.part, facts.time = None if said.time else said.part, None
    elif said.part or said.time:
        facts.part, facts.time = said.part, said.time
    if days or said.part or said.time or any(ruled_out.values()):
        facts.edge = None
    if said.since or said.until or said.time:
        facts.since = facts.until = None
    for name, value in ruled_out.items():
        if value:
            setattr(facts, name, value)
    facts.missing, facts.clash = said.missing or facts.missing, said.clash or facts.clash


def _allow_again(facts: BookingFacts, days: tuple[date, ...]) -> None:
    """Who names a day that was ruled out before has changed their mind about it."""
    if len(days) == 1:
        facts.not_days = tuple(one for one in facts.not_days if one != days[0])
        facts.not_weekdays = tuple(one for one in facts.not_weekdays if one != days[0].weekday())


def is_new(text: str) -> bool:
    """「相談会を26日の3時に予約してください」: a new place, whatever a model takes it for."""
    named_one = named(text, "offer") or named(text, "level")
    return bool(named_one and heard("wish.new", text) and not heard("wish.old", text))
