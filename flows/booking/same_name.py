"""Whether a name that was told is that of a booking: the whole name in either order, or the surname alone."""

from helpdesk.booking.same_name import name_key
from helpdesk.booking.values import Held
from nlu.name_variants import in_common_letters, in_kana
from nlu.text import clean, tagged

SHORTEST_PART = 2
"""Letters in kana of a surname or given name whose order may be turned round."""


def is_called(person: Held, written: str, reading: str) -> bool:
    """Whether ``written``, read ``reading``, names this person. Somebody without a name is called nothing."""
    if not person.name or not _kana(reading):
        return False
    if _letters(written) == _letters(person.name):
        return True
    told = name_key(_kana(reading))
    known = {_kana(person.reading or ""), _kana(_read(person.name))} - {""}
    if any(told in _keys({one, *_turned(one)}) for one in known):
        return True
    return told in _keys(_surnames(person.name, person.reading or "")) or bool(_keys(known) & _keys(_surnames(written, reading)))


def _keys(readings: set[str]) -> set[str]:
    return {name_key(one) for one in readings}


def _turned(reading: str) -> set[str]:
    """Given name first."""
    return {reading[cut:] + reading[:cut] for cut in range(SHORTEST_PART, len(reading) - SHORTEST_PART + 1)}


def _surnames(written: str, reading: str) -> set[str]:
    """How the surname of a whole name may be read: its gap, or the words that it consists of, tell where it ends."""
    found = set()
    if " " in clean(written):
        found.add(_kana(_read(clean(written).split(" ")[0])))
    for name in (written, reading):
        words = list(tagged(name))
        if len(words) > 1 and "姓" in words[0][1]:
            found.add(_kana(words[0][2] or words[0][0]))
    return found - {""}


def _read(written: str) -> str:
    return "".join(kana or surface for surface, _, kana in tagged(in_common_letters(written)))


def _kana(text: str) -> str:
    return in_kana(clean(text))


def _letters(text: str) -> str:
    """In the letters of today, without gaps: 髙橋 and 高橋 are one."""
    return "".join(in_common_letters(text).split()).replace("・", "")
