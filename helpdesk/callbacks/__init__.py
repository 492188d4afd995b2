"""Calls that the desk owes somebody."""
