"""What comes in from addresses and forms, read so that no sign can make a page fail."""

import re

from flask import Flask, abort, request
from werkzeug.routing import BaseConverter, ValidationError

LARGEST = 2**31 - 1
"""Record numbers are 32 bits wide on PostgreSQL."""
NUMBER = "record"
"""The converter of a record's number in an address."""
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def whole_number(written: str | None) -> int | None:
    """The number that was typed, in either width; None for anything else.

    ②, ², ٢ and twenty digits are no number of ours.
    """
    narrow = (written or "").strip().translate(_WIDE)
    if not re.fullmatch(r"[0-9]{1,10}", narrow):
        return None
    return int(narrow) if int(narrow) <= LARGEST else None


def has_odd_digits(written: str) -> bool:
    """Whether there are digits of another kind than the two widths: ②, ², ٢."""
    return any(letter.isnumeric() and not letter.isascii() for letter in written.translate(_WIDE))


class RecordNumber(BaseConverter):
    """A record's number in an address."""

    regex = "[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        number = whole_number(value)
        if number is None:
            raise ValidationError
        return number


def guard_fields(app: Flask) -> None:
    """A sign that no database can keep is refused before any page sees it."""
    app.url_map.converters[NUMBER] = RecordNumber

    @app.before_request
    def _no_null() -> None:
        if "\0" in request.path or any("\0" in text for pair in request.values.items(multi=True) for text in pair):
            abort(400)
