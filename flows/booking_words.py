"""What the words of a wish for a place tell: which session, where, when, for whom."""

import re

from flows.desk import Moment
from nlu.entities import named
from nlu.time_words import time_words

EVENTS = ("game", "quiz", "walk")
_OTHER = re.compile(
    r"(母|父|祖母|祖父|妻|夫|主人|家内|おばあちゃん|おじいちゃん|姉|兄|妹|弟|義母|義父|友人|友達|両親|親)(?:の(?:代わり|かわり|ため|分|予約)|を|が|も|に(?!聞|教|言))"
)
_TOGETHER = re.compile(r"[二2]人|ふたり|夫婦|(?:妻|夫|主人|家内|母|父|娘|息子|友達|友人|友だち)(?:と(?!話|連絡)|も一緒)")
_TODAY = re.compile(r"^\s*(?:今日|本日)は、?")
_ANY_DAY = re.compile(r"いつでも|何日でも|日にちは(?:どれ|いつ)でも")
_ANYWHERE = re.compile(r"どこでも|場所は(?:どこ|どれ)でも")
_NEW = re.compile(r"予約(?:を)?(?:し(?:たい|て(?:くだ|ほ|お|もら|いただ))|お願い|おねがい|取り|とり|取って|入れて|希望)|申し込(?:み|ん)|参加(?:したい|させて|希望)")
_OLD = re.compile(r"変え|変更|ずら|替え|取り消|取消|キャンセル|やめ|確認|確かめ|できて|取れて|とれて|入って|したはず|した(?:ん|の)|ましたが|行けな|行かれな|欠席")


def hear(at: Moment, text: str) -> bool:
    """What the words tell about the wish becomes facts. Whether they told anything new."""
    talk = at.talk
    before = dict(talk.facts)
    text = _TODAY.sub("", text)
    kind, level, venue = named(text, "offer"), named(text, "level"), named(text, "place")
    if level in EVENTS:
        kind = "event"
    elif level is not None:
        kind = "class"
    if kind in ("class", "consultation", "event"):
        if kind != talk.facts.get("book.kind"):
            talk.tell("book.level", None)
        talk.tell("book.kind", kind)
        if level is not None:
            talk.tell("book.level", level)
    if venue is not None or _ANYWHERE.search(text):
        talk.tell("book.venue", venue)
    said = time_words(text, at.now)
    days = [said.day] if said.day else list(said.days)
    if days or _ANY_DAY.search(text):
        talk.tell("book.days", [day.isoformat() for day in days])
        if not said.part:
            talk.tell("book.part", None)
            talk.tell("book.time", None)
    if said.part:
        talk.tell("book.part", said.part)
        talk.tell("book.time", said.time)
    if _TOGETHER.search(text):
        talk.tell("book.party", True)
    other = _OTHER.search(text)
    if other:
        talk.tell("book.other", other.group(1))
    fresh = [
        name
        for name in ("kind", "level", "venue", "days", "part", "time")
        if talk.facts.get(f"book.{name}") and talk.facts.get(f"book.{name}") != before.get(f"book.{name}")
    ]
    if fresh:
        talk.facts["book.fresh"] = fresh
    return bool(fresh) or any(bool(talk.facts.get(key)) != bool(before.get(key)) for key in talk.facts if key.startswith("book.") and key != "book.fresh")


def is_new(text: str) -> bool:
    """「相談会を26日の3時に予約してください」: a new place, whatever a model takes it for."""
    named_one = named(text, "offer") or named(text, "level")
    return bool(named_one and _NEW.search(text) and not _OLD.search(text))
