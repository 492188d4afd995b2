"""Keeps a spreadsheet from running what people said as a formula: an apostrophe goes before it, and away again."""

import unicodedata
from typing import Any

_SIGNS = "=+-@\N{MINUS SIGN}"
APOSTROPHE = "'"


def for_spreadsheet(value: Any) -> Any:
    """A cell that no spreadsheet runs. An apostrophe before a formula gets one more: the way back is exact."""
    return APOSTROPHE + value if isinstance(value, str) and _is_risky(value) else value


def from_spreadsheet(cell: str) -> str:
    """The cell as it was before ``for_spreadsheet``; every other apostrophe stays."""
    return cell.removeprefix(APOSTROPHE) if _is_risky(cell) else cell


def _is_risky(cell: str) -> bool:
    """Whether there is, behind any apostrophes, a line break, a tab, or a sign of a formula in any width.

    The first letter that can be seen counts.
    """
    text = cell.lstrip(APOSTROPHE)
    if text[:1] in ("\t", "\r", "\n"):
        return True
    unseen = ("Cc", "Cf")
    first = next((one for one in text if not one.isspace() and unicodedata.category(one) not in unseen), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _SIGNS
