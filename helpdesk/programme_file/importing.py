"""The year's programme from and to CSV: every row is checked before any is kept, rows are known by their code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.programme.slots import CONSULTATION_MINUTES, cut
from helpdesk.programme.tables import Offering
from helpdesk.programme_file.csv_rows import COLUMNS, NEEDED, Row, rows_of, zeroless
from helpdesk.programme_file.csv_table import NotImported
from helpdesk.programme_file.people_concerned import Before, before, people_concerned
from helpdesk.programme_file.widths import half_width

__all__ = ["COLUMNS", "NEEDED", "Imported", "NotImported", "as_rows", "keep", "rows_of"]


@dataclass(frozen=True)
class Imported:
    """How many sessions are new, how many were known and are as in the file now; what the officer should look at."""

    new: int
    known: int
    remarks: tuple[str, ...] = ()


def keep(
    session: Session,
    rows: list[Row],
    minutes: int = CONSULTATION_MINUTES,
    now: datetime | None = None,
) -> Imported:
    """New codes become sessions, known ones are changed to what the row says.

    What a row does not tell stays as it is; consultations are cut into slots of so many minutes. Raises NotImported
    when a code has lost its zeros and it is not clear which session is meant.
    """
    there = {half_width(offering.code): offering for offering in session.scalars(select(Offering))}
    remarks = _codes_without_zeros(rows, there) + _twins(rows, there)
    was: dict[str, Before] = {row["code"]: before(there[row["code"]]) for row in rows if row["code"] in there}
    kept = [_keep_one(session, row, there, now) for row in rows]
    session.flush()
    for offering in kept:
        known = was.get(offering.code)
        if cut(session, offering, minutes) and known is not None and known.sequence == offering.sequence:
            offering.sequence += 1
    session.flush()
    remarks += people_concerned(session, [(known, there[code]) for code, known in was.items()])
    return Imported(len(rows) - len(was), len(was), tuple(remarks))


def _keep_one(session: Session, row: Row, there: dict[str, Offering], now: datetime | None) -> Offering:
    values = {name: row[name] for name in COLUMNS if name in row}
    offering = there.get(row["code"])
    if offering is None:
        offering = Offering(**values, changed_at=now)
        session.add(offering)
        return offering
    for name, value in values.items():
        setattr(offering, name, value)
    if session.is_modified(offering):
        offering.changed_at = now or offering.changed_at
    return offering


def _codes_without_zeros(rows: list[Row], there: dict[str, Offering]) -> list[str]:
    """A spreadsheet makes 001 to 1: the same kind, place and time is the same session, anything else a mistake."""
    by_number = {zeroless(code): offering for code, offering in there.items()}
    remarks, faults = [], []
    for row in rows:
        known = by_number.get(zeroless(row["code"]))
        if row["code"] in there or known is None:
            continue
        if _is_twin(row, known):
            remarks.append(
                f"{_line(row)}code {row['code']} は、取り込みずみの {known.code} として読みました（先頭の0が消えたようです）。"
            )
            row["code"] = known.code
        else:
            faults.append(
                f"{_line(row)}code {row['code']} は、取り込みずみの {known.code} の先頭の0が消えたもののようです。"
                f"{known.code} と書くか、別の code にしてください"
            )
    if faults:
        raise NotImported(faults)
    return remarks


def _twins(rows: list[Row], there: dict[str, Offering]) -> list[str]:
    """Sessions of the same kind, place and time under two codes: allowed (there may be two rooms), but seldom meant."""
    in_file = {row["code"] for row in rows}
    elsewhere = [one for one in there.values() if not one.cancelled and one.code not in in_file]
    others = {(one.kind, one.venue, one.starts_at): f"取り込みずみの {one.code} " for one in elsewhere}
    remarks = []
    for row in rows:
        what = (row["kind"], row["venue"], row["starts_at"])
        if row.get("cancelled"):
            continue
        if what in others:
            remarks.append(
                f"{_line(row)}{row['code']} は、{others[what]}と種類・会場・時間が同じです。同じ会でないか確かめてください。"
            )
        others.setdefault(what, f"{row['line']}行目の {row['code']} " if "line" in row else f"{row['code']} ")
    return remarks


def _is_twin(row: Row, other: Offering) -> bool:
    return bool((row["kind"], row["venue"], row["starts_at"]) == (other.kind, other.venue, other.starts_at))


def _line(row: Row) -> str:
    return f"{row['line']}行目: " if "line" in row else ""


def as_rows(session: Session) -> Iterator[dict[str, Any]]:
    """Every session as a row of the CSV, in the order of time."""
    for offering in session.scalars(select(Offering).order_by(Offering.starts_at, Offering.code)):
        row = {name: getattr(offering, name) for name in COLUMNS}
        row |= {name: _iso(row[name]) for name in ("starts_at", "ends_at")}
        yield row | {name: "yes" if row[name] else "no" for name in ("published", "sample")}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="auto" if moment.second or moment.microsecond else "minutes")
