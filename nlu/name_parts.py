"""The parts of a person's name: how a surname may be read, letters without gaps, whether it is only an introduction."""

from nlu.name_variants import in_common_letters, in_kana
from nlu.names import name_in
from nlu.text import clean, tagged

_DOT = "・"
_NAME, _SURNAME = "固有名詞", "姓"
_AROUND_A_NAME = ("助動詞", "助詞", "動詞", "接尾辞")
"""Parts of speech that stand beside a name when somebody introduces herself."""


def is_introduction(text: str) -> bool:
    """「近藤です」, 「佐藤と申します」: who it is, said before it was asked for; it says nothing about a day."""
    words = list(tagged(clean(text)))
    names = [tags for _, tags, _ in words if _NAME in tags]
    rest = [tags[0] for _, tags, _ in words if _NAME not in tags]
    return bool(names) and (all(kind in _AROUND_A_NAME for kind in rest) or name_in(text) is not None)


def surname_readings(written: str, reading: str) -> set[str]:
    """How the surname of a whole name may be read: its gap, or the words that it consists of, tell where it ends."""
    found = set()
    if " " in clean(written):
        found.add(kana(reading_of(clean(written).split(" ")[0])))
    for name in (written, reading):
        words = list(tagged(name))
        if len(words) > 1 and _SURNAME in words[0][1]:
            found.add(kana(words[0][2] or words[0][0]))
    return found - {""}


def reading_of(written: str) -> str:
    """As the dictionary reads it."""
    return "".join(kana_of or surface for surface, _, kana_of in tagged(in_common_letters(written)))


def kana(text: str) -> str:
    """One spelling in kana."""
    return in_kana(clean(text))


def letters(text: str) -> str:
    """In the letters of today, without gaps: 髙橋 and 高橋 are one."""
    return "".join(in_common_letters(text).split()).replace(_DOT, "")
