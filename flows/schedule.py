"""When the next classes, consultations and events are, from the programme."""

from flows.desk import Moment, ask
from flows.replies import Card, Reply, yes_no
from flows.wording import say
from helpdesk.offering_tables import Offering
from nlu.entities import named

WEEKDAYS = "月火水木金土日"
NAMES = {
    ("class", "basic"): "基礎の講習会", ("class", "applied"): "応用の講習会", ("consultation", ""): "相談会",
    ("event", "game"): "ゲームの体験会", ("event", "quiz"): "クイズの体験会", ("event", "walk"): "歩く体験会",
}  # fmt: skip


def name_of(offering: Offering) -> str:
    """As people call it."""
    return NAMES[offering.kind, offering.level]


def when(offering: Offering) -> str:
    """「12月8日火曜日の14時」: a date with its weekday (P10)."""
    start = offering.starts_at
    minutes = f"{start.minute}分" if start.minute else ""
    return f"{start.month}月{start.day}日{WEEKDAYS[start.weekday()]}曜日の{start.hour}時{minutes}"


def answer(at: Moment) -> Reply | None:
    """The next session by ear, the next three by eye; what was named narrows them. None when nothing is planned."""
    wanted = {"kind": named(at.turn.text, "offer"), "level": named(at.turn.text, "level"), "venue": named(at.turn.text, "place")}
    if wanted["kind"] == "practice_app":
        return None
    if wanted["kind"] == "consultation":
        wanted["level"] = None
    found = at.case.upcoming(**wanted) or at.case.upcoming(wanted["kind"], wanted["level"], None) or at.case.upcoming(wanted["kind"], None, None)
    if not found:
        return None
    first = found[0]
    line = say("schedule", what=("見本の" if first.sample else "") + name_of(first), when=when(first), venue=first.venue)
    reply = ask(line, "answer.person", "yes_no", yes_no("はい、話します", "いいえ"))
    if at.voice:
        return reply
    steps = tuple(f"{when(one)} {name_of(one)}、{one.venue}" for one in found)
    return reply.with_(card=Card(title="これからの予定", steps=steps, note="見本の予定です" if any(one.sample for one in found) else ""))
