"""A person's name in what was said when a name was asked for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jaconv
import yaml

from nlu.entities import entities
from nlu.name_phrases import (
    BRACKETS,
    LONGEST,
    SENTENCES,
    halves,
    is_courtesy,
    is_spelling,
    without_politeness,
    without_spelling,
)
from nlu.name_variants import as_written, in_common_letters, in_kana, spelled_out
from nlu.text import tagged

LONGEST_NAME, LONGEST_READING = 80, 100
"""As long as what is kept of a person."""
LONGEST_PLAIN = 12
"""Kana that no dictionary takes for a person's name are one only when they are few."""
_SEPARATORS = " ・=＝-‐'’."
_PERSON, _TALK = (
    "人名",
    frozenset({"動詞", "形容詞", "副詞", "助動詞", "代名詞", "感動詞", "接続詞", "連体詞", "形状詞"}),
)
_SAID = frozenset({"形容詞", "副詞", "助動詞", "代名詞", "感動詞", "接続詞", "連体詞"})
SHORT = 4
_OPENINGS = ("はい", "ええ", "うん", "いいえ", "いえ")
_ENDS = frozenset([
    "て", "た", "で", "だ", "か", "ね", "よ", "な", "は", "が", "を", "に", "も", "の", "と", "さ", "わ", "ます", "です", "ない", "たい", "ん",
])  # fmt: skip
_NO_NOUN = frozenset({"サ変可能", "副詞可能", "助数詞可能", "サ変形状詞可能", "形状詞可能"})
_CLOCK = re.compile(
    r"(?:に|さん)?(?:じゅう)?(?:いち|に|さん|よ|ご|ろく|しち|なな|はち|く)?(?:じ(?:はん)?|にち|がつ)|(?:げつ|か|すい|もく|きん|ど|にち)よう(?:び)?"
)
_TALKING = re.compile(
    r"(?:ません|ます|ました|たい|ない|なかった|ください|下さい|ですか|ましょう|でしょう|だっけ|かな|かしら|かも|けど|から|って|よね|のに|ので|たら|れば|くれ|ほしい|ちゃった|してる|って言|んだ"
    r"|んです)$"
)


@dataclass(frozen=True)
class Name:
    """As it was said, and how it is read."""

    written: str
    reading: str
    """In hiragana without spaces: the same for every way of writing it."""
    was_not: str = ""
    """The name that was taken back: 「佐藤ではなく加藤です」."""


@lru_cache(maxsize=1)
def _talk_words() -> frozenset[str]:
    """Words of the talk in their normal form, and how they are read."""
    words = yaml.safe_load((Path(__file__).parent / "words" / "ja" / "talk_words.yml").read_text(encoding="utf-8"))
    read = ("".join(in_kana(kana or surface) for surface, _, kana in tagged(word)) for word in words)
    return frozenset(words) | frozenset(kana for kana in read if len(kana) > 1)


@lru_cache(maxsize=1)
def _little_words() -> frozenset[str]:
    return frozenset(
        yaml.safe_load((Path(__file__).parent / "words" / "ja" / "little_words.yml").read_text(encoding="utf-8"))
    )


@lru_cache(maxsize=1)
def _surnames() -> tuple[frozenset[str], dict[str, str]]:
    data = yaml.safe_load((Path(__file__).parent / "words" / "ja" / "surnames.yml").read_text(encoding="utf-8"))
    return frozenset(data["kana"].split()) | frozenset(data["written"].values()), data["written"]


def name_in(text: str) -> Name | None:
    """The name that a short answer consists of; None when it is something else."""
    said = as_written(text[:LONGEST]).replace("　", " ")
    if len(text) > LONGEST:
        return None
    bare, told = _without_brackets(said)
    denied, said = halves(bare)
    parts = [part for part in _parts(said) if not is_courtesy(part) and not is_spelling(part)]
    if len(parts) > MOST_PARTS or (not parts and not told):
        return None
    found = [name for part in parts if (name := _name_of(part, told)) is not None]
    if len(found) < len(parts) and not (
        found and all(_is_aside(part) for part in parts if _name_of(part, told) is None)
    ):
        return None
    if not found:
        return None
    name = _together(found)
    taken_back = _name_of(_parts(denied)[-1], "") if denied and _parts(denied) else None
    return Name(name.written, name.reading, taken_back.written if taken_back else "")


MOST_PARTS = 4


def was_not(text: str) -> bool:
    """Whether the words deny a name and say no other: 「佐藤じゃありません」."""
    denied, said = halves(as_written(text[:LONGEST]))
    return bool(denied) and name_in(said) is None


def instead(text: str) -> Name | None:
    """The name in an answer to 「かとうさんですね」: 「いえ、さとうです」, 「違います、佐藤です」, 「さとうですけど」."""
    whole = name_in(text)
    if whole is not None and (whole.was_not or starts_like_a_surname(text)):
        return whole
    said = _NOT_SO.sub("", as_written(text[:LONGEST]))
    return name_in(said) if said else None


_NOT_SO = re.compile(
    r"^(?:(?:いいえ|いえいえ|いえ|いやいや|いや|ううん|違います|違う|ちがいます|ちがう|違い(?:ます)?|ノー|あの|えっと)(?:よ|けど|です)?[、。,\s]*)+"
)


def starts_like_a_surname(text: str) -> bool:
    """Whether kana begin with a family name of which 「はい」 or 「うん」 is only the beginning (はいばら, うんの)."""
    kana = in_kana(without_politeness(as_written(text[:40]).strip(" 、。")))
    surnames = _surnames()[0]
    return any(
        kana[:length] in surnames
        for length in range(len(kana), 1, -1)
        if length == len(kana) or len(kana) - length >= 2
    )


def _without_brackets(said: str) -> tuple[str, str]:
    """The words outside of brackets, and the reading that stands in some."""
    told = ""
    for match in BRACKETS.finditer(said):
        kana = in_kana(match[1].strip())
        if re.fullmatch(r"[ぁ-ゖー]{2,40}", kana) and not _talk_words() & {match[1].strip()}:
            told = kana
    outside = BRACKETS.sub(" ", said)
    if re.search(r"[^\s、。]", outside):
        return outside.strip(), told
    inside = BRACKETS.findall(said)
    return (inside[0], "") if len(inside) == 1 and re.search(r"[ぁ-ヺ一-鿿]", inside[0]) else (outside.strip(), told)


def _parts(said: str) -> list[str]:
    """Sentences and clauses; a question is none of them, except one that only asks back for the name."""
    if re.search(r"[?？]\s*$", said) and not re.search(r"ですが[?？]\s*$", said):
        return [said.replace("?", "¿")]
    return [part for part in SENTENCES.split(said) if part.strip()]


def _is_aside(part: str) -> bool:
    """A part beside the name that is no talk: its letters explained, where somebody lives, how it is read."""
    return bool(
        re.search(
            r"(?:と書(?:いて|きます)|の字|という字|って読みます|と読みます|漢字|[区町市]の|住んで|在住|歳|才)", part
        )
    ) or bool(re.fullmatch(r".{1,8}に.{1,8}", part))


def _together(found: list[Name]) -> Name:
    """Said twice, the last counts; family and given name with a pause between them are one."""
    last = found[-1]
    if len(found) == 1:
        return last
    before = found[-2]
    if (
        last.reading.startswith(before.reading)
        or before.reading.endswith(last.reading)
        or before.reading.startswith(last.reading)
    ):
        return last if len(last.reading) >= len(before.reading) else before
    if _is_surname(before) and not _is_surname(last):
        return Name(
            f"{before.written} {last.written}" if " " in last.written else before.written + last.written,
            before.reading + last.reading,
        )
    return last


def _is_surname(name: Name) -> bool:
    return name.reading in _surnames()[0] or any(
        tags[3] == "姓" for _, tags, _ in tagged(in_common_letters(name.written))
    )


def _name_of(part: str, told: str) -> Name | None:
    said = without_politeness(part)
    for opening in _OPENINGS[:3]:
        # 「はい佐藤です」, but 「はいばらです」.
        rest = said.removeprefix(opening).strip()
        if rest != said and rest and not starts_like_a_surname(said) and _judged(rest, ""):
            said = rest
            break
    spelled = without_spelling(said)
    for candidate in (said, *spelled) if starts_like_a_surname(said) else (*spelled, said):
        found = _judged(without_politeness(candidate), told)
        if found is not None:
            return found
    return None


def _judged(said: str, told: str) -> Name | None:
    said = re.sub(r"\s+", " ", said).strip(_SEPARATORS)
    if not said or len(said) > LONGEST_NAME or not all(_is_letter(letter) or letter in _SEPARATORS for letter in said):
        return None
    common = in_common_letters(said)
    kana = in_kana(common)
    if not _is_name(common, kana):
        return None
    reading = told or (kana if re.fullmatch(r"[ぁ-ゖー]+", kana) else _reading(common))
    return Name(said, reading[:LONGEST_READING])


def _is_letter(letter: str) -> bool:
    return letter in "ー々〆ヶヵゝゞヽヾ" or unicodedata.category(letter) in ("Lo", "Lu", "Ll", "Lt", "Mn", "Mc")


def _is_name(common: str, kana: str) -> bool:
    surnames, written = _surnames()
    whole = common.replace(" ", "")
    if (
        kana in surnames
        or whole in written
        or (kana[0] != "ー" and len(kana) > 2 and any(one in surnames or _is_person(one) for one in spelled_out(kana)))
    ):
        return True
    if not re.search(r"[ぁ-ヺー一-鿿㐀-䶿々\U00020000-\U0003ffff]", common):
        return (
            len(whole) >= 2
            and not _is_thing(whole)
            and whole.lower() not in ("ok", "yes", "no", "hello", "help", "hi", "line", "wifi", "wi-fi")
        )
    words = list(tagged(common))
    if (
        not words
        or re.fullmatch(r".?ー*", kana)
        and len(whole) > 1
        or kana in ("あ", "え", "お", "う", "い", "ん")
        or _CLOCK.fullmatch(kana)
        or kana in _talk_words()
        or whole in _talk_words()
        or _is_place(whole)
        or _is_thing(whole)
    ):
        return False
    known = next((length for length in range(len(kana) - 1, 1, -1) if kana[:length] in surnames), 0)
    if re.fullmatch(r"[ぁ-ゖー]+", kana):
        return _is_name_in_kana(kana, known, words, katakana=not re.search(r"[ぁ-ゖ]", common))
    if (
        known
        and len(kana) > known
        and not _talk_words() & {kana[known:]}
        and all(tags[0] in ("名詞", "動詞") for _, tags, _ in tagged(kana[known:]))
    ):
        return True
    return _is_name_in_kanji(whole, words)


def _is_name_in_kana(kana: str, known: int, words: list[tuple[str, tuple[str, ...], str]], katakana: bool) -> bool:
    if _TALKING.search(kana) and not (known and len(kana) - known >= 2 and _is_person(kana[known:])):
        return False
    if known and len(kana) - known >= 2:
        return len(kana) <= LONGEST_PLAIN and (
            _is_person(kana[known:]) or not any(tags[0] in ("助動詞", "感動詞", "代名詞") for _, tags, _ in words)
        )
    if words[0][1][2] == _PERSON:
        return len(kana) <= 2 * LONGEST_PLAIN and not any(
            tags[0] == "助動詞" or surface in _talk_words() for surface, tags, _ in words[1:]
        )
    if not katakana and _speaks(kana, words):
        return False
    if not katakana and len(kana) <= SHORT and words[0][1][1] != "数詞":
        return kana not in _talk_words() and words[0][1][2] not in ("副詞可能", "助数詞可能")
    if katakana and (len(words) > 1 or len(kana) >= 5):
        return not any(
            tags[2] not in (_PERSON, "地名") and tags[1] == "普通名詞" and surface in _talk_words()
            for surface, tags, _ in words
        )
    return (
        len(kana) <= LONGEST_PLAIN
        and not any(tags[2] in _NO_NOUN or tags[1] == "数詞" or surface in _talk_words() for surface, tags, _ in words)
        and len(words) <= 3
    )


def _speaks(kana: str, words: list[tuple[str, tuple[str, ...], str]]) -> bool:
    """Whether kana that no dictionary knows as a name are a piece of talk.

    Short ones are cut into words by chance: they are looked up.
    """
    if kana in _little_words():
        return True
    first, last = words[0][1], words[-1]
    if len(kana) <= SHORT and len(words) == 1:
        return first[0] in _SAID or (first[0] == "動詞" and not first[5].startswith(("連用形", "未然形", "意志推量形")))
    if len(kana) <= SHORT:
        if words[0][0] in _OPENINGS or (last[0] in _ENDS and (words[0][0] in _talk_words() or first[2] == "副詞可能")):
            return True
        return last[0] in _ENDS and len(words[0][0]) > 1 and (first[0] in _TALK or first[1] == "数詞")
    kinds = [tags[0] for _, tags, _ in words]
    return any(kind in _SAID for kind in kinds) or kinds[-1] == "助詞" or (kinds.count("助詞") > 0 and "動詞" in kinds)


def _is_name_in_kanji(whole: str, words: list[tuple[str, tuple[str, ...], str]]) -> bool:
    _, written = _surnames()
    if any(surface in _talk_words() for surface, _, _ in words) and not any(
        whole.startswith(name) for name in written if len(name) > 1
    ):
        return False
    person = any(tags[2] == _PERSON for _, tags, _ in words)
    proper = person or any(tags[1] == "固有名詞" for _, tags, _ in words)
    if any(tags[0] == "助動詞" or (tags[0] in _TALK and not person) or tags[0] == "代名詞" for _, tags, _ in words):
        return False
    if any(tags[0] == "助詞" and surface not in "ノのヶケ之" for surface, tags, _ in words) and not (
        person and words[0][1][2] == _PERSON and len(words) <= 3
    ):
        return False
    if any(
        tags[0] in ("動詞", "形容詞", "形状詞")
        and not re.fullmatch(r"[ぁ-んァ-ヶ一-鿿]", surface)
        and re.search(r"[一-鿿].*[ぁ-ん]", surface)
        for surface, tags, _ in words
    ):
        return False
    if proper:
        return True
    if any(whole.startswith(name) for name in written if len(name) > 1):
        return True
    if any(tags[1] == "数詞" or tags[2] in _NO_NOUN for _, tags, _ in words):
        return False
    return len(whole) <= 4 and all(len(surface) == 1 or surface.isascii() for surface, _, _ in words)


def _is_person(kana: str) -> bool:
    words = list(tagged(kana))
    return len(words) == 1 and words[0][1][2] == _PERSON


def _is_place(whole: str) -> bool:
    """A place of the desk (飯田橋) and no family name."""
    found = [one for one in entities(whole) if one.end - one.start == len(whole)]
    return any(one.kind == "place" for one in found) and not any(tags[2] == _PERSON for _, tags, _ in tagged(whole))


def _is_thing(whole: str) -> bool:
    """A phone, an app, an offer."""
    return any(one.kind != "place" and one.end - one.start >= min(len(whole), 3) for one in entities(whole))


def _reading(common: str) -> str:
    _, written = _surnames()
    whole = common.replace(" ", "")
    start = next(
        (
            name
            for name in sorted(written, key=len, reverse=True)
            if whole == name or (len(name) > 1 and whole.startswith(name))
        ),
        "",
    )
    rest = whole[len(start) :] if start else common
    kana = "".join(kana if kana and kana != "キゴウ" else surface for surface, _, kana in tagged(rest)) if rest else ""
    return written.get(start, "") + in_kana(str(jaconv.kata2hira(kana)))
