"""How much one person may take: of money (SMS), of the staff's time (call-backs), of seats, of the machine's time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a deployment allows (settings ``HELPDESK_…``)."""

    sms_per_call: int = 3
    sms_per_day: int = 6
    """To one number, in 24 hours."""
    booking_tries_per_call: int = 3
    booking_tries_per_day: int = 20
    """Tries to find a booking that may find nothing, from one telephone or friend; all withheld numbers are one."""
    booking_tries_per_day_all: int = 100
    open_callbacks: int = 3
    """Of one caller, LINE friend or number that is to be rung."""
    seats_per_person: int = 6
    """Held or waited for at a time through one number or friend, with the records joined to it."""
    percent_without_number: int = 20
    """Of a session's seats, for callers whose number is withheld."""
    longest_speech: int = 500
    longest_message: int = 1000
    """Characters of a turn that are looked at, by telephone and on LINE."""
    understood_per_minute: int = 30
    """Turns of one talk that are read by a model; beyond it rules alone answer."""
