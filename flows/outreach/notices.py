"""Words for what the desk tells on its own; looked at again when it leaves, so that nothing stale is sent."""

from flows.booking.own_bookings import start_of
from flows.booking.telling import in_text, slip
from flows.script.asking import ask
from flows.script.dates import clock, day
from flows.script.moment import Place as Desk
from flows.script.replies import Reply, yes_no
from flows.script.wording import say
from helpdesk.booking.values import Held
from helpdesk.telephone import national


def word(desk: Desk, notice: str, booking: Held | None) -> Reply | None:
    """What to say now; the first bubble's text is the short message. None when there is nothing to say any more."""
    if notice != "place" or booking is None or booking.state != "offered" or booking.offered_until is None:
        return None
    if booking.place.cancelled:
        return None
    until = f"{day(booking.offered_until)}の{clock(booking.offered_until)}"
    if booking.contact_kind == "line":
        reply = ask(say("booking.offered.push", until=until), f"offer:{booking.id}:{start_of(booking)}", "yes_no", yes_no("予約する", "見送る"))
        return reply.with_(slip=slip("空きが出ました", booking.place, booking.number))
    phone = national(desk.helpdesk_phone) if desk.helpdesk_phone else "この窓口"
    line = say("booking.offered.sms", until=until, phone=phone, what=in_text(booking.place, booking.number))
    return Reply(ear=line.ear, eye=line.eye)
