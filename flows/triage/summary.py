"""One or two sentences that let the next member of staff pick up in four seconds."""

from flows.guides.guide import DEVICE_NAMES
from flows.guides.guidebook import guides
from flows.script.moment import Moment
from flows.script.wording import topics


def summary(at: Moment, facts: dict[str, object]) -> str:
    """「Wi-Fi・電波（iPhone）。家のWi-Fi。試したこと: Wi-Fiを入れ直す（直らず）。」"""
    topic = str(facts.get("topic") or "")
    if not topic:
        return ""
    device = DEVICE_NAMES.get(str(facts.get("device")), "")
    if facts.get("book.summary"):
        return f"{facts['book.summary']}。"
    parts = [topics().get(topic, {}).get("eye", topic) + (f"（{device}）" if device else "")]
    guide = guides().get(topic)
    if guide is not None:
        for name, question in guide.questions.items():
            parts += [option.label for option in question.options if option.id == facts.get(f"q.{name}")]
        for name, way in guide.ways.items():
            helped = facts.get(f"helped.{name}")
            if helped or facts.get(f"done.{name}"):
                parts.append(f"試したこと: {way.title}（{'直った' if helped == 'yes' else '直らず' if helped == 'no' else '途中'}）")
    if facts.get("safety.paid") == "yes":
        parts.append("お金を払った、または番号を入れたとのこと")
    if facts.get("person"):
        parts.append("担当者を希望")
    return "。".join(parts) + "。"
