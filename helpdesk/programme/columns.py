"""The columns that make a ``Place``, for every statement that reads one beside something else."""

from typing import Any

from sqlalchemy import case

from helpdesk.programme.tables import Offering, Slot

PLACE: tuple[Any, ...] = (
    Slot.id, Slot.offering_id, Slot.number, Offering.kind, Offering.level, Offering.venue, Slot.starts_at, Slot.ends_at,
    case((Slot.taken < Slot.capacity, Slot.capacity - Slot.taken), else_=0),
    Offering.bring, Offering.sample, Offering.cancelled, Offering.published, Offering.sequence, Offering.changed_at,
)  # fmt: skip
"""In the order of the fields of ``Place``: ``Place(*row)``."""
