"""The rows of the programme's file, checked: every mistake is named by its line and column, with what was found."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Any

from helpdesk.formulas import from_spreadsheet
from helpdesk.programme_file.csv_table import Line, NotImported, shown, table
from helpdesk.programme_file.day_times import NoDayTime, day_time
from helpdesk.programme_file.widths import half_width

NEEDED = ("code", "kind", "level", "title", "venue", "starts_at", "ends_at", "capacity")
OPTIONAL = ("bring", "published", "cancelled", "sample")
COLUMNS = NEEDED + OPTIONAL
LEVELS = {"class": ("basic", "applied"), "consultation": ("",), "event": ("game", "quiz", "walk")}
MOST_PLACES = 500
LONGEST = {"code": 20, "title": 80, "bring": 120, "cancelled": 120}
YES, NO = ("yes", "true", "1", "はい"), ("no", "false", "0", "いいえ")
_CAPACITY = re.compile(r"(?:定員)?\s*(\d{1,6})(?:\.0+)?\s*(?:人|名|席|組)?", re.ASCII)

Row = dict[str, Any]


def rows_of(content: bytes, venues: Collection[str]) -> tuple[list[Row], list[str]]:
    """The rows, each with its ``line``, and remarks on what was left aside. Raises NotImported.

    Columns that the file has not are not in the rows.
    """
    found = table(content, NEEDED, OPTIONAL)
    rows, faults = [], []
    for line in found.lines:
        row, more = _row(line, venues)
        rows.append({name: value for name, value in row.items() if name in found.columns} | {"line": line.number})
        faults += [(line.number, fault) for fault in (*line.faults, *more)]
    faults += _same_codes(rows)
    named = [f"{number}行目: {fault}" for number, fault in sorted(faults, key=lambda fault: fault[0])] + found.broken
    if not rows and not named:
        named.append("2行目: 行がありません")
    if named:
        raise NotImported(named)
    return rows, found.remarks


def zeroless(code: str) -> str:
    """A code as a spreadsheet makes it that takes it for a number: 「001」 and 「1」 are the same."""
    return code.lstrip("0") or "0" if code.isascii() and code.isdigit() else code


def _same_codes(rows: list[Row]) -> list[tuple[int, str]]:
    faults = []
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(zeroless(row["code"]), row)
        if row["code"] and other is not row:
            same = "" if other["code"] == row["code"] else f"{shown(other['code'])} として"
            faults.append((row["line"], f"code {shown(row['code'])} は{other['line']}行目にも{same}あります"))
    return faults


def _row(line: Line, venues: Collection[str]) -> tuple[Row, list[str]]:
    raw = {name: from_spreadsheet(line.cells.get(name, "")) for name in COLUMNS}
    text = raw | {name: half_width(raw[name]) for name in ("code", "kind", "level")}
    text |= {name: text[name].lower() for name in ("kind", "level")}
    faults = [f"{name} が空です" for name in ("code", "title") if not text[name]]
    for name, most in LONGEST.items():
        if len(text[name]) > most:
            faults.append(f"{name} は{most}文字までです（今は{len(text[name])}文字）: {shown(text[name])}")
    faults += _kind_faults(text["kind"], text["level"])
    venue = {_venue_key(name): name for name in venues}.get(_venue_key(raw["venue"]), "")
    if not venue:
        faults.append(f"venue に知らない会場があります: {shown(raw['venue'])}（使える会場: {'、'.join(venues)}）")
    times, wrong = _times(raw)
    capacity, no_number = _capacity(raw["capacity"])
    flags, unclear = _flags(raw)
    return {**text, "venue": venue, **times, "capacity": capacity, **flags}, [*faults, *wrong, *no_number, *unclear]


def _kind_faults(kind: str, level: str) -> list[str]:
    if kind not in LEVELS:
        return [f"kind は class, consultation, event のどれかです: {shown(kind)}"]
    if level not in LEVELS[kind]:
        return [f"level は {kind} では {' か '.join(LEVELS[kind]) or '空'} です: {shown(level)}"]
    return []


def _venue_key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", half_width(name)).split())


def _times(raw: dict[str, str]) -> tuple[dict[str, datetime], list[str]]:
    times: dict[str, datetime] = {}
    faults = []
    for name in ("starts_at", "ends_at"):
        try:
            times[name] = day_time(raw[name])
        except NoDayTime as error:
            faults.append(f"{name} {error}: {shown(raw[name])}")
    if len(times) == 2:
        found = f"starts_at {shown(raw['starts_at'])}、ends_at {shown(raw['ends_at'])}"
        if times["ends_at"] <= times["starts_at"]:
            faults.append(f"終わりが始まりより前です: {found}")
        elif times["starts_at"].date() != times["ends_at"].date():
            faults.append(f"始まりと終わりの日が違います: {found}")
    return times, faults


def _capacity(cell: str) -> tuple[int, list[str]]:
    number = _CAPACITY.fullmatch(half_width(cell))
    capacity = int(number[1]) if number else 0
    return capacity, [] if 1 <= capacity <= MOST_PLACES else [f"capacity は1から{MOST_PLACES}の数です: {shown(cell)}"]


def _flags(raw: dict[str, str]) -> tuple[dict[str, bool], list[str]]:
    flags, faults = {}, []
    for name, default in (("published", True), ("sample", False)):
        word = half_width(raw[name]).lower()
        if word not in (*YES, *NO, ""):
            faults.append(f"{name} は yes か no です: {shown(raw[name])}")
        flags[name] = word in YES if word else default
    return flags, faults
