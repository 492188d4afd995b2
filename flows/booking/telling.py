"""How sessions are called and told, for the ear and for the eye."""

from datetime import datetime
from urllib.parse import urlencode

from flows.script.dates import clock, when
from flows.script.moment import Moment
from flows.script.replies import LinkButton, Slip
from helpdesk.booking.values import Held
from helpdesk.programme.values import Place
from helpdesk.ward.venues import venues
from nlu.time_words import WEEKDAYS

NAMES = {
    ("class", "basic"): "基礎の講習会", ("class", "applied"): "応用の講習会", ("consultation", ""): "相談会",
    ("event", "game"): "ゲームの体験会", ("event", "quiz"): "クイズの体験会", ("event", "walk"): "歩く体験会",
}  # fmt: skip
SHORT = {
    ("class", "basic"): "基礎", ("class", "applied"): "応用", ("consultation", ""): "相談会",
    ("event", "game"): "ゲーム", ("event", "quiz"): "クイズ", ("event", "walk"): "散歩",
}  # fmt: skip


def name_of(offering: Place) -> str:
    """As people call it."""
    return NAMES[offering.kind, offering.level]


def short_name(offering: Place) -> str:
    """For lists by ear."""
    return SHORT[offering.kind, offering.level]


def time_in_name(at: datetime) -> str:
    """A time within the name of a question: what a yes to it agrees to."""
    return f"{at:%Y%m%d%H%M}"


def when_eye(place: Place) -> str:
    """「12月8日(火) 午後2時〜4時」."""
    start, end = place.starts_at, place.ends_at
    finish = clock(end)[2:] if clock(end)[:2] == clock(start)[:2] else clock(end)
    return f"{start.month}月{start.day}日({WEEKDAYS[start.weekday()]}) {clock(start)}〜{finish}"


def sample_word(offering: Place) -> str:
    """Made-up sessions are called so."""
    return "見本の" if offering.sample else ""


def slip(title: str, place: Place, number: str = "", note: str = "") -> Slip:
    """What was agreed, to keep on LINE (L7)."""
    offering = place
    venue = venues()[offering.venue]
    rows = [("内容", sample_word(offering) + name_of(offering)), ("日時", when_eye(place)), ("場所", f"{offering.venue}（{venue.station}）")]
    rows += [("持ち物", offering.bring)] if offering.bring else []
    rows += [("予約番号", number)] if number else []
    return Slip(title=title, rows=tuple(rows), note=note)


def links(at: Moment, place: Place) -> tuple[LinkButton, ...]:
    """The map and the calendar file: both belong to another app than LINE."""
    venue = venues()[place.venue]
    search = urlencode({"api": 1, "query": f"{venue.name} 東京都{venue.address}"})
    found = [LinkButton(label="地図を見る", uri=outside(f"https://www.google.com/maps/search/?{search}"))]
    if at.place.public_url.startswith("http"):
        uri = outside(f"{at.place.public_url}/calendar/{place.slot}.ics")
        found.append(LinkButton(label="カレンダーに入れる", uri=uri))
    return tuple(found)


def outside(uri: str) -> str:
    """A link that LINE opens in the telephone's own browser: its built-in one saves no files and opens no other app."""
    return f"{uri}{'&' if '?' in uri else '?'}openExternalBrowser=1"


def in_text(place: Place, number: str) -> str:
    """One line for a short message."""
    offering = place
    bring = f" 持ち物:{offering.bring}" if offering.bring else ""
    return f"{sample_word(offering)}{name_of(offering)} {when_eye(place)} {offering.venue} 予約番号{number}{bring}"


def values_of(booking: Held) -> dict[str, str]:
    """What lines say about a booking."""
    place = booking.place
    what = sample_word(booking.place) + name_of(booking.place)
    return {"what": what, "start": when(place.starts_at), "when_eye": when_eye(place), "venue": booking.place.venue}
