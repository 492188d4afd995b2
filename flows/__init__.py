"""Converse: what to ask and say. Knows no HTTP, no TwiML, no LINE and no SQL."""
