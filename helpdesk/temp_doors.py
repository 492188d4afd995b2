import dataclasses
from typing import Any

from helpdesk.booking import outcomes as o
from helpdesk.booking.tables import Booking
from helpdesk.booking.values import Held
from helpdesk.learning.tables import LearningPath
from helpdesk.learning.values import Path, PathStep
from helpdesk.programme.values import Place


def P(p: Any) -> Any:
    if p is None: return None
    s, f = p.slot, p.offering
    return Place(s.id, f.id, s.number, f.kind, f.level, f.venue, s.starts_at, s.ends_at, p.free, f.bring, f.sample, f.cancelled, f.published, f.sequence, f.changed_at)


def H(b: Any) -> Any:
    if b is None: return None
    from helpdesk.programme.finding import Place as RP
    s = b.slot or b.offering.slots[0]
    return Held(b.id, b.number, b.state, P(RP(s, b.offering)), b.slot_id, b.attendee.name, b.attendee.reading, b.contact_kind, b.contact, b.mobile, b.offered_until, b.changed_at, b.attendee.key == "self")


class Valued:
    def __init__(self, rows: Any) -> None:
        self.rows, self.session = rows, rows.session

    def _row(self, held: Any) -> Any:
        found = self.session.get(Booking, held.id if isinstance(held, Held) else held)
        return found

    def _out(self, out: Any, slot: int | None = None) -> Any:
        from helpdesk.programme.finding import Place as RP
        if isinstance(out, o.TooMany):
            pl = self.rows.place(slot) if slot else RP(out.offering.slots[0], out.offering)
            t = o.TooMany(out.offering); object.__setattr__(t, "place", P(pl)); return t
        if hasattr(out, "booking"):
            self.session.refresh(out.booking)
            return dataclasses.replace(out, booking=H(out.booking))
        return out

    def reach_at(self, n: str) -> None: self.rows.reach_at(n)
    def fitting(self, *a: Any, **k: Any) -> Any: return [P(p) for p in self.rows.fitting(*a, **k)]
    def nearest(self, *a: Any, **k: Any) -> Any: return [P(p) for p in self.rows.nearest(*a, **k)]
    def slots_of(self, *a: Any, **k: Any) -> Any: return [P(p) for p in self.rows.slots_of(*a, **k)]
    def place(self, s: int) -> Any: return P(self.rows.place(s))
    def booking(self, i: int) -> Any: return H(self.rows.booking(i))
    def mine(self) -> Any: return [H(b) for b in self.rows.mine()]
    def tries_left(self) -> bool: return self.rows.tries_left()
    def claimed(self, c: Any, belongs: Any) -> Any:
        got = self.rows.claimed(c, lambda b: belongs(H(b)))
        return [H(b) for b in got] if isinstance(got, list) else got
    def book(self, slot: int, other: Any) -> Any: return self._out(self.rows.book(slot, other), slot)
    def wait(self, off: int, other: Any) -> Any: return self._out(self.rows.wait(off, other))
    def change(self, h: Any, slot: int) -> Any: return self._out(self.rows.change(self._row(h), slot), slot)
    def cancel(self, h: Any) -> Any: return self._out(self.rows.cancel(self._row(h)))
    def accept(self, h: Any) -> Any: return self._out(self.rows.accept(self._row(h)))
    def decline(self, h: Any) -> Any: return self.rows.decline(self._row(h))
    def position(self, h: Any) -> int: return self.rows.position(self._row(h))
    def give_name(self, h: Any, n: str, r: str) -> Any: return self._out(self.rows.give_name(self._row(h), n, r))


class ValuedLearning:
    def __init__(self, rows: Any, desk: Any) -> None: self.rows, self.desk = rows, desk
    def _path(self, p: Any) -> Any:
        if p is None: return None
        return Path(p.id, tuple(PathStep(r["name"], r["kind"], r["level"] or "", r["ear"], r["eye"], r["state"], self.desk.place(r["slot"]) if r["slot"] else None) for r in p.steps))
    def _row(self, p: Path) -> Any: return self.rows.session.get(LearningPath, p.id)
    def known(self) -> Any: return self.rows.known()
    def has_path(self) -> bool: return self.rows.current() is not None
    def current(self) -> Any: return self._path(self.rows.current())
    def plan(self, h: Any) -> Any: return self._path(self.rows.plan(h))
    def refuse(self, p: Any, k: str) -> Any: return self._path(self.rows.refuse(self._row(p), k))
    def done(self, p: Any, kind: str) -> None:
        step = next((s for s in p.steps if s.kind == kind), None)
        if step: self.rows.done(self._row(p), step.name)
    def booked(self, h: Any) -> None: self.rows.booked(self.rows.session.get(Booking, h.id))
    def give_code(self) -> Any: return self.rows.give_code()
