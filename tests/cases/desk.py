"""A helpdesk with the sample programme, as the cases ask for, and how the steps of a case are played on it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from helpdesk.booking.tables import Attendee, Booking
from helpdesk.programme_file import importing
from helpdesk.programme_file.sample import sample
from helpdesk.store.database import Database
from tests.people import Caller, Friend, actions, texts
from tests.wards import CHIYODA

CASES = {
    case["id"]: case
    for case in map(json.loads, (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines())
}
SOMEBODY = "+819055556666"


def family(name: str) -> list[dict[str, Any]]:
    """The cases whose id begins so."""
    return [case for case in CASES.values() if case["id"].startswith(name)]


def fill_with_sample(database: Database) -> None:
    """The sample programme of the year of all cases."""
    with database.transaction() as session:
        importing.keep(session, list(sample(2026, CHIYODA)), 30)


def at_time(desk: Any, case: dict[str, Any]) -> None:
    """Set the clock of the try."""
    if "now" in case:
        desk.watch.now = datetime.fromisoformat(case["now"])


def talks_of(steps: list[Any]) -> list[list[dict[str, Any]]]:
    """A list of lists is several talks, each from the start."""
    return steps if steps and isinstance(steps[0], list) else [steps]


def on_the_telephone(desk: Any, steps: list[dict[str, Any]], number: str | None = SOMEBODY) -> Caller:
    """One call; what the caller heard last is ``caller.heard``."""
    caller = desk.caller(number or "anonymous")
    caller.rings()
    for step in steps:
        if "say" in step:
            caller.says(step["say"])
        elif "press" in step:
            caller.presses(step["press"])
        elif "post" in step:
            caller._step(caller.action, **step["post"])
        else:
            raise AssertionError(f"no step of a call: {step}")
        assert caller.heard is not None and caller.heard.status == 200
    return caller


def on_line(desk: Any, steps: list[dict[str, Any]], friend: Friend | None = None) -> Friend:
    """One talk with a LINE friend; what she saw last is ``friend.shown``."""
    friend = friend or desk.friend()
    for step in steps:
        if "say" in step:
            friend.writes(step["say"] * step.get("repeat", 1))
        elif "emoji" in step:
            friend.message(
                "text",
                text="(love)",
                quoteToken="q",
                emojis=[{"index": 0, "length": 6, "productId": "p", "emojiId": "001"}],
            )
        elif step.get("stale"):
            friend.deliver(friend.event("postback", postback={"data": friend.old_button}))
        elif "tap" in step:
            found = [action for action in actions(friend.last) if action.get("label") == step["tap"]]
            assert found, f"no button {step['tap']} in {friend.shown}"
            friend.old_button = found[0].get("data", "")
            if step.get("at_once"):
                events = [friend.event("postback", postback={"data": found[0]["data"]}) for _ in range(step["times"])]
                with ThreadPoolExecutor(len(events)) as pool:
                    assert all(done.status_code == 200 for done in pool.map(friend.deliver, events))
            else:
                friend.taps(step["tap"])
        else:
            raise AssertionError(f"no step of a LINE talk: {step}")
    return friend


def booked_by(desk: Any) -> list[tuple[str | None, str | None]]:
    """(name, reading) of everybody who has a booking, in the order of booking."""
    with desk.database.reading() as session:
        rows = session.execute(
            select(Attendee.name, Attendee.reading)
            .join(Booking, Booking.attendee_id == Attendee.id)
            .order_by(Booking.id)
        )
        return [(name, reading) for name, reading in rows]


def everything_kept(database: Database) -> str:
    """Every value of every row, as text."""
    from helpdesk.store.base import Table

    with database.reading() as session:
        rows = [row for table in Table.metadata.sorted_tables for row in session.execute(select(table))]
    return "\n".join(
        json.dumps([str(value) if not isinstance(value, (dict, list)) else value for value in row], ensure_ascii=False)
        for row in rows
    )


def says_one_of(wanted: str, told: str) -> bool:
    """``a|b``: one of the two."""
    return any(part in told for part in wanted.split("|"))


def all_texts(friend: Friend) -> str:
    return "\n".join(texts(friend.last))
