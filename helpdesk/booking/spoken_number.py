"""Short numbers that can be spoken: four digits and a check digit (Damm), so that one misheard digit is noticed."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import damm

from helpdesk.booking.tables import Booking
from helpdesk.booking.values import ACTIVE

TRIES = 12


class NumbersExhausted(Exception):
    """Nearly all of the 10,000 numbers belong to active bookings."""


def is_number(digits: str) -> bool:
    """Whether these digits can be a booking number."""
    return len(digits) == 5 and digits.isascii() and bool(damm.is_valid(digits))


def draw_number(session: Session) -> str:
    """A number that no active booking has. Raises NumbersExhausted."""
    drawn = [f"{secrets.randbelow(10_000):04d}" for _ in range(TRIES)]
    numbers = [four + str(damm.calc_check_digit(four)) for four in drawn]
    used = set(session.scalars(select(Booking.number).where(Booking.number.in_(numbers), Booking.state.in_(ACTIVE))))
    for number in numbers:
        if number not in used:
            return number
    every = {f"{four:04d}" for four in range(10_000)} - {
        number[:4] for number in session.scalars(select(Booking.number).where(Booking.state.in_(ACTIVE)))
    }
    if not every:
        raise NumbersExhausted
    four = secrets.choice(sorted(every))
    return four + str(damm.calc_check_digit(four))


def spoken_number(number: str) -> str:
    """In two groups for the ear: 「1 2、3 4 5」."""
    return f"{' '.join(number[:2])}、{' '.join(number[2:])}"
