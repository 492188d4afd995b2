"""The practice app: its link and a code go out by LINE or SMS; on a landline, and when no more SMS may leave, staff send it by mail."""

from flows.script.asking import ask, conclude
from flows.script.moment import Moment
from flows.script.replies import LinkButton, Reply, Slip, yes_no
from flows.script.wording import say
from flows.steering.handover import call_back

TOPIC = "ask_practice_app"


def answer(at: Moment) -> Reply:
    """What it is; then the way to it."""
    if at.talk.ask == "answer.app" and at.understood.choice == "yes":
        return give(at)
    if at.talk.ask == "answer.app" and at.understood.choice == "no":
        return conclude(at, say("anything_else"), "guided")
    return ask(say(TOPIC), "answer.app", "yes_no", yes_no("案内を見る", "いいえ"))


def give(at: Moment) -> Reply:
    """Send the link, with the person's own code where the deployment has codes."""
    link = at.place.practice_app_url
    sms = at.mobile if at.mobile and at.case.can_text(at.mobile) else None
    if link is None or (at.voice and sms is None):
        at.case.open(TOPIC)
        at.talk.facts["book.summary"] = "練習アプリの案内を郵送してほしいとのこと"
        at.talk.tell("person", "wanted")
        return call_back(at, say("app.by_mail"))
    code = at.case.learning.give_code()
    at.case.open(TOPIC)
    at.talk.facts["book.summary"] = "練習アプリの案内を送った" + (f"（コード {code}）" if code else "")
    inquiry = at.case.current()
    if sms:
        body = say("app.sms.code" if code else "app.sms", link=link, secret=code or "").eye[0]
        at.case.text(f"app:{inquiry.id if inquiry else at.turn.key}", sms, body)
    reply = conclude(at, say("app.sent"), "guided")
    if at.voice:
        return reply
    rows = (("コード", code),) if code else ()
    slip = Slip(title="練習アプリ", rows=(("費用", "無料です"), *rows), note="下のボタンで開き、出てきた画面の案内に沿って入れます。")
    return reply.with_(slip=slip, links=(LinkButton(label="練習アプリを開く", uri=link),))
