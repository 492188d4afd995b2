"""Troubled talks from ``tests/talks``, graded by what is in the database.

They go through the webhooks with the embedded classifier.
"""

from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from helpdesk.talks.tables import Inquiry
from tests.conftest import CLOSED

TALKS = Path(__file__).parent / "talks"


def talks(channel):
    return [
        pytest.param(talk, id=talk["name"])
        for talk in yaml.safe_load((TALKS / f"{channel}.yml").read_text(encoding="utf-8"))
    ]


def graded(desk, talk, said):
    with desk.database.reading() as session:
        found = [f"{i.topic or 'none'} {i.outcome}" for i in session.scalars(select(Inquiry).order_by(Inquiry.id))]
    assert found == talk["ends"], f"{found}\n" + "\n".join(said)
    if "says" in talk:
        assert talk["says"] in said[-1], "\n".join(said)


@pytest.mark.parametrize("talk", talks("voice"))
def test_on_the_telephone(desk, talk):
    if talk.get("at") == "closed":
        desk.watch.now = CLOSED
    caller = desk.caller(talk.get("from", "+81312345678"))
    said = [caller.rings().said]
    for turn in talk["turns"]:
        said += [f"> {turn}", caller.plays(turn, talk.get("confidence", "0.9")).said]
    graded(desk, talk, said)


@pytest.mark.parametrize("talk", talks("line"))
def test_on_line(desk, talk):
    if talk.get("at") == "closed":
        desk.watch.now = CLOSED
    friend = desk.friend()
    friend.does("follow")
    said = [friend.shown]
    for turn in talk["turns"]:
        said += [f"> {turn}", friend.plays(turn).shown]
    graded(desk, talk, said)
