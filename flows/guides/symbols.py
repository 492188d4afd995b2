"""Which picture belongs to a step: the symbol on the screen, by the words that name it (``symbols.yml``)."""

from functools import lru_cache
from pathlib import Path

import yaml

SYMBOLS = Path(__file__).with_name("symbols.yml")


@lru_cache(maxsize=1)
def symbols() -> dict[str, list[str]]:
    """Words by the name of their picture; earlier names win."""
    found: dict[str, list[str]] = yaml.safe_load(SYMBOLS.read_text(encoding="utf-8"))
    return found


def symbol_in(step: str) -> str | None:
    """The picture for the first symbol that ``step`` names."""
    found = [
        (step.index(word), -len(word), name) for name, words in symbols().items() for word in words if word in step
    ]
    return min(found)[2] if found else None
