"""What staff do with one person's records: join them, take them apart, plan and print a learning path."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from admin.fields import NUMBER, has_odd_digits, whole_number
from admin.members import acting, carry_out, note_reading
from admin.words import what_of
from helpdesk.booking import for_staff as front_desk
from helpdesk.clock import Clock
from helpdesk.learning import for_staff as learning_door
from helpdesk.learning import paths
from helpdesk.learning.planner import rules
from helpdesk.people import joining
from helpdesk.people.residents import known_at
from helpdesk.people.tables import Resident
from helpdesk.store.database import Database
from helpdesk.telephone import national, to_e164
from helpdesk.ward.profile import Ward

FEWEST_OF_A_TELEPHONE = 9
"""Digits; a shorter number is a record's."""


def people_pages(database: Database, clock: Clock, phone: str | None, ward: Ward) -> Blueprint:
    """``phone`` is the helpdesk's number, printed under a learning path."""
    routes = Blueprint("people", __name__, url_prefix="/residents")
    _joining_pages(routes, database, clock)
    _planning_pages(routes, database, clock, ward)
    _path_page(routes, database, clock, phone)
    return routes


def record_meant(session: Session, typed: str) -> int | None:
    """The record of this telephone number or with this number; None when there is none."""
    if has_odd_digits(typed):
        return None
    if len(typed) >= FEWEST_OF_A_TELEPHONE:
        number = to_e164(typed)
        return known_at(session, "phone", number) if number else None
    record = whole_number(typed)
    return record if record is not None and session.get(Resident, record) is not None else None


def _joining_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.post(f"/<{NUMBER}:resident_id>/join")
    def join(resident_id: int) -> Response:
        asked = request.form.get("other", "").strip()[:40]

        def deed(session: Session) -> str:
            other = record_meant(session, asked)
            if other is None:
                raise joining.NotJoined("その電話番号か記録番号の記録はありません。")
            joining.join(session, clock(), resident_id, other, acting(session))
            return "同じかたの記録として合わせました。"

        return _after(resident_id, deed)

    @routes.post(f"/<{NUMBER}:resident_id>/apart")
    def apart(resident_id: int) -> Response:
        def deed(session: Session) -> str:
            joining.take_apart(session, clock(), resident_id, acting(session))
            return "別の記録に戻しました。"

        return _after(resident_id, deed)

    def _after(resident_id: int, deed: Callable[[Session], str]) -> Response:
        with database.reading() as session:
            if session.get(Resident, resident_id) is None:
                abort(404)
        carry_out(database, deed, joining.NotJoined)
        return redirect(url_for("pages.resident", resident_id=resident_id))


def _planning_pages(routes: Blueprint, database: Database, clock: Clock, ward: Ward) -> None:
    @routes.post(f"/<{NUMBER}:resident_id>/path")
    def plan(resident_id: int) -> Response:
        with database.transaction() as session:
            resident = session.get(Resident, resident_id)
            if resident is None:
                abort(404)
            told = {key: request.form.get(key, "") for key in rules()["hearing"]}
            hearing = paths.known(session, resident) | {
                key: value for key, value in told.items() if value in rules()["hearing"][key]
            }
            place = request.form.get("venue", "")
            hearing |= {"venue": place} if place in ward.venues else {}
            paths.new_path(session, clock(), resident, None, hearing, "staff")
        flash("受講フローを作りました。")
        return redirect(url_for("people.path", resident_id=resident_id))

    @routes.post(f"/<{NUMBER}:resident_id>/path/again")
    def plan_again(resident_id: int) -> Response:
        def deed(session: Session) -> str:
            changed = learning_door.plan_path_again(session, clock(), resident_id)
            return "受講フローを計画し直しました。" if changed else "受講フローは、いまのままで大丈夫です。"

        with database.reading() as session:
            if session.get(Resident, resident_id) is None:
                abort(404)
        carry_out(database, deed, front_desk.NotDone)
        return redirect(url_for("pages.resident", resident_id=resident_id))


def _path_page(routes: Blueprint, database: Database, clock: Clock, phone: str | None) -> None:
    @routes.get(f"/<{NUMBER}:resident_id>/path")
    def path(resident_id: int) -> str:
        with database.reading() as session:
            resident = session.get(Resident, resident_id)
            found = learning_door.path_of(session, resident) if resident is not None else None
            if resident is None or found is None:
                abort(404)
            shown, stale = learning_door.shown_path(session, clock(), found)
            steps = [_step(one) for one in shown]
        note_reading(database, clock, "resident", resident_id)
        return render_template(
            "path.html",
            resident=resident,
            path=found,
            stale=stale,
            steps=steps,
            phone=national(phone) if phone else None,
        )


def _step(one: learning_door.ShownStep) -> dict[str, Any]:
    """A step as the page shows it."""
    row = one.row
    return {"what": what_of(row), "why": row["eye"], "kind": row["kind"], "state": row["state"], "place": one.place}
