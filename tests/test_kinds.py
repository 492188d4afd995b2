"""The fast run stays fast: what starts processes or takes long is noticed when its mark is missing."""

import subprocess
from types import SimpleNamespace

import pytest

from tests import kinds


class Item(SimpleNamespace):
    """As much of a test as its kind depends on."""

    def get_closest_marker(self, name):
        return name if name in self.marks else None

    def add_marker(self, mark):
        self.marks.append(mark.name)


def test_without_its_mark_no_test_starts_a_process():
    with pytest.raises(AssertionError, match=r"pytest\.mark\.processes"):
        subprocess.run(["true"], check=True)


@pytest.mark.processes
def test_with_its_mark_it_does():
    assert subprocess.run(["true"], check=True).returncode == 0


@pytest.mark.parametrize("limit", ["MOST_COMPUTING", "MOST_WAITING"])
def test_a_test_that_takes_long_needs_a_mark(monkeypatch, limit):
    with monkeypatch.context() as context:  # undone before this test itself is timed
        context.setattr(kinds, limit, -1.0)
        with pytest.raises(pytest.fail.Exception, match=r"pytest\.mark\.slow"), kinds.timed(Item(marks=[])):
            pass
        for mark in (*kinds.OUTSIDE, "slow"):
            with kinds.timed(Item(marks=[mark])):
                pass


@pytest.mark.parametrize(
    ("item", "marks"),
    [
        (
            Item(
                marks=[], fixturenames=["any_database"], callspec=SimpleNamespace(params={"any_database": "postgresql"})
            ),
            ["postgresql"],
        ),
        (
            Item(marks=[], fixturenames=["any_database"], callspec=SimpleNamespace(params={"any_database": "sqlite"})),
            [],
        ),
        (Item(marks=[], fixturenames=["postgresql", "rasa"]), ["postgresql", "rasa"]),
    ],
)
def test_postgresql_and_rasa_are_known_by_fixtures(item, marks):
    kinds.mark(item)
    assert item.marks == marks
