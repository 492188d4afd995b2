"""The learning path by talk: a short hearing, then a path of which the first step can be taken at once."""

import re
from typing import Any

from flows.booking import booking
from flows.booking import wish as booking_words
from flows.booking.telling import NAMES
from flows.learning import practice_app
from flows.learning.hearing import ORDER, choices, told_in
from flows.script.asking import EAR, ask, conclude, ear_length
from flows.script.dates import clock, day, when
from flows.script.moment import Moment
from flows.script.replies import Choice, Offer, Reply, yes_no
from flows.script.wording import Line, say
from flows.steering.handover import hand_over
from helpdesk.learning.values import Path, PathStep
from helpdesk.programme.values import Place
from helpdesk.ward.offers import KINDS, OTHER_STEPS
from helpdesk.ward.venues import venues

TOPIC = "learning_path"
NO_SMARTPHONE = ("no_smartphone_uninterested", "no_smartphone_anxious")
MOST_REFUSALS = 3
_NOTHING = re.compile(r"^(?:特に|別に|とくに|べつに)?(?:は|も)?(?:ない|なし|ありません|ないです)(?:わ|ね|よ|なあ|です)*[。]*$")
_FOR_OTHER = re.compile(r"(母|父|祖母|祖父|妻|夫|主人|家内|おばあちゃん|おじいちゃん|義母|義父|両親|親)(?:は|が|の|に|も|を)")
_ALL = re.compile(r"全部|ぜんぶ|全体|その次|次は何|そのあと|順番")
_ANOTHER = re.compile(r"ほか|別の|違うの|ちがうの|それ以外|いや(?:だ|です|よ|なの)|いや$|嫌|苦手|行きたくない|出たくない")
_REFUSED = (("class", "講習|教室|習う"), ("consultation", "相談"), ("event", "体験|ゲーム|クイズ|散歩|イベント"), ("practice_app", "アプリ"))


def begin(at: Moment, topic: str, before: str = "") -> None:
    """What is known from the history and from the first words is not asked."""
    if topic not in (TOPIC, *NO_SMARTPHONE):
        return
    if not at.voice or at.mobile:
        # A landline is shared: what somebody of the family told says nothing about who calls now.
        for key, value in at.case.learning.known().items():
            at.talk.tell(f"path.{key}", value)
        if at.case.learning.has_path():
            at.talk.tell("path.kept", True)
    if topic in NO_SMARTPHONE:
        at.talk.tell("path.phone", "none")
        at.talk.tell("path.aim", "none" if topic == NO_SMARTPHONE[0] else at.talk.facts.get("path.aim"))
    elif at.talk.facts.get("device"):
        at.talk.tell("path.phone", "own")
    other = _FOR_OTHER.search(at.turn.text)
    if other:
        at.talk.tell("book.other", other.group(1))
    hear(at, f"{before} {at.turn.text}")


def hear(at: Moment, text: str, asked: str | None = None) -> bool:
    """What the words tell becomes facts. Whether they told anything new."""
    before = dict(at.talk.facts)
    for key, value in told_in(text, asked).items():
        at.talk.tell(f"path.{key}", value)
    return {key: value for key, value in at.talk.facts.items() if key.startswith("path.")} != {key: value for key, value in before.items() if key.startswith("path.")}


def take(at: Moment) -> None:
    """An answer of the hearing, or to what is proposed."""
    talk, meant = at.talk, at.understood
    name, _, rest = talk.ask.partition(":")
    said = at.turn.text if at.turn.heard == "said" else ""
    if name == "path.ask":
        at.heard_facts = _answer(at, rest, said)
    elif name in ("path.first", "path.practice"):
        at.heard_facts = _react(at, rest, said)
    elif talk.ask == "answer.path" and (meant.choice in ("yes", "no") or hear(at, said)):
        talk.tell("path.stop" if meant.choice == "no" else "topic", True if meant.choice == "no" else TOPIC)
        at.heard_facts = True


def _answer(at: Moment, key: str, said: str) -> bool:
    talk, meant = at.talk, at.understood
    before = dict(talk.facts)
    if said:
        hear(at, said, key)
    if key == "place":
        booking_words.hear(at, said)
        talk.tell("path.place", True)
        return True
    if talk.facts.get(f"path.{key}") != before.get(f"path.{key}"):
        return True
    value: str | None = None
    if meant.choice in ("yes", "no") and key == "phone":
        value = "own" if meant.choice == "yes" else "none"
    elif meant.choice in [choice.id for choice in talk.choices]:
        value = meant.choice
    elif (meant.choice == "no" or meant.intent == "deny" or _NOTHING.search(said)) and key in ("aim", "worry"):
        value = "none"
    if value is not None:
        talk.tell(f"path.{key}", value)
        return True
    heard_other = {one: talk.facts[one] for one in talk.facts if talk.facts[one] != before.get(one)}
    if meant.intent in ("dont_know", "deny") or re.search(r"パス|飛ばし|言いたくない|答えたくない|次の質問", said) or talk.unclear >= 1:
        talk.tell(f"path.skip.{key}", True)
        return True
    return bool(heard_other)


def _react(at: Moment, rest: str, said: str) -> bool:
    """Yes takes the step, no asks for another, a step's own button takes that one."""
    talk, choice = at.talk, at.understood.choice
    if choice == "yes":
        talk.pick("path.take", rest)
    elif choice and choice.startswith("s:"):
        talk.pick("path.take", f"look:{choice[2:]}")
    elif choice == "practice":
        talk.pick("path.take", "practice")
    elif at.understood.intent == TOPIC:
        talk.tell("path.refusals", 0)  # asked for again: shown as it is now
    elif said and _ALL.search(said):
        talk.pick("path.all", True)
    elif said and re.search(r"やめ|いらない|結構|けっこう", said):
        talk.tell("path.stop", True)
    elif choice == "no" or (said and (_ANOTHER.search(said) or at.understood.intent in ("deny", "not_solved"))):
        named = next((kind for kind, words in _REFUSED if said and re.search(words, said)), None)
        talk.tell("path.refuse", [*talk.facts.get("path.refuse", ()), named or "first"])
    elif said and hear(at, said):
        talk.tell("path.kept", None)
    else:
        return False
    return True


def hearing_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of the talk as the planner wants them."""
    found = {key: facts.get(f"path.{key}") for key in ("phone", "aim", "worry", "skill", "done", "refused")}
    return found | {"venue": facts.get("book.venue") or facts.get("path.venue"), "part": facts.get("book.part") or facts.get("path.part")}


def run(at: Moment) -> Reply:
    """From the top: what is not known is asked, then the path is shown, then its first step taken."""
    facts, picks = at.talk.facts, at.talk.picks
    if facts.get("path.stop"):
        return conclude(at, say("anything_else"), "guided")
    if not facts.get("path.kept"):
        missing = _missing(facts)
        if missing is not None:
            return _question(at, missing)
        path: Path | None = at.case.learning.plan(hearing_of(facts))
        facts["path.kept"] = True
    else:
        path = at.case.learning.current()
    if path is None:
        facts.pop("path.kept")
        return run(at)
    refusals = facts.pop("path.refuse", [])
    if len(refusals) + facts.get("path.refusals", 0) >= MOST_REFUSALS:
        return hand_over(at, say("path.person"))
    for refused in refusals:
        first = path.first
        path = at.case.learning.refuse(path, (first.kind if first else "call") if refused == "first" else refused)
        facts["path.refusals"] = facts.get("path.refusals", 0) + 1
    taken = picks.get("path.take")
    if taken is not None:
        return _take_step(at, path, str(taken))
    return _show(at, path, whole=bool(picks.get("path.all")))


def _missing(facts: dict[str, Any]) -> str | None:
    for key in ORDER:
        if facts.get(f"path.{key}") or facts.get(f"path.skip.{key}"):
            continue
        if key == "skill" and (facts.get("path.phone") != "own" or facts.get("path.aim") == "none"):
            continue
        if key == "worry" and facts.get("path.aim") == "none":
            continue
        if key == "place" and (facts.get("book.venue") or facts.get("path.venue")):
            continue
        return key
    return None


def _question(at: Moment, key: str) -> Reply:
    first = not any(name.startswith("path.skip.") or name == "path.asked" for name in at.talk.facts)
    at.talk.facts["path.asked"] = True
    line = say(f"path.{key}.first" if first and key in ("phone", "aim") else f"path.{key}")
    if key == "phone":
        return ask(line, "path.ask:phone", "yes_no", yes_no("持っている", "持っていない"))
    if key == "place":
        return ask(line, "path.ask:place")
    return ask(line, f"path.ask:{key}", "choice", choices(key))


def what_of(row: PathStep) -> str:
    """A stored step as people call it."""
    return OTHER_STEPS.get(row.kind) or NAMES.get((row.kind, row.level), KINDS.get(row.kind, ""))


def _show(at: Moment, path: Path, whole: bool = False) -> Reply:
    at.talk.facts["book.summary"] = "受講フロー: " + " → ".join(what_of(row) for row in path.steps)
    first = path.first
    if first is None:
        return hand_over(at, say("path.person"))
    if first.kind == "call":
        return hand_over(at, say("path.nothing"))
    place = first.place
    if whole and at.voice:
        steps = "、".join(dict.fromkeys(what_of(row) for row in path.steps if row.state == "planned"))
        line = say("path.all", steps=steps, what=what_of(first))
        return ask(line, f"path.first:look:{place.slot}" if place else "path.practice:practice", "yes_no", yes_no("予約する", "ほかのにする"))
    return _by_ear(at, first, place) if at.voice else _on_line(at, path, first, place)


def _by_ear(at: Moment, first: PathStep, place: Place | None) -> Reply:
    """In short: why, what, when, where, and the question. Where it does not fit, or what to bring has to be heard (P9), that is told before the
    yes that books."""
    if place is None:
        line = say("path.practice", why=first.ear)
        return ask(line, "path.practice:practice", "yes_no", yes_no())
    values = {"why": first.ear, "what": what_of(first), "start": when(place.starts_at), "hall": venues()[place.venue].short}
    line = say("path.first", **values)
    if ear_length(line.ear) <= EAR and (at.mobile or not place.bring):
        return ask(line, f"path.first:{place.slot}", "yes_no", yes_no())
    return ask(say("path.first.day", day=day(place.starts_at), **values), f"path.first:look:{place.slot}", "yes_no", yes_no())


def _on_line(at: Moment, path: Path, first: PathStep, place: Place | None) -> Reply:
    offers, options = [], []
    for number, row in enumerate(path.steps, 1):
        there = row.place
        rows = [f"{day(there.starts_at)} {clock(there.starts_at)} {venues()[there.venue].short}"] if there else []
        rows += ["日にちが決まったら、お知らせします"] if row.kind in KINDS and there is None else []
        state = {"booked": "予約済みです", "done": "済みました"}.get(row.state)
        choice = "" if state else f"s:{there.slot}" if there else "practice" if row.kind == "practice_app" else ""
        if choice:
            options.append(Choice(id=choice, label=f"{number} {what_of(row)}"))
        offers.append(
            Offer(
                choice=choice,
                title=f"{number} {what_of(row)}",
                rows=(*rows, row.eye, *([state] if state else [])),
                button="案内を見る" if choice == "practice" else "これを予約する",
            )
        )
    yes, no = yes_no("予約する" if place else "案内を見る", "ほかのにする")
    name = f"path.first:{place.slot}" if place else "path.practice:practice"
    line = say("path.line" if place else "path.line.practice", what=what_of(first))
    return ask(Line(line.ear, line.eye), name, "yes_no", (yes, no, *options)).with_(offers=tuple(offers))


def _take_step(at: Moment, path: Path, taken: str) -> Reply:
    """The step becomes a booking, or the practice app's link goes out."""
    talk = at.talk
    talk.pick("path.take", None)
    if taken == "practice":
        at.case.learning.done(path, "practice_app")
        return practice_app.give(at)
    looks = taken.startswith("look:")
    slot_id = int(taken.removeprefix("look:"))
    place = at.case.reservations.place(slot_id)
    talk.tell("topic", "book")
    if place is not None:
        talk.facts["book.kind"], talk.facts["book.level"] = place.kind, place.level or None
    talk.pick("slot" if looks else "agreed", slot_id)
    return booking.run(at)
