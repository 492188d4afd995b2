"""Measures understanding on labelled sentences, through the path that a live turn takes."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sklearn.metrics import f1_score

from nlu.time_words import time_words
from nlu.understand import Understander
from nlu.understanding import Expected, Understanding

_ALWAYS = ("date", "part", "dates", "time")
_WHERE_ASKED = ("not", "since", "until", "edge", "missing", "clash")


class Unreadable(Exception):
    """A line is not {"text","intent","channel"}. ``str()`` names file and line."""


@dataclass(frozen=True)
class Prediction:
    """A case and what was understood."""

    text: str
    intent: str
    channel: str
    understood: Understanding

    def as_line(self) -> dict[str, Any]:
        """As it is written to a file of predictions."""
        meant = self.understood
        return {
            "text": self.text,
            "intent": meant.intent,
            "confidence": meant.confidence,
            "top": [label for label, _ in meant.likeliest],
        }


def read(file: Path) -> list[tuple[str, str, str]]:
    """(text, intent, channel) of every line. Raises Unreadable."""
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            cases.append((str(case["text"]), str(case["intent"]), str(case.get("channel", ""))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(f"{file.name}, line {number}: {type(error).__name__}") from error
    if not cases:
        raise Unreadable(f"{file.name} is empty")
    return cases


def predict(understander: Understander, cases: Sequence[tuple[str, str, str]]) -> list[Prediction]:
    """Ask for each case, with an open question as what the talk waits for. A safety label found is the intent."""
    found = []
    for text, intent, channel in cases:
        meant = understander.text(text, Expected())
        if meant.safety is not None and meant.intent != meant.safety:
            rest = tuple(pair for pair in meant.likeliest if pair[0] != meant.safety)[:2]
            meant = Understanding(
                meant.safety,
                meant.confidence,
                meant.engine,
                ((meant.safety, meant.confidence), *rest),
                safety=meant.safety,
            )
        found.append(Prediction(text, intent, channel, meant))
    return found


def report(predictions: Sequence[Prediction]) -> Iterator[str]:
    """Lines for people: accuracy, macro-F1, channels, safety, the worst confusions."""
    right = [p.understood.intent == p.intent for p in predictions]
    truth, said = [p.intent for p in predictions], [p.understood.intent for p in predictions]
    macro = f1_score(truth, said, labels=sorted(set(truth)), average="macro", zero_division=0)
    yield f"sentences {len(predictions)}  accuracy {sum(right) / len(right):.3f}  macro-F1 {macro:.3f}"
    in_top = sum(p.intent in [label for label, _ in p.understood.likeliest] for p in predictions)
    yield f"among the three likeliest {in_top / len(predictions):.3f}"
    for channel in sorted({p.channel for p in predictions}):
        ours = [ok for ok, p in zip(right, predictions, strict=True) if p.channel == channel]
        yield f"channel {channel or '-'}: {len(ours)} sentences, accuracy {sum(ours) / len(ours):.3f}"
    for label in sorted({t for t in truth if t.startswith("safety_")}):
        yield _recall_and_precision(label, truth, said)
    danger = [t.startswith("safety_") for t in truth]
    flagged = [s.startswith("safety_") for s in said]
    hits = sum(a and b for a, b in zip(danger, flagged, strict=True))
    yield f"safety_* as one: recall {hits / max(sum(danger), 1):.3f}  precision {hits / max(sum(flagged), 1):.3f}"
    engines = Counter(p.understood.engine for p in predictions)
    yield "answered by " + ", ".join(f"{engine} {count}" for engine, count in engines.most_common())
    wrong = Counter((t, s) for t, s in zip(truth, said, strict=True) if t != s)
    for (t, s), count in wrong.most_common(15):
        yield f"{count:3d} × {t} taken for {s}"


def _recall_and_precision(label: str, truth: Sequence[str], said: Sequence[str]) -> str:
    hits = sum(t == s == label for t, s in zip(truth, said, strict=True))
    return f"{label}: recall {hits / max(truth.count(label), 1):.3f}  precision {hits / max(said.count(label), 1):.3f}"


def read_dates(file: Path) -> list[dict[str, Any]]:
    """Lines of {"text","now", …}. Raises Unreadable."""
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            case = json.loads(line)
            datetime.fromisoformat(case["now"])
            cases.append({**case, "text": str(case["text"])})
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{file.name}, line {number}: {type(error).__name__}") from error
    return cases


def read_time(case: dict[str, Any]) -> dict[str, Any]:
    """What a case's time words are read as: date, part, and where there are some dates, time and the other keys."""
    read = time_words(case["text"], datetime.fromisoformat(case["now"]))
    found: dict[str, Any] = {"date": read.day.isoformat() if read.day else None, "part": read.part}
    more = {
        "dates": [day.isoformat() for day in read.days],
        "time": read.time,
        "not": [day.isoformat() for day in read.not_days],
    }
    more |= {"since": read.since, "until": read.until, "edge": read.edge, "missing": read.missing, "clash": read.clash}
    return found | {name: value for name, value in more.items() if value}


def dates_wrong(case: dict[str, Any], read: dict[str, Any]) -> dict[str, Any] | None:
    """What was wanted when ``read`` is not it.

    Date, part, dates and time count always, the other keys where the case has them.
    """
    wanted = {name: case[name] for name in _ALWAYS if case.get(name) is not None}
    extra = {name: case[name] for name in _WHERE_ASKED if name in case}
    right = all(read.get(name) == wanted.get(name) for name in _ALWAYS) and all(
        read.get(name) == value for name, value in extra.items()
    )
    return None if right else {"date": None, "part": None, **wanted, **extra}


def report_dates(cases: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """How many are exactly right, and those that are not."""
    wrong = []
    for case, read in zip(cases, found, strict=True):
        wanted = dates_wrong(case, read)
        if wanted is not None:
            wrong.append(f"{case['text']} ({case['now'][:10]}): wanted {wanted}, read {read}")
    yield f"time words {len(cases)}  exact {(len(cases) - len(wrong)) / max(len(cases), 1):.3f}"
    yield from wrong
