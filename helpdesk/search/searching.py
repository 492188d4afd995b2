"""Finds people, inquiries and bookings by what staff type: words, names, readings, telephone numbers."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from helpdesk.booking.tables import Attendee, Booking
from helpdesk.booking.values import ACTIVE
from helpdesk.callbacks.tables import Callback
from helpdesk.people.tables import Address, Resident
from helpdesk.store.folding import fold, folded
from helpdesk.talks.tables import Inquiry, TurnRecord

FEWEST_DIGITS = 4
"""So many digits are a number's end; fewer are words."""
_NUMBER = re.compile(r"[+0-9ー()~.]+")


def matching(typed: str) -> ColumnElement[bool]:
    """Inquiries with the words in their summary or a turn, or of a person with this name, reading or number."""
    words = fold(typed)
    if not words:
        return false()
    spoken = select(TurnRecord.inquiry_id).where(_has(TurnRecord.text, words))
    found = [
        _has(Inquiry.summary, words),
        Inquiry.id.in_(spoken),
        Inquiry.resident_id.in_(_with_joined(_people(words))),
    ]
    ends = _number_ends(words)
    if ends:
        found.append(Inquiry.id.in_(select(Callback.inquiry_id).where(_like_number(Callback.number, ends))))
    return or_(*found)


def bookings(session: Session, typed: str, limit: int = 10) -> list[Booking]:
    """Bookings of people with this name, reading or number, or with this booking number.

    Those that hold come first, then the newest.
    """
    words = fold(typed)
    if not words:
        return []
    ends = _number_ends(words)
    found = [_has(Attendee.name, words), _has(Attendee.reading, words), Booking.number == words]
    if ends:
        found.append(_like_number(Booking.contact, ends))
    query = (
        select(Booking).join(Attendee).where(or_(*found))
        .order_by(Booking.state.in_(ACTIVE).desc(), Booking.id.desc()).limit(limit)
        .options(selectinload(Booking.attendee), selectinload(Booking.offering), selectinload(Booking.slot))
    )  # fmt: skip
    return list(session.scalars(query))


def _people(words: str) -> Select[int]:
    """The records of people whose name, reading or telephone number it is."""
    named = select(Attendee.resident_id).where(
        Attendee.resident_id.is_not(None), or_(_has(Attendee.name, words), _has(Attendee.reading, words))
    )
    found = [_has(Resident.name, words), Resident.id.in_(named)]
    ends = _number_ends(words)
    if ends:
        found.append(
            Resident.id.in_(
                select(Address.resident_id).where(Address.kind == "phone", _like_number(Address.value, ends))
            )
        )
    return select(Resident.id).where(or_(*found))


def _with_joined(people: Select[int]) -> Select[int]:
    """These records and all that staff joined with one of them."""
    lead = func.coalesce(Resident.joined_to_id, Resident.id)
    return select(Resident.id).where(lead.in_(select(lead).where(Resident.id.in_(people))))


def _has(column: InstrumentedAttribute[Any], words: str) -> ColumnElement[bool]:
    escaped = words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return folded(column).like(f"%{escaped}%", escape="\\")


def _number_ends(words: str) -> list[str]:
    """The patterns of numbers (E.164) that were meant; empty when it is no number."""
    digits = re.sub(r"[^0-9]", "", words)
    if not _NUMBER.fullmatch(words) or len(digits) < FEWEST_DIGITS:
        return []
    # The 0 in front of an area code is not kept: the whole number, or how it begins.
    return [f"%{digits}", *([f"+81{digits[1:]}%"] if digits.startswith("0") and len(digits) > 5 else [])]


def _like_number(column: InstrumentedAttribute[Any], ends: list[str]) -> ColumnElement[bool]:
    return or_(*(column.like(end) for end in ends))
