"""Words for what the desk tells on its own; looked at again when it leaves, so that nothing stale is sent."""

from sqlalchemy.orm import Session

from flows.booking.own_bookings import start_of
from flows.booking.telling import in_text, place_of, slip
from flows.script.asking import ask
from flows.script.dates import clock, day
from flows.script.moment import Place as Desk
from flows.script.replies import Reply, yes_no
from flows.script.wording import say
from helpdesk.booking.tables import Booking
from helpdesk.telephone import national


def word(session: Session, desk: Desk, notice: str, booking_id: int) -> Reply | None:
    """What to say now; the first bubble's text is the short message. None when there is nothing to say any more."""
    booking = session.get(Booking, booking_id)
    if notice != "place" or booking is None or booking.state != "offered" or booking.offered_until is None:
        return None
    if booking.offering.cancelled:
        return None
    until = f"{day(booking.offered_until)}の{clock(booking.offered_until)}"
    if booking.contact_kind == "line":
        reply = ask(say("booking.offered.push", until=until), f"offer:{booking.id}:{start_of(booking)}", "yes_no", yes_no("予約する", "見送る"))
        return reply.with_(slip=slip("空きが出ました", place_of(booking), booking.number))
    phone = national(desk.helpdesk_phone) if desk.helpdesk_phone else "この窓口"
    line = say("booking.offered.sms", until=until, phone=phone, what=in_text(place_of(booking), booking.number))
    return Reply(ear=line.ear, eye=line.eye)
