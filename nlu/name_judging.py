"""Whether letters are a person's name, by the dictionaries and by the words of the talk."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from nlu.entities import entities
from nlu.name_variants import in_kana, spelled_out
from nlu.text import tagged

LONGEST_PLAIN = 12
"""Kana that no dictionary takes for a person's name are one only when they are few."""
_PERSON, _TALK = (
    "人名",
    frozenset({"動詞", "形容詞", "副詞", "助動詞", "代名詞", "感動詞", "接続詞", "連体詞", "形状詞"}),
)
_SAID = frozenset({"形容詞", "副詞", "助動詞", "代名詞", "感動詞", "接続詞", "連体詞"})
SHORT = 4
OPENINGS = ("はい", "ええ", "うん", "いいえ", "いえ")
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


@lru_cache(maxsize=1)
def talk_words() -> frozenset[str]:
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
def family_names() -> tuple[frozenset[str], dict[str, str]]:
    """In kana, and how those in other letters are read."""
    data = yaml.safe_load((Path(__file__).parent / "words" / "ja" / "surnames.yml").read_text(encoding="utf-8"))
    return frozenset(data["kana"].split()) | frozenset(data["written"].values()), data["written"]


def is_name(common: str, kana: str) -> bool:
    """Whether letters, which are read ``kana`` where they are such, are a name."""
    surnames, written = family_names()
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
        or kana in talk_words()
        or whole in talk_words()
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
        and not talk_words() & {kana[known:]}
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
            tags[0] == "助動詞" or surface in talk_words() for surface, tags, _ in words[1:]
        )
    if not katakana and _speaks(kana, words):
        return False
    if not katakana and len(kana) <= SHORT and words[0][1][1] != "数詞":
        return kana not in talk_words() and words[0][1][2] not in ("副詞可能", "助数詞可能")
    if katakana and (len(words) > 1 or len(kana) >= 5):
        return not any(
            tags[2] not in (_PERSON, "地名") and tags[1] == "普通名詞" and surface in talk_words()
            for surface, tags, _ in words
        )
    return (
        len(kana) <= LONGEST_PLAIN
        and not any(tags[2] in _NO_NOUN or tags[1] == "数詞" or surface in talk_words() for surface, tags, _ in words)
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
        if words[0][0] in OPENINGS or (last[0] in _ENDS and (words[0][0] in talk_words() or first[2] == "副詞可能")):
            return True
        return last[0] in _ENDS and len(words[0][0]) > 1 and (first[0] in _TALK or first[1] == "数詞")
    kinds = [tags[0] for _, tags, _ in words]
    return any(kind in _SAID for kind in kinds) or kinds[-1] == "助詞" or (kinds.count("助詞") > 0 and "動詞" in kinds)


def _is_name_in_kanji(whole: str, words: list[tuple[str, tuple[str, ...], str]]) -> bool:
    _, written = family_names()
    if any(surface in talk_words() for surface, _, _ in words) and not any(
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
