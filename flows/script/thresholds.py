"""From which confidence on something counts, measured per channel: docs/decisions/0006-confidence.md."""

ACT = 0.40
"""The likeliest meaning is taken up."""
SURE = 0.60
"""Below, what was taken up is named in passing."""
SWITCH = 0.60
"""Another meaning replaces the one that is talked about."""
OFFER = 0.10
"""A meaning is among those offered."""
CLEARLY = 0.80
"""A trouble counts although the words also answered what was asked (「来週…」)."""
CHATTER = 0.60
"""Chatter, or another matter of the ward, is answered as such."""
POOR_HEARING = 0.45
"""Below this confidence of the speech recogniser, what was understood is confirmed first."""
