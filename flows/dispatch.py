"""Which flow takes a turn: danger first, then what steers the talk, the open question's own flow, a new concern."""

from typing import Any

from flows.guides.guide import device_in
from flows.registry import BY_QUESTION, BY_STRAY, BY_TOPIC, FLOWS
from flows.script.asking import another, ask
from flows.script.facts import Facts
from flows.script.flow import Begin, Flow, Switch
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import Reply
from flows.steering.handover import HANDOVER, HandoverFacts, solved_meanwhile
from flows.steering.repair import repair
from flows.steering.safety import SAFETY, SafetyFacts, danger
from flows.triage.clarifying import unclear
from flows.triage.triage import TRIAGE, TriageFacts, in_passing, notice
from helpdesk.ward.topics import topics

MOST_SWITCHES = 4
WITHOUT_CHOICES = ("open", "else")
"""Questions at which whatever is said may be a new concern."""


def answer(at: Moment) -> Reply:
    """The reply to what was said, pressed or tapped."""
    owner = BY_QUESTION.get(at.talk.question.name)
    claimed = owner is not None and owner.claims(at, at.talk.of(owner.facts), at.talk.question)
    if not claimed and _danger(at):
        return _run(at, SAFETY)
    if at.turn.heard == "tapped" and at.turn.tapped_ask not in (None, at.talk.ask):
        return _stray(at, Question.of(str(at.turn.tapped_ask)))
    if at.understood.intent == "go_back" and at.understood.choice is None:
        return _back(at)
    if not claimed:
        steered = repair(at, owner is not None and owner.at_stake)
        if steered is not None:
            return steered
    at.talk.silent = 0
    return _take(at, owner)


def _danger(at: Moment) -> bool:
    """Whether there is a sign of danger that was not answered yet; what was talked about is left for later."""
    current = at.case.current()
    left = current.topic if current is not None else None
    if not danger(at):
        return False
    if left not in (None, at.talk.topic):
        at.talk.of(TriageFacts).left = left
    return True


def _stray(at: Moment, question: Question) -> Reply:
    """A button of an older question: its flow may still answer it, else the open question is shown again."""
    flow = BY_STRAY.get(question.name)
    found = flow.stray(at, at.talk.of(flow.facts), question) if flow is not None else None
    if isinstance(found, Switch):
        return _follow(at, found)
    last = at.talk.last_reply
    return found or (last.with_(card=None) if last else ask(at.say("tell_me"), "open"))


def _back(at: Moment) -> Reply:
    at.talk.silent = at.talk.unclear = 0
    if at.talk.back():
        return _go_on(at)
    last = at.talk.last_reply
    held = any(not flow.comes_back(at.talk.of(flow.facts)) for flow in FLOWS)
    return last if last is not None and held else ask(at.say("back.none"), "open")


def _take(at: Moment, owner: Flow[Any] | None) -> Reply:
    """The open question's flow hears the words; what is no answer may be a correction, or a new concern."""
    talk, question = at.talk, at.talk.question
    before, topic = _known(at), talk.topic
    device = device_in(at.turn.text)
    if device is not None:
        at.person.device = device  # type: ignore[assignment]
    found = owner.hear(at, talk.of(owner.facts), question) if owner is not None else False
    found = found or next((switch for flow in FLOWS if (switch := flow.correct(at, talk.of(flow.facts)))), False)
    if isinstance(found, Begin):
        begun: Begin | None = found
    elif isinstance(found, Switch) or (found and owner is not None and question.name in owner.tells_of_her):
        begun = None
    else:
        begun = notice(at, owner, found)
    if isinstance(found, Switch):
        enter(at, found)
    if begun is not None:
        begin(at, begun)
    changed = {name: facts for name, facts in _known(at).items() if facts != before.get(name)}
    for kind in Facts.KINDS.values():
        facts, then = talk.of(kind), before[kind.FLOW]
        if facts.told_anew(then):
            facts.drop_picks_of(then)
    if changed or talk.topic != topic:
        talk.unclear = 0
    elif not found and _asks_for_one_of(at) and at.understood.choice is None:
        return unclear(at)
    if solved_meanwhile(at, question):
        at.case.settle("solved")
        talk.new_concern()
        return another(at, at.say("solved"))
    return _go_on(at)


def _known(at: Moment) -> dict[str, Facts]:
    return {kind.FLOW: at.talk.of(kind).model_copy(deep=True) for kind in Facts.KINDS.values()}


def _asks_for_one_of(at: Moment) -> bool:
    busy = at.talk.topic is not None or at.talk.of(HandoverFacts).wanted
    return busy and bool(at.talk.choices) and at.talk.ask not in WITHOUT_CHOICES


def begin(at: Moment, new: Begin) -> None:
    """A concern starts; one that was open before it is left as far as it came."""
    talk = at.talk
    left = talk.topic
    if left not in (None, new.topic):
        flow = BY_TOPIC.get(str(left))
        comes_back = flow is None or flow.comes_back(talk.of(flow.facts))
        passing = talk.of(TriageFacts).passing
        at.case.settle("guided")
        talk.new_concern()
        talk.of(TriageFacts).passing = passing
        if comes_back:  # a place that is held leaves nothing to come back to
            talk.of(TriageFacts).left = left
    if at.understood.also and at.understood.also != new.topic:
        talk.of(TriageFacts).left = at.understood.also
    talk.topic, talk.unclear = new.topic, 0
    device = device_in(at.turn.text) or device_in(new.before)
    if device is not None:
        at.person.device = device  # type: ignore[assignment]
    at.case.open(new.topic)
    flow = BY_TOPIC.get(new.topic)
    if flow is not None:
        flow.begin(at, talk.of(flow.facts), new.before)


def enter(at: Moment, switch: Switch) -> None:
    """Another flow goes on with the same concern."""
    at.talk.topic = switch.topic
    flow = BY_TOPIC[switch.topic]
    if switch.knowing is not None:
        facts = at.talk.of(type(switch.knowing))
        for name in switch.knowing.model_fields_set:
            setattr(facts, name, getattr(switch.knowing, name))
    if switch.hears:
        flow.begin(at, at.talk.of(flow.facts), "")


def _go_on(at: Moment) -> Reply:
    """The flow of what is talked about, from the top."""
    wants_person = at.talk.of(HandoverFacts).wanted and at.talk.of(SafetyFacts).person != "no"
    if wants_person:
        return _run(at, HANDOVER)
    facts = at.talk.of(TriageFacts)
    if at.talk.topic is None or facts.confirming or facts.wrong_guess:
        return _run(at, TRIAGE)
    return in_passing(at, _run(at, BY_TOPIC[at.talk.topic]))


def _run(at: Moment, flow: Flow[Any]) -> Reply:
    """Its answer, or that of whom it switches to."""
    for _ in range(MOST_SWITCHES + 1):
        found = flow.answer(at, at.talk.of(flow.facts))
        if not isinstance(found, Switch):
            return found
        enter(at, found)
        flow = BY_TOPIC[found.topic]
    raise RuntimeError(f"{flow.name} switches in a circle")


def _follow(at: Moment, switch: Switch) -> Reply:
    enter(at, switch)
    return _run(at, BY_TOPIC[switch.topic])


def summary(at: Moment) -> str:
    """One or two sentences that let the next member of staff pick up in four seconds."""
    told = [(flow, words) for flow in FLOWS if (words := flow.summary(at, at.talk.of(flow.facts)))]
    alone = next((words for flow, words in told if flow.sums_up), None)
    if alone is not None:
        return at.label("summary.sentence", words=alone).eye
    topic = at.label(
        "summary.topic", topic=topics().get(str(at.talk.topic), {}).get("eye", str(at.talk.topic)), device=_device(at)
    ).eye
    return "".join(at.label("summary.sentence", words=words).eye for words in (topic, *(words for _, words in told)))


def _device(at: Moment) -> str:
    device = at.person.device
    return at.label("summary.device", device=at.label(f"device.{device}").eye).eye if device else ""
