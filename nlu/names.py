"""A person's name in what was said when a name was asked for."""

import re
from dataclasses import dataclass

import jaconv

from nlu.text import clean, tagged, without_fillers

_BEFORE = re.compile(r"^(?:はい、?|ええ、?)?(?:(?:私|わたし|わたくし|母|父|主人|夫|妻|家内|本人)の?)?(?:(?:お?名前|おなまえ|なまえ|氏名|フルネーム)(?:は|が|、)?)?")
_AFTER = re.compile(
    r"(?:(?:って|と)(?:申|もう)します|(?:って|と)(?:い|言|云)います|でございます|です|だよ|だけど|ですけど|ですけれども|でお願いします|と申しますが|ですよ|ですね|って)$"
)
_TITLE = re.compile(r"(?:さん|さま|様|くん|ちゃん)$")
_NO_NAME = re.compile(
    r"ません|ましょう|予約|変更|変え|取り消|取消|キャンセル|やめ|やっぱ|来週|今週|来月|曜|時|日|話|人を|人と|担当|電話|分から|わから|わかん|ない|はい|いい|ほか|別の|もう一|教え|言い|聞|何|なに|なん|どう|違|ちが|待って|ちょっと"
)
_LETTERS = re.compile(r"[ぁ-ゖァ-ヺー々一-鿿A-Za-z・ ]{1,16}")
_TALK = frozenset({"動詞", "形容詞", "副詞", "助動詞", "代名詞", "感動詞", "接続詞", "連体詞"})


@dataclass(frozen=True)
class Name:
    """As it was said, and how it is read."""

    written: str
    reading: str
    """In hiragana without spaces: the same for every way of writing it."""


def name_in(text: str) -> Name | None:
    """The name that a short answer consists of; None when it is something else."""
    parts = [part for part in re.split(r"[。!?！？]", clean(text)) if part.strip()]
    said = without_fillers(parts[-1]) if parts else ""
    said = _BEFORE.sub("", said, count=1)
    for _ in range(3):
        said = _AFTER.sub("", said).strip(" 、。")
    said = _TITLE.sub("", said).strip(" 、。")
    if not _LETTERS.fullmatch(said) or _NO_NAME.search(said):
        return None
    words = list(tagged(said))
    if words and all(tags[0] in ("感動詞", "連体詞", "代名詞", "助詞") for _, tags, _ in words):
        return None
    is_person = any("人名" in tags for _, tags, _ in words)
    if len(said) == 1 and not (is_person or (words and words[0][1][0] == "名詞" and "一" <= said <= "鿿" and said not in "人何誰今前後上下中外母父兄姉弟妹妻夫")):
        return None
    kana = jaconv.kata2hira(said).replace(" ", "").replace("・", "")
    in_kana = re.fullmatch(r"[ぁ-ゖー]+", kana) is not None
    if not is_person and not in_kana and any(tags[0] in _TALK or tags[0] == "助詞" for _, tags, _ in words):
        return None
    if is_person and not in_kana and any(tags[0] in ("動詞", "形容詞", "副詞") for _, tags, _ in words):
        return None
    if in_kana and not is_person and len(kana) > 12:
        return None
    reading = kana if in_kana else "".join(jaconv.kata2hira(kana_ or surface) for surface, _, kana_ in words)
    return Name(re.sub(r"\s+", " ", said), reading.replace(" ", ""))
