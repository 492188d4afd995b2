"""The pages of the programme: sessions, who comes, booking on behalf of somebody, attendance, waiting lists."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from admin.fields import NUMBER, whole_number
from admin.members import acting, carry_out, note_reading
from helpdesk.booking import for_staff as front_desk
from helpdesk.booking.tables import Booking
from helpdesk.clock import Clock
from helpdesk.learning import for_staff as learning_door
from helpdesk.programme import finding as search
from helpdesk.programme.finding import Wish
from helpdesk.store.database import Database

Change = tuple[Callable[[Session], Booking], str]
"""What is done to a booking, and what is said when it is done."""
ATTENDANCE = {
    "attended": ("attended", "予約 {number} を「参加」にしました。"),
    "missed": ("missed", "予約 {number} を「欠席」にしました。"),
    "unmark": ("booked", "予約 {number} の出欠を消しました。"),
}
"""By the button: the state of the booking, and what is said."""


def programme_pages(database: Database, clock: Clock) -> Blueprint:
    """Everything about sessions and bookings."""
    routes = Blueprint("programme", __name__, url_prefix="/programme")
    _session_pages(routes, database, clock)
    _booking_page(routes, database, clock)
    _change_page(routes, database, clock)
    return routes


def _session_pages(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.get("/")
    def sessions() -> str:
        kind = request.args.get("kind", "")[:20]
        with database.reading() as session:
            rows, to_call, unnamed = (
                front_desk.sessions(session, clock(), kind),
                front_desk.to_call(session),
                front_desk.names_to_confirm(session, clock()),
            )
        return render_template("programme.html", rows=rows, kind=kind, to_call=to_call, unnamed=unnamed)

    @routes.get(f"/<{NUMBER}:offering_id>")
    def session(offering_id: int) -> str:
        with database.reading() as reading:
            found = front_desk.offering(reading, offering_id)
            if found is None:
                abort(404)
            seated, others = front_desk.attending(reading, offering_id)
            free = search.fitting(reading, clock(), Wish(kind=found.kind), True, 12) if seated else []
        note_reading(database, clock, "session", offering_id)
        return render_template(
            "session.html",
            offering=found,
            seated=seated,
            others=others,
            begun=found.starts_at <= clock(),
            elsewhere=free,
        )


def _booking_page(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.post(f"/<{NUMBER}:offering_id>/book")
    def book(offering_id: int) -> Response:
        form = request.form
        slot = whole_number(form.get("slot")) or 0
        name, reading, phone = (form.get(field, "")[:80] for field in ("name", "reading", "phone"))
        if form.get("wait"):
            return _do(
                database,
                lambda s: front_desk.wait_for(s, clock(), name, reading, phone, offering_id, acting(s)),
                "空き待ちに入れました。受付番号は {number} です。",
                offering_id,
            )
        overbook = form.get("overbook") == "1"
        return _do(
            database,
            lambda s: front_desk.book_for(s, clock(), acting(s), name, reading, phone, slot, overbook),
            "予約しました。予約番号は {number} です。",
            offering_id,
        )


def _change_page(routes: Blueprint, database: Database, clock: Clock) -> None:
    @routes.post(f"/bookings/<{NUMBER}:booking_id>/<what>")
    def change(booking_id: int, what: str) -> Response:
        changes = _booking_changes(clock, booking_id) | _attendance_changes(clock, booking_id)
        if what not in changes:
            abort(404)
        work, done = changes[what]
        return _do(database, work, done, whole_number(request.form.get("offering")))


def _booking_changes(clock: Clock, booking_id: int) -> dict[str, Change]:
    """What the buttons beside a booking do with it, from the form that was sent."""
    form = request.form
    slot, overbook = whole_number(form.get("slot")) or 0, form.get("overbook") == "1"
    name, reading = form.get("name", "")[:80], form.get("reading", "")[:80]
    return {
        "cancel": (
            lambda s: front_desk.cancel(s, clock(), booking_id, acting(s)),
            "予約 {number} を取り消しました。",
        ),
        "move": (
            lambda s: front_desk.move(s, clock(), booking_id, slot, overbook),
            "予約 {number} を変えました。",
        ),
        "accept": (lambda s: front_desk.answer_offer(s, clock(), booking_id, True), "予約にしました（{number}）。"),
        "decline": (
            lambda s: front_desk.answer_offer(s, clock(), booking_id, False),
            "見送りにしました（{number}）。次のかたにご案内します。",
        ),
        "name": (
            lambda s: front_desk.name_it(s, clock(), booking_id, name, reading),
            "予約 {number} のお名前を入れました。",
        ),
    }


def _attendance_changes(clock: Clock, booking_id: int) -> dict[str, Change]:
    """What the buttons of the attendance list do."""

    def marking(state: str) -> Callable[[Session], Booking]:
        return lambda s: learning_door.attendance(s, clock(), booking_id, state)

    return {what: (marking(state), done) for what, (state, done) in ATTENDANCE.items()}


def _do(database: Database, work: Callable[[Session], Booking], done: str, offering_id: int | None = None) -> Response:
    """Then back to the session of the booking; of one that could not be touched, to ``offering_id``."""
    where = [offering_id]

    def deed(session: Session) -> str:
        booking = work(session)
        where[0] = booking.offering_id
        return done.format(number=booking.number)

    carry_out(database, deed, front_desk.NotDone)
    return redirect(
        url_for("programme.sessions") if where[0] is None else url_for("programme.session", offering_id=where[0])
    )
