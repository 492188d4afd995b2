"""What staff do with one person's records: join them, take them apart, plan and print a learning path."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from admin.members import NUMBER, acting, carry_out
from admin.words import what_of
from helpdesk import history, joining
from helpdesk.booking import front_desk
from helpdesk.casebook import known_at
from helpdesk.clock import Clock
from helpdesk.database import Database
from helpdesk.learning import paths
from helpdesk.learning.planner import rules
from helpdesk.programme import search
from helpdesk.programme.venues import venues
from helpdesk.tables import Resident
from helpdesk.telephone import national, to_e164


def people_pages(database: Database, clock: Clock, phone: str | None) -> Blueprint:
    """``phone`` is the helpdesk's number, printed under a learning path."""
    routes = Blueprint("people", __name__, url_prefix="/residents")

    @routes.before_request
    @login_required
    def _members_only() -> None:
        return None

    @routes.post(f"/<{NUMBER}:resident_id>/join")
    def join(resident_id: int) -> Response:
        asked = request.form.get("other", "").strip()

        def deed(session: Session) -> str:
            number = to_e164(asked) if len(asked) >= 9 else None
            other = known_at(session, "phone", number) if number else int(asked) if asked.isdigit() else None
            if other is None:
                raise joining.NotJoined("その電話番号か記録番号の記録はありません。")
            joining.join(session, clock(), resident_id, other, acting(session))
            return "同じかたの記録として合わせました。"

        carry_out(database, deed, joining.NotJoined)
        return redirect(url_for("pages.resident", resident_id=resident_id))

    @routes.post(f"/<{NUMBER}:resident_id>/apart")
    def apart(resident_id: int) -> Response:
        def deed(session: Session) -> str:
            joining.take_apart(session, clock(), resident_id, acting(session))
            return "別の記録に戻しました。"

        carry_out(database, deed, joining.NotJoined)
        return redirect(url_for("pages.resident", resident_id=resident_id))

    @routes.post(f"/<{NUMBER}:resident_id>/path")
    def plan(resident_id: int) -> Response:
        with database.transaction() as session:
            resident = session.get(Resident, resident_id)
            if resident is None:
                abort(404)
            told = {key: request.form.get(key, "") for key in rules()["hearing"]}
            hearing = paths.known(session, resident) | {key: value for key, value in told.items() if value in rules()["hearing"][key]}
            place = request.form.get("venue", "")
            hearing |= {"venue": place} if place in venues() else {}
            paths.keep(session, clock(), resident, None, hearing, paths.propose(session, clock(), hearing, resident), "staff")
        flash("受講フローを作りました。")
        return redirect(url_for("people.path", resident_id=resident_id))

    @routes.get(f"/<{NUMBER}:resident_id>/path")
    def path(resident_id: int) -> str:
        with database.transaction() as session:
            resident = session.get(Resident, resident_id)
            found = front_desk.path_of(session, clock(), resident) if resident is not None else None
            if resident is None or found is None:
                abort(404)
            history.log_reading(session, current_user.id, clock(), "resident", resident_id)
            steps = [
                {
                    "what": what_of(row),
                    "why": row["eye"],
                    "kind": row["kind"],
                    "state": row["state"],
                    "place": search.place(session, row["slot"]) if row["slot"] else None,
                }
                for row in found.steps
            ]
            return render_template("path.html", resident=resident, path=found, steps=steps, phone=national(phone) if phone else None)

    return routes
