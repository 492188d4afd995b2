"""Booking a place, and what was booked before."""
