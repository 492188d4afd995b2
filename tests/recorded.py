"""What every scripted talk is answered, on both channels: recorded once, compared ever after.

``python -m tests.recorded`` writes it anew. Kept so that a change of the house changes no word. Whoever changes words
on purpose records anew and looks at the difference.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from nlu.embedded import load_or_train
from nlu.understand import Understander
from tests.places import MODELS
from tests.small_programme import PROGRAMME, happens, plant

TALKS = Path(__file__).parent / "talks"
FILE = TALKS / "recorded.jsonl"
_NUMBERS = re.compile(r"\d \d、\d \d \d|(?<!\d)\d{5}(?!\d)")
"""Booking numbers are drawn: they differ from run to run."""


def scripts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(name, channel, talk) of every scripted talk."""
    for channel in ("voice", "line"):
        for file in ("voice", "line", "bookings", "paths"):
            for talk in yaml.safe_load((TALKS / f"{file}.yml").read_text(encoding="utf-8")):
                turns = talk.get("turns") if file == channel else talk.get(channel)
                if turns:
                    yield (
                        f"{file}: {talk['name']}",
                        channel,
                        {**talk, "turns": turns, "sessions": file in ("bookings", "paths")},
                    )


def answers(desk: Any, channel: str, talk: dict[str, Any], closed: Any) -> list[str]:
    """Everything that is said or shown."""
    if talk.get("at") == "closed":
        desk.watch.now = closed
    if talk["sessions"]:
        plant(desk)
    number = talk.get("from", "+819012345678" if talk["sessions"] else "+81312345678")
    who = desk.caller(number) if channel == "voice" else desk.friend()
    told = [who.rings().said if channel == "voice" else who.does("follow").shown]
    for turn in talk["turns"]:
        if isinstance(turn, dict):
            if turn.get("again"):
                who.repeats() if channel == "voice" else who.redelivers()
                continue
            sent = len(desk.line.sent)
            happens(desk, turn)
            if channel == "line" and len(desk.line.sent) > sent:
                who.last = desk.line.sent[-1][2]
            continue
        heard = who.plays(turn, talk.get("confidence", "0.9")) if channel == "voice" else who.plays(turn)
        told.append(heard.said if channel == "voice" else heard.shown)
    return [_NUMBERS.sub("#", words) for words in told]


def write() -> None:
    """Play all talks and keep what was answered."""
    from helpdesk.settings import Settings
    from tests.conftest import CLOSED, desk_in, settings_of_a_test

    assert PROGRAMME and Settings
    understander = Understander(None, load_or_train(MODELS))
    lines = []
    for name, channel, talk in scripts():
        with tempfile.TemporaryDirectory() as folder:
            desk = desk_in(settings_of_a_test(Path(folder)), understander)
            lines.append({"talk": name, "channel": channel, "answers": answers(desk, channel, talk, CLOSED)})
            desk.database.close()
    FILE.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    write()
