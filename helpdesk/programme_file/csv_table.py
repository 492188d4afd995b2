"""The rows of an officer's file under the names of their columns; every row knows its line in the file."""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

from helpdesk.programme_file.csv_text import AGAIN, Unreadable, text_of
from helpdesk.programme_file.widths import half_width

_SEPARATORS = (",", "\t", ";")
_LOOKED_AT = 30
"""A headline above the columns' names is looked for in so many rows."""
_SHOWN = 40


class NotImported(Exception):
    """The file has mistakes and nothing was kept. ``faults`` has one line each, in Japanese, with the line's number."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} mistakes")
        self.faults = faults


@dataclass
class Line:
    """A row: in which line of the file it begins, and its cells by column."""

    number: int
    cells: dict[str, str]
    faults: list[str] = field(default_factory=list)


@dataclass
class Table:
    """What a file holds."""

    columns: list[str]
    lines: list[Line]
    remarks: list[str]
    """What was left aside, in Japanese."""
    broken: list[str]
    """Where reading had to stop."""


def table(content: bytes, needed: tuple[str, ...], optional: tuple[str, ...]) -> Table:
    """The rows that have any content. Raises NotImported when the file is no such table at all."""
    try:
        text = text_of(content)
    except Unreadable as error:
        raise NotImported([str(error)]) from None
    known = (*needed, *optional)
    separator = max(_SEPARATORS, key=lambda one: max(_hits(row, known) for _, row in _first_rows(text, one)))
    rows: list[tuple[int, list[str]]] = []
    broken: list[str] = []
    try:
        rows.extend(row for row in _rows(text, separator) if any(cell.strip() for cell in row[1]))
    except _Broken as error:
        broken.append(str(error))
    if not rows:
        raise NotImported(broken or ["1行目: 行がありません"])
    names = _header(rows, needed, known)
    unused = [cell for cell, name in zip(rows[0][1], names, strict=True) if name and name not in known]
    remarks = [f"列「{shown(cell)}」は使いません。読み飛ばしました。" for cell in unused]
    lines = [_line(number, names, cells, known) for number, cells in rows[1:]]
    return Table([name for name in names if name in known], lines, remarks, broken)


def shown(cell: str) -> str:
    """A cell as it is quoted in a message: on one line, not too long, a letter that cannot be seen by its number."""
    unseen = ("Cc", "Cf", "Co")
    letters = " ".join(cell.split())
    seen = "".join(f"[U+{ord(one):04X}]" if unicodedata.category(one) in unseen else one for one in letters)
    return seen[:_SHOWN] + "…" * (len(seen) > _SHOWN) or "空"


class _Broken(Exception):
    """The rows cannot be told apart from here on."""


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line in which it begins; a line break in quotes begins a new line too."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _Broken(
                f'{number}行目: 表として読めません。引用符（"）が閉じていないか、引用符のあとに文字が続いています。{AGAIN}'
            ) from None
        if number == 1 and cells[:1] and cells[0].lower().startswith("sep="):  # a note to spreadsheets
            continue
        yield number, cells


def _first_rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = [(1, [])]
    try:
        for row in _rows(text, separator):
            found.append(row)
            if len(found) > _LOOKED_AT:
                break
    except _Broken:
        pass
    return found


def _name(cell: str) -> str:
    return "_".join(half_width(cell).lower().replace("-", " ").split())


def _hits(cells: list[str], known: tuple[str, ...]) -> int:
    return len({_name(cell) for cell in cells} & set(known))


def _header(rows: list[tuple[int, list[str]]], needed: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """The names of the columns, empty where there is none. Raises NotImported."""
    number, cells = rows[0]
    names = [_name(cell) for cell in cells]
    missing = [name for name in needed if name not in names]
    later = next((row for row in rows[1:_LOOKED_AT] if _hits(row[1], known) >= len(needed) // 2), None)
    if missing and later is not None and _hits(cells, known) < len(needed) // 2:
        headline = shown(" ".join(cell for cell in cells if cell.strip()))
        raise NotImported(
            [
                f"{number}行目: 列の名前の行より上に「{headline}」があります。{later[0]}行目の列の名前が最初の行になるように、上の行を消してください。"
            ]
        )
    if missing:
        found = shown(" ".join(cell for cell in cells if cell.strip()))
        raise NotImported(
            [
                f"{number}行目: 列がありません: {', '.join(missing)}（最初の行に列の名前を書いてください。今の最初の行: {found}）"
            ]
        )
    twice = sorted({name for name in names if name in known and names.count(name) > 1})
    if twice:
        raise NotImported([f"{number}行目: 同じ名前の列が2つあります: {', '.join(twice)}"])
    return names


def _line(number: int, names: list[str], cells: list[str], known: tuple[str, ...]) -> Line:
    line = Line(number, {})
    for place, cell in enumerate(cells):
        name = names[place] if place < len(names) else ""
        text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
        if name in known:
            line.cells[name] = text
            if any(_is_wreck(letter) for letter in text):
                line.faults.append(f"{name} に使えない文字があります: {shown(text)}")
        elif text and not name:
            line.faults.append(f"列が多すぎます。名前のない{place + 1}列目に「{shown(text)}」があります")
    return line


def _is_wreck(letter: str) -> bool:
    """A control character, a letter that only one machine knows, or what is left of one that got lost on the way."""
    if letter in "\t\n":
        return False
    return unicodedata.category(letter) in ("Cc", "Co") or letter == "\N{REPLACEMENT CHARACTER}"
