"""What differs from ward to ward: one folder, read at the start, handed in wherever it is needed."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpdesk.telephone import national
from helpdesk.ward.hours import Hours

Kind = Literal["class", "consultation", "event"]


class WardError(Exception):
    """A ward's folder is not whole. ``str()`` is one line that names the file and the entry."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Venue(_Part):
    """A place where sessions are held, and the way to it."""

    name: str
    short: str
    """For lists by ear."""
    address: str
    station: str
    way: str
    """One sentence for the ear, from the station."""
    step_free: bool


class Quiet(_Part):
    """Between these times nothing leaves that nobody asked for (L6)."""

    from_: time = Field(alias="from")
    until: time


class Level(_Part):
    """One kind of session as people and staff call it."""

    name: str
    short: str
    staff: str


class Offer(_Part):
    """A class, a consultation or an event, with its levels."""

    staff: str
    levels: dict[str, Level]


class Ward(_Part):
    """One ward. Frozen: what staff change is laid over it."""

    name: str
    prefecture: str
    service: str
    main_number: str | None = None
    hours: Hours
    quiet: Quiet
    plan: dict[Kind, int]
    venues: dict[str, Venue]
    offers: dict[Kind, Offer]
    places: dict[str, list[str]]
    """The words for each venue."""
    lines: dict[str, Any] = {}

    @model_validator(mode="after")
    def _whole(self) -> "Ward":
        unknown = sorted(set(self.places) - set(self.venues)) + sorted(set(self.venues) - set(self.places))
        if unknown:
            raise ValueError(f"places.yml and venues.yml differ: {', '.join(unknown)}")
        missing = sorted(
            {"class", "consultation", "event"} - set(self.offers) | {"class", "consultation", "event"} - set(self.plan)
        )
        if missing:
            raise ValueError(f"plan and offers.yml need {', '.join(missing)}")
        if not self.venues:
            raise ValueError("venues.yml has no place")
        return self

    def is_open(self, now: datetime) -> bool:
        """Whether somebody can be put through now."""
        return self.hours.is_open(now)

    def level(self, kind: str, level: str) -> Level:
        """How a session of this kind and level is called. Raises KeyError."""
        return self.offers[kind].levels[level]  # type: ignore[index]

    def kind(self, kind: str) -> Offer:
        """A class, a consultation or an event. Raises KeyError."""
        return self.offers[kind]  # type: ignore[index]

    def nearby(self, venue: str | None) -> tuple[str, ...]:
        """Places at the same station."""
        known = self.venues.get(venue or "")
        if known is None:
            return ()
        return tuple(name for name, other in self.venues.items() if other.station == known.station and name != venue)

    @cached_property
    def place_words(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The words for each venue, as the understanding looks for them."""
        return tuple((venue, tuple(words)) for venue, words in self.places.items())

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What lines and pages say of the ward: ``{ward}``, ``{service}``, ``{hours}`` …"""
        opens, closes = self.hours.opens, self.hours.closes
        days = "平日" if self.hours.days == "月火水木金" else "・".join(self.hours.days) + "曜"
        return {
            "ward": self.name, "service": self.service,
            "office": national(self.main_number) if self.main_number else f"{self.name}役所",
            "hours": f"{days}{_hour(opens)}から{_hour(closes)}", "closes": _hour(closes), "venues": str(len(self.venues)),
        }  # fmt: skip


def _hour(at: time) -> str:
    return f"{at.hour}時" + (f"{at.minute}分" if at.minute else "")


def read_ward(folder: Path) -> Ward:
    """The ward of this folder. Raises WardError naming what is missing or wrong."""
    found: dict[str, Any] = {}
    for name in ("ward", "venues", "offers", "places", "lines"):
        path = folder / f"{name}.yml"
        try:
            part = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise WardError(f"{path}: {str(error).splitlines()[0]}") from error
        found |= part if name == "ward" else {name: part or {}}
    found["venues"] = {name: {"name": name, **facts} for name, facts in found["venues"].items()}
    try:
        return Ward.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        raise WardError(f"{folder}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
