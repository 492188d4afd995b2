"""Whatever is built anew says what it said: every scripted talk, as it was answered when it was recorded last."""

import json

import pytest

from nlu.understand import Understander
from tests.conftest import CLOSED, desk_in, settings_of_a_test
from tests.recorded import FILE, answers, scripts

RECORDED = {
    (one["talk"], one["channel"]): one["answers"]
    for one in map(json.loads, FILE.read_text(encoding="utf-8").splitlines())
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "channel", "talk"), scripts(), ids=lambda part: part if isinstance(part, str) else "")
def test_a_talk_is_answered_as_before(tmp_path, settings, embedded, name, channel, talk):
    desk = desk_in(settings_of_a_test(tmp_path), Understander(None, embedded))
    told = answers(desk, channel, talk, CLOSED)
    desk.database.close()
    assert told == RECORDED[(name, channel)], "meant so? python -m tests.recorded writes it anew"


def test_every_talk_is_recorded():
    assert {(name, channel) for name, channel, _ in scripts()} == set(RECORDED)
