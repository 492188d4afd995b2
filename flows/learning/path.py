"""The learning path by talk: a short hearing, then a path of which the first step can be taken at once."""

from typing import ClassVar

from flows.booking.booking import stray as book_session
from flows.booking.wish import BookingFacts
from flows.booking.wish import hear as hear_wish
from flows.learning import practice_app
from flows.learning.hearing import HearingFacts, answer_to, choices, hear_words, missing, tell
from flows.script.asking import EAR, ask, conclude, ear_length
from flows.script.dates import clock, day, when
from flows.script.facts import Facts
from flows.script.flow import Flow, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Choice, Offer, Reply
from flows.steering.handover import hand_over
from helpdesk.learning.values import Path, PathStep
from nlu.cues import cue, heard
from nlu.hearing import told_in

TOPIC = "learning_path"
NO_SMARTPHONE = ("no_smartphone_uninterested", "no_smartphone_anxious")
MOST_REFUSALS = 3
KINDS = ("class", "consultation", "event", "practice_app")


class PathFacts(Facts):
    """Where the talk about a path stands; what was told about the person is in ``HearingFacts``."""

    FLOW: ClassVar[str] = "path"
    PICKS: ClassVar[frozenset[str]] = frozenset({"take", "whole"})
    SIDE: ClassVar[frozenset[str]] = frozenset({"kept", "summary"})

    kept: bool = False
    """A path that fits what was told is in the history."""
    wanted: bool = False
    """Who has no smartphone said yes to being shown a path."""
    refuse: tuple[str, ...] = ()
    """What was just refused: ``first`` or a kind of step."""
    refusals: int = 0
    stop: bool = False
    take: str | None = None
    """The step to take: ``practice``, a slot, or ``look:`` and a slot that is shown before it is booked."""
    whole: bool = False
    """All steps are to be told."""
    summary: str = ""


def begin(at: Moment, facts: PathFacts, before: str = "") -> None:
    """What is known from the history and from the first words is not asked."""
    hearing = at.talk.of(HearingFacts)
    if not at.voice or at.mobile:
        # A landline is shared: what somebody of the family told says nothing about who calls now.
        tell(hearing, at.case.learning.known())
        facts.kept = facts.kept or at.case.learning.has_path()
    topic = at.talk.topic
    if topic in NO_SMARTPHONE:
        tell(hearing, {"phone": "none"} | ({"aim": "none"} if topic == NO_SMARTPHONE[0] else {}))
    elif at.person.device:
        tell(hearing, {"phone": "own"})
    other = heard_other(at.turn.text)
    if other:
        at.talk.of(BookingFacts).other = other
    hear_words(hearing, f"{before} {at.turn.text}")


def heard_other(text: str) -> str | None:
    """For whom it is, when it is for somebody else."""
    found = cue("path.for_other").search(text)
    return found.group(1) if found else None


def claims(at: Moment, _facts: PathFacts, question: Question) -> bool:
    """「孫と話したい」 is what she would like to do, not a wish for a person; a worry about fraud is no fraud."""
    if question.name != "path.ask":
        return False
    if at.understood.safety is not None:
        worried = heard("path.worried", at.turn.text) and not heard("path.happened", at.turn.text)
        return at.understood.safety == "safety_scam" and worried
    return (
        at.understood.choice is None and at.understood.engine != "rules" and bool(told_in(at.turn.text, question.about))
    )


def hear(at: Moment, facts: PathFacts, question: Question) -> bool:
    """An answer of the hearing, or to what is proposed."""
    if question.name == "path.ask":
        return answer_to(at, at.talk.of(HearingFacts), question.about)
    if question.name == "answer.path":
        return _wants_one(at, facts)
    return _react(at, facts, question.about)


def _wants_one(at: Moment, facts: PathFacts) -> bool:
    if at.understood.choice == "no":
        facts.stop = True
    elif at.understood.choice == "yes" or hear_words(at.talk.of(HearingFacts), at.said):
        facts.wanted = True
    else:
        return False
    return True


def _react(at: Moment, facts: PathFacts, about: str) -> bool:
    """Yes takes the step, no asks for another, a step's own button takes that one."""
    said, choice, intent = at.said, at.understood.choice, at.understood.intent
    if choice == "yes":
        facts.take = about
    elif choice and choice.startswith("s:"):
        facts.take = f"look:{choice[2:]}"
    elif choice == "practice":
        facts.take = "practice"
    elif intent == TOPIC:
        facts.refusals = 0  # asked for again: shown as it is now
    elif said and heard("path.all", said):
        facts.whole = True
    elif said and heard("path.stop", said):
        facts.stop = True
    elif choice == "no" or (said and (heard("path.another", said) or intent in ("deny", "not_solved"))):
        named = next((kind for kind in KINDS if said and heard(f"path.refused.{kind}", said)), "first")
        facts.refuse = (*facts.refuse, named)
    elif said and (hear_words(at.talk.of(HearingFacts), said) or _nearer(at, said)):
        facts.kept = False
    else:
        return False
    return True


def _nearer(at: Moment, said: str) -> bool:
    """「神保町の近くがいい」 about what is proposed; the way to a place is asked about otherwise."""
    return not heard("path.asks_way", said) and hear_wish(at, at.talk.of(BookingFacts), said)


def answer(at: Moment, facts: PathFacts) -> Reply | Switch:
    """From the top: what is not known is asked, then the path is shown, then its first step taken."""
    if facts.stop:
        return conclude(at, at.say("anything_else"), "guided")
    if at.talk.topic in NO_SMARTPHONE and not facts.wanted:
        return ask(at.say(str(at.talk.topic)), "answer.path", "yes_no")
    hearing = at.talk.of(HearingFacts)
    if not facts.kept:
        lacking = missing(hearing, at.talk.of(BookingFacts).venue)
        if lacking is not None:
            return _question(at, hearing, lacking)
        path: Path | None = at.case.learning.plan(hearing.for_planner(at.talk.of(BookingFacts)))
        facts.kept = True
    else:
        path = at.case.learning.current()
    if path is None:
        facts.kept = False
        return answer(at, facts)
    refused, facts.refuse = facts.refuse, ()
    if len(refused) + facts.refusals >= MOST_REFUSALS:
        return hand_over(at, at.say("path.person"))
    for one in refused:
        first = path.first
        path = at.case.learning.refuse(path, (first.kind if first else "call") if one == "first" else one)
        facts.refusals += 1
    if facts.take is not None:
        return _take_step(at, facts, path)
    return _show(at, facts, path)


def _question(at: Moment, hearing: HearingFacts, key: str) -> Reply:
    first = not hearing.asked and not hearing.skipped
    hearing.asked = True
    line = at.say(f"path.{key}.first" if first and key in ("phone", "aim") else f"path.{key}")
    if key == "place":
        return ask(line, "path.ask:place")
    return ask(
        line,
        f"path.ask:{key}",
        "yes_no" if key == "phone" else "choice",
        line.choices if key == "phone" else choices(at, key),
    )


def what_of(at: Moment, step: PathStep) -> str:
    """A step as people call it."""
    if step.kind in at.ward.offers and step.level in at.ward.offers[step.kind].levels:  # type: ignore[index]
        return at.ward.level(step.kind, step.level).name
    return at.label(f"step.{step.kind}").eye


def _show(at: Moment, facts: PathFacts, path: Path) -> Reply:
    facts.summary = at.label("summary.path", steps=" → ".join(what_of(at, step) for step in path.steps)).eye
    first = path.first
    if first is None:
        return hand_over(at, at.say("path.person"))
    if first.kind == "call":
        return hand_over(at, at.say("path.nothing"))
    if facts.whole and at.voice:
        steps = "、".join(dict.fromkeys(what_of(at, step) for step in path.steps if step.state == "planned"))
        line = at.say("path.all", steps=steps, what=what_of(at, first))
        return ask(line, f"path.first:look:{first.place.slot}" if first.place else "path.practice:practice", "yes_no")
    return _by_ear(at, first) if at.voice else _on_line(at, path, first)


def _by_ear(at: Moment, first: PathStep) -> Reply:
    """In short: why, what, when, where, and the question.

    Where it does not fit, or what to bring has to be heard (P9), that is told before the yes that books.
    """
    place = first.place
    if place is None:
        return ask(at.say("path.practice", why=first.ear), "path.practice:practice", "yes_no")
    hall = at.ward.venues[place.venue].short
    values = {
        "why": first.ear,
        "what": what_of(at, first),
        "start": when(place.starts_at),
        "hall": hall,
        "day": day(place.starts_at),
    }
    line = at.say("path.first", **values)
    if ear_length(line.ear) <= EAR and (at.mobile or not place.bring):
        return ask(line, f"path.first:{place.slot}", "yes_no")
    return ask(at.say("path.first.day", **values), f"path.first:look:{place.slot}", "yes_no")


def _on_line(at: Moment, path: Path, first: PathStep) -> Reply:
    offers, options = [], []
    for number, step in enumerate(path.steps, 1):
        offer = _offer(at, number, step)
        offers.append(offer)
        if offer.choice:
            options.append(Choice(id=offer.choice, label=offer.title))
    place = first.place
    line = at.say("path.line" if place else "path.line.practice", what=what_of(at, first))
    name = f"path.first:{place.slot}" if place else "path.practice:practice"
    return ask(line, name, "yes_no", (*line.choices, *options)).with_(offers=tuple(offers))


def _offer(at: Moment, number: int, step: PathStep) -> Offer:
    """One step of the path side by side with the others."""
    place = step.place
    rows = [f"{day(place.starts_at)} {clock(place.starts_at)} {at.ward.venues[place.venue].short}"] if place else []
    rows += [at.label("path.later").eye] if step.kind in at.ward.offers and place is None else []
    rows.append(step.eye)
    if step.state in ("booked", "done"):
        rows.append(at.label(f"path.{step.state}").eye)
        choice = ""
    else:
        choice = f"s:{place.slot}" if place else "practice" if step.kind == "practice_app" else ""
    button = at.label("path.button.app" if choice == "practice" else "path.button.book").eye
    return Offer(choice=choice, title=f"{number} {what_of(at, step)}", rows=tuple(rows), button=button)


def _take_step(at: Moment, facts: PathFacts, path: Path) -> Reply | Switch:
    """The step becomes a booking, or the practice app's link goes out."""
    taken, facts.take = str(facts.take), None
    if taken == "practice":
        at.case.learning.done(path, "practice_app")
        return practice_app.give(at)
    slot = int(taken.removeprefix("look:"))
    place = at.case.reservations.place(slot)
    wish = BookingFacts(slot=slot) if taken.startswith("look:") else BookingFacts(agreed=slot)
    if place is not None:
        wish.kind, wish.level = place.kind, place.level or None
    return Switch("book", wish)


def summary(_at: Moment, facts: PathFacts) -> str:
    """「受講フロー: 基礎の講習会 → 練習アプリ」."""
    return facts.summary


PATH = Flow(
    name="path", facts=PathFacts, answer=answer, begin=begin, hear=hear, claims=claims, summary=summary, sums_up=True,
    topics=frozenset({TOPIC, *NO_SMARTPHONE}),
    asks=frozenset({"path.ask", "path.first", "path.practice", "answer.path"}),
    strays=frozenset({"path.first", "path.practice"}), stray=book_session,
    tells_of_her=frozenset({"path.ask", "path.first", "path.practice"}),
)  # fmt: skip
