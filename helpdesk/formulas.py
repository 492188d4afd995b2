"""Keeps a spreadsheet from running what people said as a formula: an apostrophe is put before it, and taken away again."""

import unicodedata
from typing import Any

_SIGNS = "=+-@\N{MINUS SIGN}"
APOSTROPHE = "'"


def for_spreadsheet(value: Any) -> Any:
    """A cell that no spreadsheet runs. An apostrophe that stood before a formula already gets one more, so that the way back is exact."""
    if isinstance(value, str) and (value[:1] in ("\t", "\r", "\n") or _is_formula(value.lstrip(APOSTROPHE))):
        return APOSTROPHE + value
    return value


def from_spreadsheet(cell: str) -> str:
    """The cell as it was before ``for_spreadsheet``; every other apostrophe stays."""
    bare = cell.removeprefix(APOSTROPHE)
    return bare if bare != cell and for_spreadsheet(bare) == cell else cell


def _is_formula(text: str) -> bool:
    """Whether the first letter that can be seen is a sign of a formula, in any width."""
    first = next((letter for letter in text if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf")), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _SIGNS
