"""The year's programme from and to CSV: every row is checked before any is kept, rows are known by their code."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.clock import TOKYO
from helpdesk.programme.slots import CONSULTATION_MINUTES, cut
from helpdesk.programme.tables import Offering
from helpdesk.programme.venues import venues

NEEDED = ("code", "kind", "level", "title", "venue", "starts_at", "ends_at", "capacity")
OPTIONAL = ("bring", "published", "cancelled", "sample")
COLUMNS = NEEDED + OPTIONAL
LEVELS = {"class": ("basic", "applied"), "consultation": ("",), "event": ("game", "quiz", "walk")}
MOST_PLACES = 500
LONGEST = {"code": 20, "title": 80, "bring": 120, "cancelled": 120}
YES, NO = ("yes", "true", "1", "はい"), ("no", "false", "0", "いいえ")


class NotImported(Exception):
    """The file has mistakes and nothing was kept. ``faults`` has one line each, in Japanese, with the line's number."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} mistakes")
        self.faults = faults


@dataclass(frozen=True)
class Imported:
    """How many sessions are new, and how many were known and are as in the file now."""

    new: int
    known: int


def read(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of a CSV with a header, checked. Raises NotImported naming every mistake by its line."""
    reader = csv.DictReader(lines, strict=True)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise NotImported([f"1行目: 列がありません: {', '.join(missing)}"])
    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    codes: dict[str, int] = {}
    try:
        for raw in reader:
            row, found = _row(raw)
            first = codes.setdefault(row["code"], reader.line_num)
            if row["code"] and first != reader.line_num:
                found.append(f"code {row['code']} は{first}行目にもあります")
            faults += [f"{reader.line_num}行目: {fault}" for fault in found]
            rows.append(row)
    except csv.Error as error:
        faults.append(f"{reader.line_num}行目: 表として読めません（{error}）")
    if not rows and not faults:
        faults.append("2行目: 行がありません")
    if faults:
        raise NotImported(faults)
    return rows


def _row(raw: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    faults = ["列が多すぎます"] if None in raw else []
    text = {name: (raw.get(name) or "").strip() for name in COLUMNS}
    faults += [f"{name} が空です" for name in ("code", "title") if not text[name]]
    faults += [f"{name} は{most}文字までです" for name, most in LONGEST.items() if len(text[name]) > most]
    if text["kind"] not in LEVELS:
        faults.append(f"kind は class, consultation, event のどれかです: {text['kind'] or '空'}")
    elif text["level"] not in LEVELS[text["kind"]]:
        faults.append(f"{text['kind']} の level は {' か '.join(LEVELS[text['kind']]) or '空'} です: {text['level'] or '空'}")
    if text["venue"] not in venues():
        faults.append(f"知らない会場です: {text['venue'] or '空'}")
    times = {}
    for name in ("starts_at", "ends_at"):
        try:
            moment = datetime.fromisoformat(text[name])
            times[name] = moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)
        except ValueError:
            faults.append(f"{name} は 2026-11-24T14:00 の形です: {text[name] or '空'}")
    if len(times) == 2:
        if times["ends_at"] <= times["starts_at"]:
            faults.append("終わりが始まりより前です")
        elif times["starts_at"].astimezone(TOKYO).date() != times["ends_at"].astimezone(TOKYO).date():
            faults.append("始まりと終わりの日が違います")
    capacity = int(text["capacity"]) if text["capacity"].isascii() and text["capacity"].isdigit() and len(text["capacity"]) < 6 else 0
    if not 1 <= capacity <= MOST_PLACES:
        faults.append(f"capacity は1から{MOST_PLACES}の数です: {text['capacity'] or '空'}")
    flags = {}
    for name, default in (("published", True), ("sample", False)):
        if text[name].lower() not in (*YES, *NO, ""):
            faults.append(f"{name} は yes か no です: {text[name]}")
        flags[name] = text[name].lower() in YES if text[name] else default
    return {**text, **times, "capacity": capacity, **flags}, faults


def keep(session: Session, rows: list[dict[str, Any]], minutes: int = CONSULTATION_MINUTES) -> Imported:
    """New codes become sessions, known ones are changed to what the row says; consultations are cut into slots of so many minutes."""
    known = {offering.code: offering for offering in session.scalars(select(Offering).where(Offering.code.in_([row["code"] for row in rows])))}
    for row in rows:
        values = {name: row[name] for name in COLUMNS}
        if row["code"] in known:
            for name, value in values.items():
                setattr(known[row["code"]], name, value)
        else:
            session.add(Offering(**values))
    session.flush()
    for offering in session.scalars(select(Offering).where(Offering.code.in_([row["code"] for row in rows]))).all():
        cut(session, offering, minutes)
    return Imported(len(rows) - len(known), len(known))


def as_rows(session: Session) -> Iterator[dict[str, Any]]:
    """Every session as a row of the CSV, in the order of time."""
    for offering in session.scalars(select(Offering).order_by(Offering.starts_at, Offering.code)):
        row = {name: getattr(offering, name) for name in COLUMNS}
        row |= {name: row[name].isoformat(timespec="minutes") for name in ("starts_at", "ends_at")}
        yield row | {name: "yes" if row[name] else "no" for name in ("published", "sample")}
