"""A person's name in what was said when a name was asked for."""

import re
import unicodedata
from dataclasses import dataclass

import jaconv

from nlu.name_judging import OPENINGS, family_names, is_name, talk_words
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
from nlu.name_variants import as_written, in_common_letters, in_kana
from nlu.text import tagged

LONGEST_NAME, LONGEST_READING = 80, 100
"""As long as what is kept of a person."""
_SEPARATORS = " ・=＝-‐'’."


@dataclass(frozen=True)
class Name:
    """As it was said, and how it is read."""

    written: str
    reading: str
    """In hiragana without spaces: the same for every way of writing it."""
    was_not: str = ""
    """The name that was taken back: 「佐藤ではなく加藤です」."""


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
    surnames = family_names()[0]
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
        if re.fullmatch(r"[ぁ-ゖー]{2,40}", kana) and not talk_words() & {match[1].strip()}:
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
    return name.reading in family_names()[0] or any(
        tags[3] == "姓" for _, tags, _ in tagged(in_common_letters(name.written))
    )


def _name_of(part: str, told: str) -> Name | None:
    said = without_politeness(part)
    for opening in OPENINGS[:3]:
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
    if not is_name(common, kana):
        return None
    reading = told or (kana if re.fullmatch(r"[ぁ-ゖー]+", kana) else _reading(common))
    return Name(said, reading[:LONGEST_READING])


def _is_letter(letter: str) -> bool:
    return letter in "ー々〆ヶヵゝゞヽヾ" or unicodedata.category(letter) in ("Lo", "Lu", "Ll", "Lt", "Mn", "Mc")


def _reading(common: str) -> str:
    _, written = family_names()
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
