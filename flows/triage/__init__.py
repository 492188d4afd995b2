"""Finds out what it is about."""
