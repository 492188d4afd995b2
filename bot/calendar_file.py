"""The calendar file of a session: what, when, where; nothing about who comes."""

from datetime import UTC, timedelta

from flask import Blueprint, Response, abort
from icalendar import Alarm, Calendar, Event

from flows.booking.telling import name_of
from helpdesk.clock import Clock
from helpdesk.programme.finding import place
from helpdesk.programme.values import Place
from helpdesk.store.database import Database
from helpdesk.ward.profile import Ward

DAY = timedelta(days=1)


def calendar_file(database: Database, clock: Clock, ward: Ward) -> Blueprint:
    """The route /calendar/SLOT.ics, opened by a button under a booking."""
    pages = Blueprint("calendar", __name__, url_prefix="/calendar")

    @pages.get("/<int(max=2147483647):slot_id>.ics")
    def entry(slot_id: int) -> Response:
        with database.reading() as session:
            found = place(session, slot_id)
        if found is None or not found.published:
            abort(404)
        headers = {"Content-Disposition": f"attachment; filename=yoyaku-{slot_id}.ics"}
        return Response(_calendar(found, ward, clock), content_type="text/calendar; charset=utf-8", headers=headers)

    return pages


def _calendar(found: Place, ward: Ward, clock: Clock) -> bytes:
    venue = ward.venues[found.venue]
    event = Event()
    event.add("uid", f"slot-{found.slot}@chiyoda-helpdesk")
    event.add("dtstamp", clock().astimezone(UTC))
    event.add("sequence", found.sequence)
    if found.changed_at is not None:
        event.add("last-modified", found.changed_at.astimezone(UTC))
    event.add("dtstart", found.starts_at.astimezone(UTC))
    event.add("dtend", found.ends_at.astimezone(UTC))
    event.add("summary", name_of(ward, found))
    event.add("location", f"{venue.name}（{ward.prefecture}{venue.address}）")
    event.add(
        "description", " ".join(part for part in (f"持ち物: {found.bring}" if found.bring else "", venue.way) if part)
    )
    if found.cancelled:
        event.add("status", "CANCELLED")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "明日の予定です")
    alarm.add("trigger", -DAY)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Chiyoda helpdesk//JP")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
