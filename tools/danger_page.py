"""Write the table by kind into docs/danger.md: ``python -m tools.danger_page``."""

from collections import defaultdict
from pathlib import Path

from nlu.embedded import load_or_train
from tests.danger import Heard, heard
from tests.places import MODELS

PAGE = Path(__file__).parent.parent / "docs" / "danger.md"
START, END = "<!-- table -->", "<!-- end of table -->"


def table(sentences: list[Heard]) -> str:
    """Signs found and near misses let go, by kind."""
    kinds: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one in sentences:
        kinds[one.danger or "no danger", one.kind].append(one.found == one.danger)
    lines = ["| label | kind | right | of |", "|---|---|---|---|"]
    lines += [f"| {label} | {kind} | {sum(right)} | {len(right)} |" for (label, kind), right in sorted(kinds.items())]
    return "\n".join(lines)


def main() -> None:
    """Measure and write."""
    before, rest = PAGE.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    written = f"{before}{START}\n{table(heard(load_or_train(MODELS)))}\n{END}{after}"
    PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
