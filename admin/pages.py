"""The pages: inquiries, one inquiry, one resident, call-backs."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.fields import NUMBER, whole_number
from admin.members import acting, note_reading
from helpdesk.booking import for_staff as front_desk
from helpdesk.callbacks import for_staff as callback_door
from helpdesk.callbacks import owed_calls
from helpdesk.clock import Clock
from helpdesk.learning import for_staff as learning_door
from helpdesk.outbox import texts, unknown_messages
from helpdesk.people import joining
from helpdesk.search import for_staff as talks_door
from helpdesk.search import searching
from helpdesk.store.database import Database
from helpdesk.talks.tables import OUTCOMES
from helpdesk.teaching import for_staff as teaching_door
from helpdesk.ward.topics import topics


def page_asked() -> int:
    """The page of a long list that the address asks for."""
    return whole_number(request.args.get("page")) or 1


def pages(database: Database, clock: Clock) -> Blueprint:
    """What people asked for, and what the desk owes them."""
    routes = Blueprint("pages", __name__)
    _inquiry_pages(routes, database, clock)
    _resident_pages(routes, database, clock)
    _callback_list(routes, database)
    _message_pages(routes, database, clock)
    _callback_pages(routes, database, clock)
    _example_pages(routes, database, clock)
    return routes


def _inquiry_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.get("/")
    def inquiries() -> str:
        asked = {name: request.args.get(name, "")[:80] for name in ("channel", "topic", "outcome", "text")}
        filters = talks_door.Filters(**asked)
        with database.reading() as session:
            page = talks_door.inquiries(session, filters, page_asked())
            booked = searching.bookings(session, filters.text) if page.number == 1 else []
        chosen = {name: value for name, value in asked.items() if value}
        return render_template(
            "inquiries.html",
            page=page,
            booked=booked,
            filters=filters,
            chosen=chosen,
            outcomes=OUTCOMES,
            topics=list(topics()),
        )

    @routes.get(f"/inquiries/<{NUMBER}:inquiry_id>")
    def inquiry(inquiry_id: int) -> str:
        with database.reading() as session:
            found = talks_door.inquiry(session, inquiry_id)
            owed, not_sent = owed_calls.owed_for(session, inquiry_id), texts.not_sent(session, inquiry_id)
        if found is None:
            abort(404)
        note_reading(database, clock, "inquiry", inquiry_id)
        return render_template("inquiry.html", inquiry=found, callback=owed, not_sent=not_sent)


def _resident_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    def page_of(resident_id: int, *kinds: str) -> str:
        with database.reading() as session:
            found = talks_door.resident(session, resident_id)
            if found is None:
                abort(404)
            person, theirs = found
            path = learning_door.path_of(session, person)
            shown = {
                "resident": person, "inquiries": theirs, "records": joining.records(session, person),
                "bookings": front_desk.bookings_of(session, person), "path": path,
                "stale": path is not None and learning_door.shown_path(session, clock(), path)[1],
            }  # fmt: skip
        for kind in kinds:
            note_reading(database, clock, kind, resident_id)
        return render_template("resident.html", whole="number" in kinds, **shown)

    @routes.get(f"/residents/<{NUMBER}:resident_id>")
    def resident(resident_id: int) -> str:
        return page_of(resident_id, "resident")

    @routes.post(f"/residents/<{NUMBER}:resident_id>/number")
    def number(resident_id: int) -> str:
        return page_of(resident_id, "resident", "number")


def _callback_list(routes: Blueprint, database: Database) -> None:
    @routes.get("/callbacks")
    def callbacks() -> str:
        done = request.args.get("done") == "1"
        with database.reading() as session:
            page = callback_door.callbacks(session, done, page_asked())
            more = owed_calls.joined_wishes(session, page.rows)
            held = texts.held(
                session,
                [
                    *(one.inquiry_id for one in page.rows),
                    *(wish.inquiry_id for wishes in more.values() for wish in wishes),
                ],
            )
            unknown = [] if done else unknown_messages.unknown_messages(session)
        return render_template(
            "callbacks.html", callbacks=page.rows, page=page, done=done, more=more, held=held, unknown=unknown
        )


def _message_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.post(f"/callbacks/texts/<{NUMBER}:text_id>")
    def send_text(text_id: int) -> Response:
        with database.transaction() as session:
            sent = texts.release(session, text_id, acting(session), clock())
        flash("SMSを送ります。" if sent else "このSMSは、もう送ってあります。")
        return redirect(url_for("pages.callbacks"))

    @routes.post(f"/callbacks/unknown/<{NUMBER}:message_id>")
    def look_after(message_id: int) -> Response:
        with database.transaction() as session:
            if not unknown_messages.look_after(session, message_id, acting(session).name, clock()):
                abort(404)
        flash("確認したことを記録しました。")
        return redirect(url_for("pages.callbacks"))


def _callback_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.post(f"/callbacks/<{NUMBER}:callback_id>/done")
    def finish(callback_id: int) -> Response:
        note = request.form.get("note", "")
        with database.transaction() as session:
            if callback_door.finish_callback(session, callback_id, acting(session), clock(), note) is None:
                abort(404)
        flash("折り返しを「済み」にしました。")
        return redirect(url_for("pages.callbacks"))

    @routes.post(f"/callbacks/<{NUMBER}:callback_id>/open")
    def reopen(callback_id: int) -> Response:
        with database.transaction() as session:
            if callback_door.reopen_callback(session, callback_id) is None:
                abort(404)
        flash("折り返しを「これから」に戻しました。")
        return redirect(url_for("pages.callbacks"))


def _example_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.get("/examples")
    def examples() -> str:
        with database.reading() as session:
            page = teaching_door.examples(session, page_asked())
        return render_template("examples.html", examples=page.rows, page=page, labels=sorted(topics()))

    @routes.post(f"/examples/<{NUMBER}:example_id>")
    def decide(example_id: int) -> Response:
        label = request.form.get("label") or None
        if label is not None and label not in topics():
            abort(400)
        with database.transaction() as session:
            if teaching_door.decide_example(session, example_id, acting(session), clock(), label) is None:
                abort(404)
        flash("言葉の意味を記録しました。" if label else "この言葉は使わないことにしました。")
        return redirect(url_for("pages.examples"))
