"""Guides are data: questions that find the cause, then ways to mend it, step by step (``*.yml`` here)."""
