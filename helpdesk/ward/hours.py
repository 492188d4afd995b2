"""When people answer the telephone: the days and hours of the ward's profile, without holidays."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

import jpholiday
from pydantic import AfterValidator, BaseModel, ConfigDict

from helpdesk.clock import TOKYO

WEEKDAYS = "月火水木金土日"


def _weekdays(value: str) -> str:
    if not value or any(letter not in WEEKDAYS for letter in value):
        raise ValueError("must be letters of 月火水木金土日")
    return value


def _month_and_day(value: str) -> str:
    date.fromisoformat(f"2000-{value}")
    return value


class Hours(BaseModel):
    """Opening hours of one ward."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[str, AfterValidator(_weekdays)]
    opens: time
    closes: time
    holidays: bool
    """Whether national holidays, substitute ones too, are closed."""
    closed: tuple[Annotated[str, AfterValidator(_month_and_day)], ...] = ()
    """Further closed days of every year, as ``12-29``."""

    def is_open_day(self, day: date) -> bool:
        """Whether the helpdesk answers on this day."""
        if WEEKDAYS[day.weekday()] not in self.days or (self.holidays and jpholiday.is_holiday(day)):
            return False
        return f"{day:%m-%d}" not in self.closed

    def is_open(self, now: datetime) -> bool:
        """Whether somebody can be put through now; the opening second is open, the closing one closed."""
        local = now.astimezone(TOKYO)
        return self.is_open_day(local.date()) and self.opens <= local.time() < self.closes

    def next_open_day(self, after: date) -> date:
        """The first open day later than ``after``."""
        day = after + timedelta(days=1)
        while not self.is_open_day(day):
            day += timedelta(days=1)
        return day
