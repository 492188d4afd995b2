"""What the desk tells on its own: facts in the outbox, worded when they leave (``flows/notices.py``)."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.booking.tables import Booking
from helpdesk.outbox.messages import put


def tell_of_place(session: Session, now: datetime, booking: Booking) -> None:
    """A place became free for somebody on the waiting list. A landline is called by staff, who see it on their page."""
    until = f"{booking.offered_until:%Y%m%d%H%M}" if booking.offered_until else ""
    _tell(session, now, f"place:{booking.id}:{booking.slot_id}:{until}", "place", booking)


def _tell(session: Session, now: datetime, key: str, notice: str, booking: Booking) -> None:
    if booking.contact is None:
        return
    payload = {"notice": notice, "booking": booking.id}
    if booking.contact_kind == "line":
        put(session, now, key, "line_push", booking.contact, payload, unasked=True)
    elif booking.mobile:
        put(session, now, key, "sms", booking.mobile, payload, unasked=True)
