"""Whole numbers that come from outside: 「²」 and a number of twenty digits are none that can be kept."""

import unicodedata

LARGEST = 2_147_483_647
"""What an id's column holds."""


def whole(text: str | None, most: int = LARGEST) -> int | None:
    """The number that is written, full-width or not, from 0 to ``most``; None when it is none."""
    written = unicodedata.normalize("NFKC", text or "").strip() if len(text or "") <= 32 else ""
    if not written or not (written.isascii() and written.isdigit()):
        return None
    number = int(written)
    return number if number <= most else None
