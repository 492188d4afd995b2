"""The learning path: ten people in their own words, and what holds for ten thousand random ones."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from flows.learning.hearing import told_in
from helpdesk.clock import TOKYO
from helpdesk.learning import paths
from helpdesk.learning.planner import RULES, names_of, outline, plan, rules
from helpdesk.programme.tables import Slot
from helpdesk.programme_file import importing as programme
from helpdesk.programme_file.sample import sample
from tests.conftest import OPEN
from tests.wards import CHIYODA
from tools.paths_page import page

PERSONAS = yaml.safe_load(Path("docs/personas.yml").read_text(encoding="utf-8"))
ANYTHING = {key: [None, *values] for key, values in rules()["hearing"].items()}


@pytest.fixture
def year(database):
    with database.transaction() as session:
        programme.keep(session, list(sample(2026, CHIYODA)))
    return database


def offers(steps):
    return [one.offer for one in steps]


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda one: one["name"])
def test_each_persona_gets_the_path_that_an_officer_would_propose(year, persona):
    hearing = {}
    for words in persona["says"]:
        hearing |= told_in(words)
    assert {key: hearing.get(key) for key in persona["heard"]} == persona["heard"], hearing
    with year.reading() as session:
        steps = paths.propose(session, OPEN, hearing)
    assert offers(steps) == persona["path"], [(one.offer, one.eye) for one in steps]
    assert [one.name for one in outline(hearing)] == [one.name for one in steps]  # as docs/learning_path.md tells it
    for words in persona["why"]:
        assert any(words in one.eye for one in steps), [one.eye for one in steps]


def crowd(chance):
    hearing = {key: chance.choice(values) for key, values in ANYTHING.items()}
    hearing |= {
        "venue": chance.choice([None, "神保町出張所", "区役所", "麹町出張所"]),
        "part": chance.choice([None, None, "am", "pm"]),
    }
    if chance.random() < 0.2:
        hearing["done"] = chance.sample(
            ["class:basic", "class:applied", "consultation", "event:game", "event:walk", "practice_app"],
            chance.randint(1, 3),
        )
    if chance.random() < 0.2:
        hearing["refused"] = chance.sample(["class", "class:applied", "consultation", "event", "practice_app"], 1)
    return hearing


@pytest.mark.slow
def test_what_holds_for_ten_thousand_random_people(year):
    chance = random.Random(4)
    with year.transaction() as session:
        for slot in session.scalars(select(Slot)):  # a third of all seats are gone
            slot.taken = slot.capacity if chance.random() < 0.35 else 0
    with year.reading() as session:
        find = paths.finder(session)
        remembered = {}

        def quick(wish, after):
            if (wish, after) not in remembered:
                remembered[wish, after] = find(wish, after)
            return remembered[wish, after]

        for _ in range(10_000):
            hearing = crowd(chance)
            now = datetime(2026, 4, 1, 9, tzinfo=TOKYO) + timedelta(
                days=chance.randint(0, 364), hours=chance.randint(0, 9)
            )
            steps = plan(hearing, now, quick)
            why = f"{hearing} {now}: {[(one.offer, one.place and one.place.starts_at) for one in steps]}"
            first = steps[0]
            assert first.place is not None or first.kind in ("practice_app", "call"), why
            assert first.kind != "practice_app" or hearing["phone"] not in ("none", "feature"), why
            assert len(steps) <= 6, why
            if not hearing.get("done") and not hearing.get("refused") and first.kind != "call":
                assert len(steps) >= 3, why
            after = now
            for number, one in enumerate(steps):
                assert one.ear and one.eye and one.aims and "{" not in one.eye, why
                if one.place is not None:
                    assert one.place.starts_at > after and one.place.free > 0 and not one.place.cancelled, why
                    after = one.place.starts_at
                if one.offer == "class:applied":
                    knows = hearing["skill"] == "good" or {"class:basic", "class:applied"} & set(
                        hearing.get("done", ())
                    )
                    assert knows or "class:basic" in offers(steps[:number]), why
                if one.kind == "class":
                    followers = {"consultation", "practice_app"} - set(hearing.get("refused", ()))
                    if followers - (
                        {"practice_app"}
                        if hearing["phone"] in ("none", "feature") or "practice_app" in hearing.get("done", ())
                        else set()
                    ):
                        assert number + 1 < len(steps) and steps[number + 1].kind in ("consultation", "practice_app"), (
                            why
                        )
                assert one.kind not in hearing.get("refused", ()) and one.offer not in hearing.get("refused", ()), why
            assert len({one.name for one in steps}) == len(steps), why
            if hearing["phone"] in ("none", "feature") and hearing["aim"] == "none" and not hearing.get("refused"):
                assert first.kind in ("event", "call") or not any(one.kind == "event" and one.place for one in steps), (
                    why
                )


def test_rules_are_whole():
    known = rules()
    values = known["hearing"]
    for whole in (
        *known["routes"],
        *known["changes"],
        *(reason for one in known["steps"].values() for reason in one["reasons"]),
    ):
        for key, wanted in whole["when"].items():
            assert set(wanted) <= set(values[key]), whole
    for name in {name for route in known["routes"] for name in route["steps"]} | {
        change["first"] for change in known["changes"] if "first" in change
    }:
        assert name in known["steps"]
    for name, one in known["steps"].items():
        assert one["reasons"] and one["reasons"][-1]["when"] == {}, f"{name} may be without a reason"
        assert set(one["aims"]) <= set(known["aims"])
    assert known["routes"][-1]["when"] == {}


def test_the_page_for_officers_is_made_from_the_rules():
    assert Path("docs/learning_path.md").read_text(encoding="utf-8") == page(), (
        "python -m tools.paths_page > docs/learning_path.md"
    )
    assert RULES.name in page()


def test_a_rule_that_is_taken_away_is_missed(monkeypatch):
    """The rules decide: without the change for the anxious the path begins otherwise."""
    scared = {"phone": "own", "skill": "calls", "worry": "scam"}
    assert names_of(scared)[0] == "consult_safe"
    monkeypatch.setitem(rules(), "changes", [])
    assert names_of(scared)[0] == "basic"
