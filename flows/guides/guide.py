"""A guide: at most three short questions find the cause, then steps, "did it help?", another way, or a person."""

from typing import ClassVar

from flows.guides.guidebook import Guide, Way, guides
from flows.script.asking import ask, conclude
from flows.script.facts import Facts
from flows.script.flow import Flow
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import OPTION_KEYS, Card, Choice, Reply
from flows.script.wording import Saying, words
from flows.steering.handover import hand_over
from nlu.entities import named
from nlu.text import comparable

PHONES = ("iphone", "android", "rakuraku")


class GuideFacts(Facts):
    """What was answered and tried."""

    FLOW: ClassVar[str] = "guide"

    answers: dict[str, str] = {}
    """The option of each question."""
    helped: dict[str, str] = {}
    """``yes`` or ``no`` for each way that was tried to its end."""
    done: dict[str, int] = {}
    """Steps of each way that are done."""
    device_unsure: bool = False
    speaker: bool = False


def device_in(text: str) -> str | None:
    """The kind of phone that the text names."""
    found = named(text, "device") or named(text.lower(), "device")
    return found if found in PHONES else None


def begin(at: Moment, facts: GuideFacts, before: str = "") -> None:
    """What the first words tell about the first question is not asked again; ``before`` was said a turn earlier."""
    guide = guides()[str(at.talk.topic)]
    question = guide.questions.get(guide.first)
    said = comparable(before + at.turn.text)
    for option in question.options if question else []:
        if any(comparable(cue) in said for cue in option.cues):
            facts.answers = {**facts.answers, guide.first: option.id}
            return


def hear(at: Moment, facts: GuideFacts, question: Question) -> bool:
    """The answer to one of the guide's questions becomes a fact."""
    before = (facts.model_copy(deep=True), at.person.model_copy())
    _HEARD[question.name.removeprefix("guide.")](at, facts, question.about)
    return (facts, at.person) != before


def _question(at: Moment, facts: GuideFacts, name: str) -> None:
    guide, meant = guides().get(str(at.talk.topic)), at.understood
    if guide is None or name not in guide.questions:
        return
    if meant.choice:
        facts.answers = {**facts.answers, name: meant.choice}
    elif meant.intent == "dont_know":
        facts.answers = {**facts.answers, name: guide.questions[name].unsure}


def _device_told(at: Moment, facts: GuideFacts, _about: str) -> None:
    meant = at.understood
    if meant.choice in PHONES:
        at.person.device = meant.choice  # type: ignore[assignment]
    elif meant.intent in ("dont_know", "deny"):
        facts.device_unsure = True


def _apple(at: Moment, _facts: GuideFacts, _about: str) -> None:
    meant = at.understood
    if meant.choice or meant.intent == "dont_know":
        at.person.device = "iphone" if meant.choice == "yes" else "android"


def _same_phone(at: Moment, _facts: GuideFacts, _about: str) -> None:
    meant = at.understood
    if meant.choice or meant.intent == "dont_know":
        at.person.same_phone = "yes" if meant.choice != "no" else "no"


def _speaker(_at: Moment, facts: GuideFacts, _about: str) -> None:
    facts.speaker = True


def _step(at: Moment, facts: GuideFacts, name: str) -> None:
    meant = at.understood
    if device_in(at.turn.text) and meant.engine != "rules":
        return  # only the kind of phone was told: the step is said again for it
    if meant.intent == "solved":
        facts.helped = {**facts.helped, name: "yes"}
    elif meant.choice == "yes" or meant.intent in ("next_step", "affirm"):
        facts.done = {**facts.done, name: facts.done.get(name, 0) + 1}
    elif meant.choice == "no" or meant.intent in ("not_solved", "deny", "dont_know"):
        facts.helped = {**facts.helped, name: "no"}


def _helped(at: Moment, facts: GuideFacts, name: str) -> None:
    meant = at.understood
    if meant.choice == "yes" or meant.intent in ("solved", "affirm", "thanks"):
        facts.helped = {**facts.helped, name: "yes"}
    elif meant.choice == "no" or meant.intent in ("not_solved", "deny", "dont_know"):
        facts.helped = {**facts.helped, name: "no"}


_HEARD = {
    "question": _question, "device": _device_told, "apple": _apple, "same_phone": _same_phone,
    "speaker": _speaker, "step": _step, "helped": _helped,
}  # fmt: skip


def answer(at: Moment, facts: GuideFacts) -> Reply:
    """From the top: whatever is not known yet is asked next."""
    guide = guides()[str(at.talk.topic)]
    place = guide.first
    while place in guide.questions:
        option = next(
            (option for option in guide.questions[place].options if option.id == facts.answers.get(place)), None
        )
        if option is None:
            return _ask_cause(guide, place)
        place = option.leads
    way: Way | None = guide.ways[place]
    name: str | None = place
    while way is not None and facts.helped.get(str(name)) == "no":
        name = way.otherwise
        way = guide.ways[name] if name else None
    if way is None or name is None:
        at.case.settle("guided", close=False)
        return hand_over(at, at.say("guide.over"))
    if facts.helped.get(name) == "yes":
        return conclude(at, at.say("solved"), "solved")
    return (
        (_holding(at, facts) if guide.usable else None) or _device(at, facts, way) or _next_step(at, facts, name, way)
    )


def _ask_cause(guide: Guide, name: str) -> Reply:
    question = guide.questions[name]
    choices = tuple(
        Choice(id=o.id, label=o.label, key=key, ear=o.ear, words=(o.label, o.ear, *o.words))
        for o, key in zip(question.options, OPTION_KEYS, strict=False)
    )
    return ask(Saying((question.ear,), (question.eye,)), f"guide.question:{name}", "choice", choices)


def _holding(at: Moment, facts: GuideFacts) -> Reply | None:
    """P15: the caller may be holding the very phone that is in trouble."""
    if at.mobile is None:
        return None
    if at.person.same_phone is None:
        return ask(at.say("same_phone"), "guide.same_phone:", "yes_no")
    if at.person.same_phone == "yes" and not facts.speaker:
        return ask(at.say("speaker"), "guide.speaker:", "step")
    return None


def _device(at: Moment, facts: GuideFacts, way: Way) -> Reply | None:
    if not way.differs or at.person.device:
        return None
    if facts.device_unsure:
        return ask(at.say("device.apple"), "guide.apple:", "yes_no")
    return ask(at.say("device"), "guide.device:", "choice")


def _tomorrow(at: Moment, way: Way, steps: tuple[str, ...]) -> Reply:
    reply = conclude(at, at.say("helped.later"), "guided")
    return reply if at.voice else reply.with_(card=Card(title=way.title, steps=steps))


def _next_step(at: Moment, facts: GuideFacts, name: str, way: Way) -> Reply:
    device = at.person.device or "android"
    steps = [step.for_device(device) for step in way.steps]
    done = facts.done.get(name, 0)
    if way.later and (not at.voice or done >= len(steps)):
        return _tomorrow(at, way, tuple(eye for _, eye in steps))
    if not at.voice:
        note = at.label("guide.for_device", device=at.label(f"device.{device}").eye).eye if way.differs else ""
        card = Card(title=way.title, steps=tuple(eye for _, eye in steps), note=note)
        return ask(at.say("helped"), f"guide.helped:{name}", "step").with_(card=card)
    if done >= len(steps):
        return ask(at.say("helped"), f"guide.helped:{name}", "yes_no")
    after = at.say("step.done")
    return ask(Saying((steps[done][0], *after.ear), (steps[done][1],)), f"guide.step:{name}", "step", after.choices)


def summary(at: Moment, facts: GuideFacts) -> str:
    """「家のWi-Fi。試したこと: Wi-Fiを入れ直す（直らず）」."""
    guide = guides().get(str(at.talk.topic))
    if guide is None:
        return ""
    parts = [
        o.label
        for name, question in guide.questions.items()
        for o in question.options
        if o.id == facts.answers.get(name)
    ]
    for name, way in guide.ways.items():
        if facts.helped.get(name) or facts.done.get(name):
            end = {"yes": "summary.solved", "no": "summary.not_solved"}.get(facts.helped.get(name, ""), "summary.half")
            parts.append(words("summary.tried", {"way": way.title, "end": words(end)}))
    return "。".join(parts)


GUIDES = Flow(
    name="guides", facts=GuideFacts, answer=answer, begin=begin, hear=hear, summary=summary, topics=frozenset(guides()),
    asks=frozenset(f"guide.{name}" for name in _HEARD), after_guesses=frozenset({"guide.question"}),
)  # fmt: skip
