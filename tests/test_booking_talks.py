"""Bookings by talk on both channels (``tests/talks/bookings.yml``), graded by what is in the database."""

from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from helpdesk.booking.tables import Booking
from helpdesk.learning.tables import LearningPath
from helpdesk.programme.tables import Slot
from helpdesk.talks.tables import Inquiry
from scheduler import jobs
from tests.small_programme import happens

TALKS = [
    talk
    for name in ("bookings", "paths")
    for talk in yaml.safe_load((Path(__file__).parent / "talks" / f"{name}.yml").read_text(encoding="utf-8"))
]


def graded(desk, talk, said, channel):
    with desk.database.reading() as session:
        mine = session.scalars(select(Booking).where(Booking.channel != "staff").order_by(Booking.id)).all()
        found = [f"{one.offering.code} {one.state} {one.attendee.name or '-'}" for one in mine]
        ends = [f"{i.topic or 'none'} {i.outcome}" for i in session.scalars(select(Inquiry).order_by(Inquiry.id))]
        seats = {slot.id: slot.taken for slot in session.scalars(select(Slot))}
        held = session.scalars(select(Booking.slot_id).where(Booking.state.in_(("booked", "offered")))).all()
    told = "\n".join(str(line) for line in said)
    assert found == talk["booked"], f"{found}\n{told}"
    assert {slot: held.count(slot) for slot in seats} == seats, told
    if "ends" in talk:
        assert ends == talk["ends"], f"{ends}\n{told}"
    if "path" in talk:
        with desk.database.reading() as session:
            followed = session.scalars(select(LearningPath).where(LearningPath.replaced_at.is_(None))).all()
        assert len(followed) <= 1, told
        rows = [row for path in followed for row in path.steps]
        offers = [
            row["kind"] + (f":{row['level']}" if row["level"] else "") + ("" if row["state"] == "planned" else "*")
            for row in rows
        ]
        assert offers == talk["path"], f"{offers}\n{told}"
    if "says" in talk:
        assert talk["says"] in said[-1], told
    if "sms" in talk:
        jobs.send_due(desk.service)
        wanted = talk["sms"][channel] if isinstance(talk["sms"], dict) else talk["sms"]
        assert len(desk.sms.sent) == wanted, told


def talks(channel):
    return [pytest.param(talk, id=talk["name"]) for talk in TALKS if channel in talk]


@pytest.mark.parametrize("talk", talks("voice"))
def test_on_the_telephone(programme, talk):
    caller = programme.caller(talk.get("from", "+819012345678"))
    said = [caller.rings().said]
    for turn in talk["voice"]:
        if isinstance(turn, dict):
            if turn.get("again"):
                assert caller.repeats().said == said[-1]
            happens(programme, turn)
            continue
        said += [f"> {turn}", caller.plays(turn).said]
    graded(programme, talk, said, "voice")


@pytest.mark.parametrize("talk", talks("line"))
def test_on_line(programme, talk):
    friend = programme.friend()
    friend.does("follow")
    said = [friend.shown]
    for turn in talk["line"]:
        if isinstance(turn, dict):
            if turn.get("again"):
                before = len(programme.line.sent)
                friend.redelivers()
                assert len(programme.line.sent) == before
            sent = len(programme.line.sent)
            happens(programme, turn)
            if len(programme.line.sent) > sent:
                friend.last = programme.line.sent[-1][2]
            continue
        said += [f"> {turn}", friend.plays(turn).shown]
    graded(programme, talk, said, "line")
