"""What the words of a wish for a place tell: which session, where, when, for whom."""

import re
from datetime import date

from flows.script.moment import Moment
from nlu.entities import named
from nlu.names import name_in
from nlu.text import clean, tagged
from nlu.time_words import TimeWords, time_words

EVENTS = ("game", "quiz", "walk")
RULED_OUT = ("not_days", "not_weekdays", "since", "until")
"""Parts of a wish that hold whatever else is given up."""
_OTHER = re.compile(
    r"(母|父|祖母|祖父|妻|夫|主人|家内|おばあちゃん|おじいちゃん|姉|兄|妹|弟|義母|義父|友人|友達|両親|親)(?:の(?:代わり|かわり|ため|分|予約)|を|が|も|に(?!聞|教|言))"
)
_TOGETHER = re.compile(r"[二2]人|ふたり|夫婦|(?:妻|夫|主人|家内|母|父|娘|息子|友達|友人|友だち)(?:と(?!話|連絡)|も一緒)")
_TODAY = re.compile(r"^\s*(?:今日|本日)は、?")
_ANY_DAY = re.compile(r"いつでも|何日でも|日にちは(?:どれ|いつ)でも")
_SAME_DAY = re.compile(r"(?:同じ|おなじ)日(?!に[ちも])|同日|その日の")
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
    hear_time(at, time_words(text, at.now), bool(_ANY_DAY.search(text)))
    if _SAME_DAY.search(text):
        talk.tell("book.same_day", True)
    if _TOGETHER.search(text):
        talk.tell("book.party", True)
    other = _OTHER.search(text)
    if other:
        talk.tell("book.other", other.group(1))
    fresh = [
        name
        for name in ("kind", "level", "venue", "days", "part", "time", *RULED_OUT, "edge")
        if talk.facts.get(f"book.{name}") and talk.facts.get(f"book.{name}") != before.get(f"book.{name}")
    ]
    if fresh:
        talk.facts["book.fresh"] = fresh
    return bool(fresh) or any(bool(talk.facts.get(key)) != bool(before.get(key)) for key in talk.facts if key.startswith("book.") and key != "book.fresh")


def hear_time(at: Moment, said: TimeWords, any_day: bool = False) -> None:
    """When it is to be, and when not. Days that are named count instead of those before; what was ruled out stays so."""
    talk = at.talk
    days = [said.day] if said.day else list(said.days)
    told = {
        "not_days": [day.isoformat() for day in said.not_days],
        "not_weekdays": list(said.not_weekdays),
        "since": said.since,
        "until": said.until,
        "edge": said.edge,
    }
    if days or any_day:
        talk.tell("book.days", [day.isoformat() for day in days])
        if not said.part:
            talk.tell("book.part", None)
            talk.tell("book.time", None)
        _allow_again(at, days)
    if said.since or said.until:
        # 「10時以降」 is no wish for the morning: the hour that was said is the limit.
        talk.tell("book.part", None if said.time else said.part)
        talk.tell("book.time", None)
    elif said.part or said.time:
        talk.tell("book.part", said.part)
        talk.tell("book.time", said.time)
    if days or said.part or said.time or any(told.values()):
        talk.tell("book.edge", None)
    if said.since or said.until or said.time:
        talk.tell("book.since", None)
        talk.tell("book.until", None)
    for name, value in told.items():
        if value:
            talk.tell(f"book.{name}", value)
    for name, words in (("missing", said.missing), ("clash", said.clash)):
        if words:
            talk.tell(f"book.{name}", words)


def _allow_again(at: Moment, days: list[date]) -> None:
    """Who names a day that was ruled out before has changed their mind about it."""
    facts = at.talk.facts
    not_days, not_weekdays = facts.get("book.not_days") or [], facts.get("book.not_weekdays") or []
    if len(days) == 1:
        at.talk.tell("book.not_days", [one for one in not_days if one != days[0].isoformat()] or None)
        at.talk.tell("book.not_weekdays", [one for one in not_weekdays if one != days[0].weekday()] or None)


def is_introduction(text: str) -> bool:
    """「近藤です」, 「佐藤と申します」: who it is, said before it was asked for; it says nothing about a day."""
    words = list(tagged(clean(text)))
    names = [tags for _, tags, _ in words if "固有名詞" in tags]
    rest = [tags[0] for _, tags, _ in words if "固有名詞" not in tags]
    return bool(names) and (all(kind in ("助動詞", "助詞", "動詞", "接尾辞") for kind in rest) or name_in(text) is not None)


def is_new(text: str) -> bool:
    """「相談会を26日の3時に予約してください」: a new place, whatever a model takes it for."""
    named_one = named(text, "offer") or named(text, "level")
    return bool(named_one and _NEW.search(text) and not _OLD.search(text))
