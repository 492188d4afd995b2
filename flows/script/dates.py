"""Dates and times as they are said (P10)."""

from datetime import datetime

from nlu.time_words import WEEKDAYS


def clock(at: datetime) -> str:
    """「午後2時」, 「午前10時半」 (P10)."""
    minutes = {0: "", 30: "半"}.get(at.minute, f"{at.minute}分")
    return f"午前{at.hour}時{minutes}" if at.hour < 12 else f"午後{at.hour - 12 or 12}時{minutes}".replace("午後12時", "昼の12時")


def day(at: datetime) -> str:
    """「12月8日火曜日」: a date with its weekday (P10)."""
    return f"{at.month}月{at.day}日{WEEKDAYS[at.weekday()]}曜日"


def when(at: datetime) -> str:
    """「12月8日火曜日の午後2時」."""
    return f"{day(at)}の{clock(at)}"
