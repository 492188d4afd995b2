"""Who comes to what: seats, bookings, the waiting list, what staff do for callers."""
