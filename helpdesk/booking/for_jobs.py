"""What jobs ask of bookings."""

from sqlalchemy.orm import Session

from helpdesk.booking.tables import Booking
from helpdesk.booking.values import Held


def offered(session: Session, booking_id: int) -> Held | None:
    """The booking that a notice is about, as it is now."""
    from helpdesk.temp_doors import H

    return H(session.get(Booking, booking_id))
