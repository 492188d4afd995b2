"""Words for what the desk tells on its own; looked at again when it leaves, so that nothing stale is sent."""

from flows.booking.telling import in_text, slip
from flows.script.asking import ask
from flows.script.dates import clock, day, mark
from flows.script.moment import Deployment
from flows.script.replies import Reply
from flows.script.wording import words
from helpdesk.booking.values import Held
from helpdesk.telephone import national


def word(deployment: Deployment, notice: str, held: Held | None) -> Reply | None:
    """What to say now; the first bubble's text is the short message. None when there is nothing to say any more."""
    if (
        notice != "place"
        or held is None
        or held.state != "offered"
        or held.offered_until is None
        or held.place.cancelled
    ):
        return None
    ward = deployment.ward
    until = words("date.when", {"day": day(held.offered_until), "clock": clock(held.offered_until)})
    if held.contact_kind == "line":
        line = deployment.say("booking.offered.push", until=until)
        reply = ask(line, f"offer:{held.id}:{mark(held.place.starts_at)}", "yes_no")
        return reply.with_(slip=slip(ward, words("slip.offered"), held.place, held.number))
    phone = national(deployment.helpdesk_phone) if deployment.helpdesk_phone else words("desk.here")
    values = {"until": until, "phone": phone, "what": in_text(ward, held.place, held.number)}
    line = deployment.say("booking.offered.sms", **values)
    return Reply(ear=line.ear, eye=line.eye)
