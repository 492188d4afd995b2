"""Whether a name that was told is that of a booking: the whole name in either order, or the surname alone."""

from helpdesk.booking.same_name import name_key
from helpdesk.booking.values import Held
from nlu.name_parts import kana, letters, reading_of, surname_readings

SHORTEST_PART = 2
"""Letters in kana of a surname or given name whose order may be turned round."""


def is_called(person: Held, written: str, reading: str) -> bool:
    """Whether ``written``, read ``reading``, names this person. Somebody without a name is called nothing."""
    if not person.name or not kana(reading):
        return False
    if letters(written) == letters(person.name):
        return True
    told = name_key(kana(reading))
    known = {kana(person.reading or ""), kana(reading_of(person.name))} - {""}
    if any(told in _keys({one, *_turned(one)}) for one in known):
        return True
    return told in _keys(surname_readings(person.name, person.reading or "")) or bool(
        _keys(known) & _keys(surname_readings(written, reading))
    )


def _keys(readings: set[str]) -> set[str]:
    return {name_key(one) for one in readings}


def _turned(reading: str) -> set[str]:
    """Given name first."""
    return {reading[cut:] + reading[:cut] for cut in range(SHORTEST_PART, len(reading) - SHORTEST_PART + 1)}
