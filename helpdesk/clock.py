"""The only caller of now. Every instant is aware and in Asia/Tokyo."""

import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant in Tokyo."""
    return datetime.now(TOKYO)


def clock_from(start: datetime | None) -> Clock:
    """A clock that starts at ``start`` when this is called and then runs on; the system's clock without a start."""
    if start is None:
        return system_clock
    began = time.monotonic()
    first = start.astimezone(TOKYO)

    def running() -> datetime:
        return datetime.fromtimestamp(first.timestamp() + time.monotonic() - began, TOKYO)

    return running
