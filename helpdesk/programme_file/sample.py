"""A whole fiscal year of made-up sessions over the ward's places, to try the service out.

There are 20 classes, 20 consultations and 18 events.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from helpdesk.clock import TOKYO
from helpdesk.ward.profile import Ward

_CLASSES = ("スマホ講習会 基礎編", "スマホ講習会 応用編")
_EVENTS = (("game", "ゲームで楽しむ体験会"), ("quiz", "クイズと謎解きの体験会"), ("walk", "スマホを持って歩く体験会"))
_PHONE = "お使いのスマートフォン"


def fiscal_year(day: date) -> int:
    """The year in which the fiscal year of ``day`` began (1 April)."""
    return day.year if day.month >= 4 else day.year - 1


def sample(year: int, ward: Ward) -> Iterator[dict[str, Any]]:
    """Rows as the import takes them, for the fiscal year that begins in April of ``year``."""
    places = list(ward.venues)
    start = date(year, 4, 7)
    for number in range(20):
        level = number % 2
        yield _row(f"K{number + 1:02d}", "class", ("basic", "applied")[level], _CLASSES[level],
                   places[(number // 2) % len(places)],
                   _weekday(ward, start + timedelta(days=17 * number), 1), (14, 10)[number % 4 // 2], 20)  # fmt: skip
        yield _row(f"S{number + 1:02d}", "consultation", "", "スマホ相談会", places[(number + 4) % len(places)],
                   _weekday(ward, start + timedelta(days=17 * number + 8), 3), (10, 14)[number % 2], 4)  # fmt: skip
    for number in range(18):
        level_name, title = _EVENTS[number % 3]
        yield _row(f"T{number + 1:02d}", "event", level_name, title, places[(number + 2) % len(places)],
                   _weekday(ward, start + timedelta(days=19 * number + 4), 4), (10, 14)[number % 2], 15)  # fmt: skip


def _weekday(ward: Ward, day: date, weekday: int) -> date:
    """The next such weekday that is no closed day."""
    day += timedelta(days=(weekday - day.weekday()) % 7)
    while not ward.hours.is_open_day(day):
        day += timedelta(weeks=1)
    return day


def _row(
    code: str, kind: str, level: str, title: str, venue: str, day: date, hour: int, capacity: int
) -> dict[str, Any]:
    starts_at = datetime.combine(day, time(hour), TOKYO)
    return {
        "code": f"見本-{code}", "kind": kind, "level": level, "title": title, "venue": venue,
        "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2),
        "capacity": capacity, "bring": _PHONE, "published": True, "cancelled": "", "sample": True,
    }  # fmt: skip
