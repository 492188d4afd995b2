"""The places of the ward where sessions are held (``venues.yml``)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

VENUES = Path(__file__).parent.parent.parent / "wards" / "chiyoda" / "venues.yml"


@dataclass(frozen=True)
class Venue:
    """A place and the way to it."""

    name: str
    short: str
    """For lists by ear."""
    address: str
    station: str
    way: str
    """One sentence for the ear, from the station."""
    step_free: bool


@lru_cache(maxsize=1)
def venues() -> dict[str, Venue]:
    """All places by name."""
    return {name: Venue(name, **facts) for name, facts in yaml.safe_load(VENUES.read_text(encoding="utf-8")).items()}
