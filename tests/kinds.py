"""Which kind a test is, and what an unmarked test may not do.

``make test-fast`` leaves out what needs more than this process.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

OUTSIDE = ("rasa", "postgresql", "processes")
"""Marks set by what a test uses; a test that starts processes in its body says so itself."""
MOST_COMPUTING, MOST_WAITING = 8.0, 40.0
"""Seconds of computing, which are much the same on a busy machine, and seconds in all.

A test that needs more is marked ``slow``.
"""


def mark(item: pytest.Item) -> None:
    """A test on PostgreSQL or with Rasa's server is known by its fixtures and parameters."""
    names = getattr(item, "fixturenames", ())
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if "postgresql" in names or "postgresql" in parameters.values():
        item.add_marker(pytest.mark.postgresql)
    if "rasa" in names:
        item.add_marker(pytest.mark.rasa)


def leaves_this_process(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in OUTSIDE)


@pytest.fixture(autouse=True)
def no_process_without_its_mark(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unmarked test that starts a process fails."""
    if not leaves_this_process(request.node):

        def refused(*_: Any, **__: Any) -> None:
            raise AssertionError("this test starts a process: @pytest.mark.processes leaves it out of make test-fast")

        monkeypatch.setattr(subprocess.Popen, "__init__", refused)


@contextmanager
def timed(item: pytest.Item) -> Iterator[None]:
    """Around the body of a test: an unmarked one that takes too long fails."""
    began, computed = time.monotonic(), time.process_time()
    yield
    computed, took = time.process_time() - computed, time.monotonic() - began
    marked = leaves_this_process(item) or item.get_closest_marker("slow") is not None
    if not marked and (computed > MOST_COMPUTING or took > MOST_WAITING):
        pytest.fail(
            f"{computed:.1f} s of computing, {took:.1f} s in all: "
            "@pytest.mark.slow leaves this test out of make test-fast",
            pytrace=False,
        )
