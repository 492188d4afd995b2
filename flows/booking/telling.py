"""How sessions are called and told, for the ear and for the eye."""

from urllib.parse import urlencode

from flows.script.dates import clock, span, when
from flows.script.moment import Deployment, Moment
from flows.script.replies import LinkButton, Reply, Slip
from flows.script.wording import words
from helpdesk.booking.values import Held
from helpdesk.programme.values import Place
from helpdesk.ward.profile import Ward


def name_of(ward: Ward, place: Place) -> str:
    """As people call it; made-up sessions are called so."""
    sample = words("session.sample") if place.sample else ""
    return sample + ward.level(place.kind, place.level).name


def short_name(ward: Ward, place: Place) -> str:
    """For lists by ear."""
    return ward.level(place.kind, place.level).short


def when_eye(place: Place) -> str:
    """「12月8日(火) 午後2時〜4時」."""
    return span(place.starts_at, place.ends_at)


def label_of(ward: Ward, place: Place) -> str:
    """On a button: 「12/8 午後2時 神保町」."""
    start = place.starts_at
    return f"{start.month}/{start.day} {clock(start)} {ward.venues[place.venue].short}"[:20]


def slip(ward: Ward, title: str, place: Place, number: str = "", note: str = "") -> Slip:
    """What was agreed, to keep on LINE (L7)."""
    venue = ward.venues[place.venue]
    rows = [
        ("slip.what", name_of(ward, place)), ("slip.when", when_eye(place)),
        ("slip.where", words("slip.place", {"venue": place.venue, "station": venue.station})),
        ("slip.bring", place.bring), ("slip.number", number),
    ]  # fmt: skip
    return Slip(title=title, rows=tuple((words(name), value) for name, value in rows if value), note=note)


def links(deployment: Deployment, place: Place) -> tuple[LinkButton, ...]:
    """The map and the calendar file: both belong to another app than LINE."""
    venue = deployment.ward.venues[place.venue]
    search = urlencode({"api": 1, "query": f"{venue.name} {deployment.ward.prefecture}{venue.address}"})
    found = [LinkButton(label=words("link.map"), uri=outside(f"https://www.google.com/maps/search/?{search}"))]
    if deployment.public_url.startswith("http"):
        found.append(
            LinkButton(label=words("link.calendar"), uri=outside(f"{deployment.public_url}/calendar/{place.slot}.ics"))
        )
    return tuple(found)


def outside(uri: str) -> str:
    """A link that LINE opens in the telephone's own browser: its built-in one saves no files and opens no other app."""
    return f"{uri}{'&' if '?' in uri else '?'}openExternalBrowser=1"


def in_text(ward: Ward, place: Place, number: str) -> str:
    """One line for a short message."""
    bring = words("text.bring", {"bring": place.bring}) if place.bring else ""
    values = {
        "what": name_of(ward, place),
        "when": when_eye(place),
        "venue": place.venue,
        "number": number,
        "bring": bring,
    }
    return words("text.session", values)


def values_of(ward: Ward, place: Place) -> dict[str, str]:
    """What lines say about a session."""
    return {
        "what": name_of(ward, place), "start": when(place.starts_at), "when_eye": when_eye(place), "venue": place.venue,
        "hall": ward.venues[place.venue].short, "bring": place.bring,
    }  # fmt: skip


def with_slip(at: Moment, held: Held, reply: Reply) -> Reply:
    """On LINE with the card of a place that is held."""
    if at.voice or held.state == "waiting":
        return reply
    card = slip(at.ward, at.label("slip.booked").eye, held.place, held.number)
    return reply.with_(slip=card, links=links(at.deployment, held.place))
