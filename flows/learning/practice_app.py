"""The practice app: its link and a code go out by LINE or SMS; where neither may leave, staff send it by mail."""

from typing import ClassVar, Literal

from flows.script.asking import ask, conclude
from flows.script.facts import Facts
from flows.script.flow import Flow
from flows.script.moment import Moment
from flows.script.question import Question
from flows.script.replies import LinkButton, Reply, Slip
from flows.steering.handover import call_back

TOPIC = "ask_practice_app"


class AppFacts(Facts):
    """Whether the way to the app is wanted, and what became of it."""

    FLOW: ClassVar[str] = "practice_app"
    SIDE: ClassVar[frozenset[str]] = frozenset({"summary"})

    wants: Literal["yes", "no"] | None = None
    summary: str = ""


def hear(at: Moment, facts: AppFacts, _question: Question) -> bool:
    """Yes or no to the way to the app."""
    if at.understood.choice not in ("yes", "no"):
        return False
    facts.wants = "yes" if at.understood.choice == "yes" else "no"
    return True


def answer(at: Moment, facts: AppFacts) -> Reply:
    """What it is; then the way to it."""
    if facts.wants == "yes":
        return give(at)
    if facts.wants == "no":
        return conclude(at, at.say("anything_else"), "guided")
    return ask(at.say(TOPIC), "answer.app", "yes_no")


def give(at: Moment) -> Reply:
    """Send the link, with the person's own code where the deployment has codes."""
    link, facts = at.deployment.practice_app_url, at.talk.of(AppFacts)
    sms = at.mobile if at.mobile and at.case.can_text(at.mobile) else None
    at.case.open(TOPIC)
    if link is None or (at.voice and sms is None):
        facts.summary = at.label("summary.app.by_mail").eye
        return call_back(at, at.say("app.by_mail"))
    code = at.case.learning.give_code()
    facts.summary = at.label("summary.app.code" if code else "summary.app", code=code or "").eye
    inquiry = at.case.current()
    if sms:
        body = at.say("app.sms.code" if code else "app.sms", link=link, secret=code or "").eye[0]
        at.case.text(f"app:{inquiry.id if inquiry else at.turn.key}", sms, body)
    reply = conclude(at, at.say("app.sent"), "guided")
    return reply if at.voice else _with_link(at, reply, link, code)


def _with_link(at: Moment, reply: Reply, link: str, code: str | None) -> Reply:
    rows = (
        (at.label("app.cost").eye, at.label("app.free").eye),
        *(((at.label("app.code").eye, code),) if code else ()),
    )
    slip = Slip(title=at.label("step.practice_app").eye, rows=rows, note=at.label("app.note").eye)
    return reply.with_(slip=slip, links=(LinkButton(label=at.label("app.open").eye, uri=link),))


def summary(_at: Moment, facts: AppFacts) -> str:
    """What was sent."""
    return facts.summary


PRACTICE_APP = Flow(
    name="practice_app", facts=AppFacts, answer=answer, hear=hear, summary=summary, sums_up=True,
    topics=frozenset({TOPIC}), asks=frozenset({"answer.app"}),
)  # fmt: skip
