"""Draws the house from its imports.

``python -m tools.house_map`` (``make map``) writes docs/map.md, a test keeps it true.
"""

from collections.abc import Iterator
from pathlib import Path

import grimp

PACKAGES = ("admin", "scheduler", "bot", "flows", "nlu", "helpdesk")
FILE = Path(__file__).parent.parent / "docs" / "map.md"
Arrows = dict[str, set[str]]


def arrows(graph: grimp.ImportGraph, rooms: list[str]) -> Arrows:
    """Which room imports which."""
    found: Arrows = {room: set() for room in rooms}
    for room in rooms:
        inside = {room, *graph.find_descendants(room)}
        imported = {name for module in inside for name in graph.find_modules_directly_imported_by(module)}
        for other in rooms:
            if other != room and any(name == other or name.startswith(f"{other}.") for name in imported):
                found[room].add(other)
    return found


def fewest(all_arrows: Arrows) -> Arrows:
    """The same without the arrows that follow from others."""
    kept = {room: set(others) for room, others in all_arrows.items()}
    for room in sorted(kept):
        for other in sorted(kept[room]):
            kept[room].discard(other)
            if not _reaches(kept, room, other):
                kept[room].add(other)
    return kept


def _reaches(known: Arrows, start: str, end: str) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        for room in known[ahead.pop()] - seen:
            if room == end:
                return True
            seen.add(room)
            ahead.append(room)
    return False


def drawn(known: Arrows, folders: set[str]) -> Iterator[str]:
    """A Mermaid graph; a folder is a box with its name, a module has round corners."""
    yield "```mermaid"
    yield "flowchart TD"
    for room in sorted(known):
        name = room.rpartition(".")[2]
        yield f"  {room.replace('.', '_')}" + (f'["{name}/"]' if room in folders else f"({name})")
    for room in sorted(known):
        for other in sorted(known[room]):
            yield f"  {room.replace('.', '_')} --> {other.replace('.', '_')}"
    yield "```"


def page() -> str:
    """The whole page."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    lines = [
        "# Map of the house", "",
        "Made from the imports by `make map`; not written by hand. An arrow means \"imports\"; "
        "arrows that follow from others are left out.",
        "A square box is a folder, a round one a module.", "", "## The packages", "",
        *drawn(fewest(arrows(graph, list(PACKAGES))), set(PACKAGES)),
    ]  # fmt: skip
    for package in PACKAGES:
        rooms = sorted(graph.find_children(package))
        folders = {room for room in rooms if _is_folder(room)}
        lines += ["", f"## {package}/", "", *drawn(fewest(arrows(graph, rooms)), folders)]
        if folders:
            lines += ["", "| room | modules |", "|---|---|"]
            lines += [f"| `{room.replace('.', '/')}/` | {_modules(graph, room)} |" for room in sorted(folders)]
    return "\n".join(lines) + "\n"


def _is_folder(room: str) -> bool:
    return (FILE.parent.parent / room.replace(".", "/")).is_dir()


def _modules(graph: grimp.ImportGraph, room: str) -> str:
    found = sorted(name.removeprefix(f"{room}.") for name in graph.find_descendants(room))
    return " · ".join(name for name in found if not name.startswith("versions")) or "data alone"


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
