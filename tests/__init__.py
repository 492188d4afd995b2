"""Tests. Names are sentences; rules of the style guide are named by their number."""
