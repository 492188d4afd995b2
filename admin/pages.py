"""The pages: inquiries, one inquiry, one resident, call-backs."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from admin.members import acting
from helpdesk import history, joining, owed_calls, texts, unknown_messages
from helpdesk.booking import front_desk
from helpdesk.clock import Clock
from helpdesk.database import Database
from helpdesk.tables import OUTCOMES, Inquiry, Resident, StaffMember
from helpdesk.topics import topics


def pages(database: Database, clock: Clock) -> Blueprint:
    """Everything that staff see after signing in."""
    routes = Blueprint("pages", __name__)

    @routes.before_request
    @login_required
    def _members_only() -> None:
        return None

    @routes.get("/")
    def inquiries() -> str:
        asked = {name: request.args.get(name, "")[:80] for name in ("channel", "topic", "outcome", "text")}
        filters = history.Filters(**asked)
        with database.reading() as session:
            page = history.inquiries(session, filters, request.args.get("page", 1, type=int))
        chosen = {name: value for name, value in asked.items() if value}
        return render_template("inquiries.html", page=page, filters=filters, chosen=chosen, outcomes=OUTCOMES, topics=list(topics()))

    @routes.get("/inquiries/<int(max=2147483647):inquiry_id>")
    def inquiry(inquiry_id: int) -> str:
        with database.transaction() as session:
            found = history.inquiry(session, inquiry_id, current_user.id, clock())
            if found is None:
                abort(404)
            return render_template("inquiry.html", inquiry=found, callback=owed_calls.owed_for(session, inquiry_id), not_sent=texts.not_sent(session, inquiry_id))

    def _resident_page(session: Session, found: tuple[Resident, list[Inquiry]], whole: bool) -> str:
        person, theirs = found
        return render_template(
            "resident.html", resident=person, inquiries=theirs, whole=whole, records=joining.records(session, person),
            bookings=front_desk.bookings_of(session, person), path=front_desk.path_of(session, clock(), person),
        )  # fmt: skip

    @routes.get("/residents/<int(max=2147483647):resident_id>")
    def resident(resident_id: int) -> str:
        with database.transaction() as session:
            found = history.resident(session, resident_id, current_user.id, clock())
            if found is None:
                abort(404)
            return _resident_page(session, found, False)

    @routes.post("/residents/<int(max=2147483647):resident_id>/number")
    def number(resident_id: int) -> str:
        with database.transaction() as session:
            found = history.resident(session, resident_id, current_user.id, clock())
            if found is None:
                abort(404)
            history.log_reading(session, current_user.id, clock(), "number", resident_id)
            return _resident_page(session, found, True)

    @routes.get("/callbacks")
    def callbacks() -> str:
        done = request.args.get("done") == "1"
        with database.reading() as session:
            found = history.callbacks(session, done)
            more = owed_calls.joined_wishes(session, found)
            held = texts.held(session, [*(one.inquiry_id for one in found), *(wish.inquiry_id for wishes in more.values() for wish in wishes)])
            unknown = [] if done else unknown_messages.unknown_messages(session)
            return render_template("callbacks.html", callbacks=found, done=done, more=more, held=held, unknown=unknown)

    @routes.post("/callbacks/texts/<int(max=2147483647):text_id>")
    def send_text(text_id: int) -> Response:
        with database.transaction() as session:
            member = session.get(StaffMember, current_user.id)
            if member is None:
                abort(404)
            sent = texts.release(session, text_id, member, clock())
        flash("SMSを送ります。" if sent else "このSMSは、もう送ってあります。")
        return redirect(url_for("pages.callbacks"))

    @routes.post("/callbacks/unknown/<int(max=2147483647):message_id>")
    def look_after(message_id: int) -> Response:
        with database.transaction() as session:
            if not unknown_messages.look_after(session, message_id, acting(session).name, clock()):
                abort(404)
        flash("確認したことを記録しました。")
        return redirect(url_for("pages.callbacks"))

    @routes.post("/callbacks/<int(max=2147483647):callback_id>/done")
    def finish(callback_id: int) -> Response:
        with database.transaction() as session:
            member = session.get(StaffMember, current_user.id)
            if member is None or history.finish_callback(session, callback_id, member, clock(), request.form.get("note", "")) is None:
                abort(404)
        flash("折り返しを「済み」にしました。")
        return redirect(url_for("pages.callbacks"))

    @routes.post("/callbacks/<int(max=2147483647):callback_id>/open")
    def reopen(callback_id: int) -> Response:
        with database.transaction() as session:
            if history.reopen_callback(session, callback_id) is None:
                abort(404)
        flash("折り返しを「これから」に戻しました。")
        return redirect(url_for("pages.callbacks"))

    @routes.get("/examples")
    def examples() -> str:
        with database.reading() as session:
            return render_template("examples.html", examples=history.examples(session), labels=sorted(topics()))

    @routes.post("/examples/<int(max=2147483647):example_id>")
    def decide(example_id: int) -> Response:
        label = request.form.get("label") or None
        if label is not None and label not in topics():
            abort(400)
        with database.transaction() as session:
            member = session.get(StaffMember, current_user.id)
            if member is None or history.decide_example(session, example_id, member, clock(), label) is None:
                abort(404)
        flash("言葉の意味を記録しました。" if label else "この言葉は使わないことにしました。")
        return redirect(url_for("pages.examples"))

    return routes
