"""Finds out what it is about and hands over to the flow that helps."""

from flows.booking import booking, own_bookings
from flows.booking import wish as booking_words
from flows.guides import guide as guide_flow
from flows.guides.guidebook import guides
from flows.learning import path as learning_path
from flows.learning import practice_app
from flows.script.asking import EAR, another, ask, conclude, ear_length
from flows.script.moment import Moment
from flows.script.replies import Reply, yes_no
from flows.script.wording import Line, say, topics
from flows.steering.handover import hand_over
from flows.steering.repair import LAST_RUNG, offer, unclear
from flows.triage import about_place
from helpdesk.masking import mask

ACT, SURE, SWITCH, OFFER = 0.30, 0.60, 0.60, 0.10
"""From ACT on the likeliest meaning is taken up, below SURE it is named in passing, from SWITCH on it replaces another one, from
OFFER on it is among those offered (measured per channel: docs/decisions/0006-confidence.md)."""
CLEARLY = 0.80
"""From here on a trouble counts although the words also answered what was asked (「来週…」)."""
CHATTER = 0.40
POOR_HEARING = 0.45
"""Below this confidence of the speech recogniser, what was understood is confirmed first."""
WITH_PERSON = ("ask_venue", "ask_conditions")
SMALL_TALK = ("greet", "thanks", "goodbye", "ward_other_service", "out_of_scope")


def take(at: Moment) -> None:
    """The topic, when this turn names one."""
    talk, meant = at.talk, at.understood
    if at.heard_facts and talk.ask.startswith("path."):
        return
    if talk.ask.startswith(("booking.pick", "booking.confirm", "booking.kind")) and meant.intent in ("book", "booking_check", "booking_change", "ask_schedule"):
        return  # 「予約する」 beside a list of days says nothing new
    if at.heard_facts and not (meant.intent.startswith("trouble_") and meant.confidence >= CLEARLY):
        return
    if at.turn.heard == "said" and meant.choice is None and own_bookings.is_about_offer(at.turn.text):
        begin(at, "booking_check")
        return
    if at.turn.heard == "said" and meant.choice is None and meant.intent in own_bookings.TOPICS and booking_words.is_new(at.turn.text):
        begin(at, "book")
        return
    if talk.facts.pop("passing", None) and meant.intent == "deny" and meant.choice is None and talk.ask.startswith("guide.question:"):
        at.case.withdraw_topic()
        talk.new_concern()
        talk.tell("wrong_guess", True)
        return
    if talk.ask == "triage.which":
        if meant.choice and meant.choice != "none":
            _chosen(at, meant.choice)
        return
    if talk.ask == "triage.waiting":
        waiting = talk.facts.get("waiting")
        talk.tell("waiting", None)
        if meant.choice == "yes" and waiting:
            begin(at, waiting)
        return
    if talk.ask.startswith("triage.confirm:"):
        if meant.choice == "yes":
            _chosen(at, talk.ask.partition(":")[2])
        elif meant.choice is None and _fits(at, talk.ask.partition(":")[2]):
            # Told in pieces (「写真が」「見つからないの」): the second fits the first.
            begin(at, talk.ask.partition(":")[2], talk.facts.get("unsure.words", ""))
        return
    from_menu = at.turn.heard == "tapped" and at.turn.tapped_ask is None
    if meant.choice is not None or (meant.engine == "rules" and not from_menu) or meant.intent not in topics():
        return
    needed = ACT if talk.facts.get("topic") is None else SWITCH
    if talk.facts.get("topic") == meant.intent or meant.confidence < needed:
        return
    if at.turn.recogniser_confidence is not None and at.turn.recogniser_confidence < POOR_HEARING:
        talk.tell("confirming", meant.intent)
        return
    begin(at, meant.intent)
    if meant.confidence < SURE:
        talk.facts["passing"] = True


def _fits(at: Moment, asked: str) -> bool:
    """Whether what was said instead of yes or no agrees with what was asked about."""
    meant = at.understood
    return meant.intent == asked or (meant.confidence < SURE and asked in [label for label, _ in meant.likeliest])


def _chosen(at: Moment, topic: str) -> None:
    """Asked back, the person told what was meant: that is a labelled example for staff to confirm."""
    words, offered = at.talk.facts.pop("unsure.words", None), at.talk.facts.pop("unsure.offered", [])
    begin(at, topic, words or "")
    if words:
        at.case.keep_example(words, offered, topic)


def _remember_unsure(at: Moment, labels: tuple[str, ...]) -> None:
    if at.turn.heard == "said" and at.turn.text:
        at.talk.tell("unsure.words", mask(at.turn.text)[:200])
        at.talk.tell("unsure.offered", list(labels))


def begin(at: Moment, topic: str, before: str = "") -> None:
    """A concern starts; one that was open before it is left as far as it came. ``before`` is what was said when it was not yet clear."""
    left = at.talk.facts.get("topic")
    if left not in (None, topic):
        held = at.talk.facts.get("book.made")
        at.case.settle("guided")
        at.talk.new_concern()
        at.talk.changed = []
        if not held:  # a place that is held leaves nothing to come back to
            at.talk.tell("waiting", left)
    if at.understood.also and at.understood.also != topic:
        at.talk.tell("waiting", at.understood.also)
    at.talk.facts.pop("confirming", None)
    at.talk.tell("topic", topic)
    at.talk.unclear = 0
    device = guide_flow.device_in(at.turn.text) or guide_flow.device_in(before)
    if device:
        at.talk.tell("device", device)
    at.case.open(topic)
    if topic in guides():
        guide_flow.begin(at, guides()[topic], before)
    booking.begin(at, topic, before)
    learning_path.begin(at, topic, before)


def reply(at: Moment) -> Reply:
    """What to say next about the topic, or how to find it."""
    talk, meant = at.talk, at.understood
    topic = talk.facts.get("topic")
    if talk.facts.pop("wrong_guess", None):
        return ask(say("wrong_guess"), "open")
    if talk.facts.get("confirming"):
        label = talk.facts.pop("confirming")
        _remember_unsure(at, (label,))
        words = {"ear": topics()[label]["ear"], "eye": topics()[label]["eye"]}
        return ask(say("confirm.topic", **words), f"triage.confirm:{label}", "yes_no", yes_no())
    if talk.ask == "triage.waiting" and topic is None:
        return another(say("anything_else"))
    if talk.ask == "else" and topic is None:
        if meant.choice == "no" or meant.intent in ("deny", "goodbye", "thanks"):
            line = say("goodbye")
            return Reply(ear=line.ear, eye=line.eye, ask="open", then="hang_up" if at.voice else "listen")
        if meant.choice == "yes" or meant.intent == "affirm":
            return ask(say("tell_me"), "open")
    if topic is None:
        return _unknown(at)
    if topic in guides():
        answer = guide_flow.run(at, guides()[topic])
        return _in_passing(at, topic, answer) if talk.facts.get("passing") else answer
    return _answer(at, topic)


def _in_passing(at: Moment, topic: str, answer: Reply) -> Reply:
    """What was understood is named before the first question, so that a wrong guess can be told at once."""
    line = say("passing", ear=topics()[topic]["short"], eye=topics()[topic]["eye"])
    if not at.voice:
        return answer.with_(eye=(*line.eye, *answer.eye)) if answer.card is None else answer
    ear = (line.ear[0] + answer.ear[0], *answer.ear[1:])
    keys = "、".join(f"{choice.ear or choice.label}は3" for choice in answer.choices if choice.key) + "を押してください。"
    return answer.with_(ear=ear) if ear_length((*ear, keys)) <= EAR else answer


def _unknown(at: Moment) -> Reply:
    meant = at.understood
    if at.talk.ask == "triage.which" and meant.choice == "none":
        at.talk.unclear = 2
        return unclear(at)
    if at.talk.ask.startswith("triage.confirm:") and meant.choice == "no":
        return ask(say("tell_me"), "open")
    if meant.intent == "greet":
        return ask(say("tell_me"), "open")
    if meant.intent in ("thanks", "solved"):
        return another(say("thanks"))
    if meant.intent == "goodbye":
        line = say("goodbye")
        return Reply(ear=line.ear, eye=line.eye, ask="open", then="hang_up" if at.voice else "listen")
    if meant.confidence >= CHATTER and meant.intent in ("ward_other_service", "out_of_scope"):
        if meant.intent == "out_of_scope":
            # Chatter may as well be a trouble that was not understood: it is a rung of the ladder (P8).
            at.talk.unclear += 1
            if at.talk.unclear >= LAST_RUNG:
                return unclear(at)
        line = say("other_service" if meant.intent == "ward_other_service" else "out_of_scope")
        return another(line)
    likely = tuple(label for label, p in meant.likeliest if label in topics() and not label.startswith("safety") and p >= OFFER)
    if len(likely) >= 2 and at.talk.ask != "triage.which":
        _remember_unsure(at, likely)
        return offer(at, likely)
    if len(likely) == 1:
        _remember_unsure(at, likely)
        words = {"ear": topics()[likely[0]]["ear"], "eye": topics()[likely[0]]["eye"]}
        return ask(say("confirm.topic", **words), f"triage.confirm:{likely[0]}", "yes_no", yes_no())
    return unclear(at)


def _answer(at: Moment, topic: str) -> Reply:
    """What is answered from data, and honestly handed to a person where nothing is known yet."""
    if at.talk.ask == "answer.person" and at.understood.choice == "yes":
        return hand_over(at)
    if at.talk.ask == "answer.person" and at.understood.choice == "no":
        return conclude(at, say("anything_else"), "guided")
    if topic in (*booking.TOPICS, *own_bookings.TOPICS):
        return booking.run(at)
    if topic == learning_path.TOPIC:
        return learning_path.run(at)
    if topic == practice_app.TOPIC:
        return practice_app.answer(at)
    if topic in booking.KINDS_ASKED:
        return _about_sessions(at, topic)
    if topic == "ask_venue":
        found = about_place.way(at)
        if found is not None:
            return found
    if topic == "ask_conditions":
        found = about_place.step_free(at) or about_place.bring(at)
        if found is not None:
            return found
    if topic == "ask_helpdesk":
        at.case.settle("guided")
        at.talk.new_concern()
        return ask(say("ask_helpdesk"), "open")
    if topic in WITH_PERSON:
        return ask(say(topic), "answer.person", "yes_no", yes_no("はい、話します", "いいえ"))
    if topic in learning_path.NO_SMARTPHONE:
        return learning_path.run(at) if at.talk.facts.get("path.stop") else ask(say(topic), "answer.path", "yes_no", yes_no("はい", "いいえ"))
    words = {"ear": topics()[topic]["ear"], "eye": topics()[topic]["eye"]}
    return hand_over(at, say("honest", **words))


def _about_sessions(at: Moment, topic: str) -> Reply:
    """What it is, then the next days of it."""
    if at.talk.ask == "answer.next" and at.understood.choice == "yes":
        at.talk.tell("topic", "book")
        at.talk.tell("book.kind", booking.KINDS_ASKED[topic])
        return booking.run(at)
    if at.talk.ask == "answer.next" and at.understood.choice == "no":
        return conclude(at, say("anything_else"), "guided")
    return ask(say(topic), "answer.next", "yes_no", yes_no("日にちを見る", "いいえ"))


def offer_waiting(at: Moment, reply: Reply) -> Reply:
    """Where "anything else?" would be asked, the concern that was left for another one is offered instead."""
    waiting = at.talk.facts.get("waiting")
    if reply.ask != "else" or waiting not in topics() or at.talk.facts.get("topic"):
        return reply
    words = {"ear": topics()[waiting]["ear"], "eye": topics()[waiting]["eye"]}
    line = say("waiting", **words)
    before = Line(reply.ear[:-1][-1:], reply.eye[:-1]) if len(reply.ear) > 1 else None
    return ask(line, "triage.waiting", "yes_no", yes_no("はい、戻ります", "いいえ"), before).with_(card=reply.card)
