"""Which of the sessions on a list the words name: by its day, weekday, time, place or level."""

from flows.script.moment import Moment
from helpdesk.programme.values import Place
from nlu.cues import cue, heard
from nlu.entities import named, place_named
from nlu.time_words import WEEKDAYS, TimeWords, time_words

NOON = 12


def among_shown(at: Moment, said: str, shown: list[int]) -> int | None:
    """The one of those shown that the words name; None when none or several fit."""
    words, level, venue = time_words(said, at.now), named(said, "level"), place_named(said, at.ward.place_words)
    weekday = cue("day.weekday").search(said)
    places = [place for place in (at.case.reservations.place(slot) for slot in shown) if place is not None]
    found = [
        place.slot for place in places if _fits(place, said, words, weekday.group(1) if weekday else "", venue, level)
    ]
    return found[0] if len(found) == 1 else None


def _fits(place: Place, said: str, words: TimeWords, weekday: str, venue: str | None, level: str | None) -> bool:
    start = place.starts_at
    by_date = words.day is not None and not (weekday and not heard("day.by_date", said))
    fits = [
        words.day == start.date() if by_date else None,
        start.weekday() == WEEKDAYS.index(weekday) if weekday else None,
        words.time == f"{start:%H:%M}" if words.time else None,
        (start.hour < NOON) == (words.part == "am") if words.part else None,
        place.venue == venue if venue else None,
        place.level == level if level else None,
    ]
    return any(fit is not None for fit in fits) and all(fit in (None, True) for fit in fits)
