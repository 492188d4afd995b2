"""Reads a talk as it is kept, also as the release before kept it (facts by dotted names); for one release."""

from typing import Any

from flows.script.talk import Talk

_PERSON = ("device", "same_phone")
_BOOKING = ("kind", "level", "venue", "part", "time", "other", "own", "made", "last", "party")


def talk_from(stored: dict[str, Any]) -> Talk:
    """The talk; of one from the release before what still matters."""
    return Talk.from_stored(stored if "topic" in stored or not stored.get("facts") else _from_dotted(stored))


def _from_dotted(stored: dict[str, Any]) -> dict[str, Any]:
    old, picks = stored.get("facts", {}), stored.get("picks", {})
    if any(isinstance(value, dict) and "." not in name for name, value in old.items()):
        return stored
    facts: dict[str, dict[str, Any]] = {
        "person": {name: old[name] for name in _PERSON if old.get(name)},
        "booking": {name: old[f"book.{name}"] for name in _BOOKING if old.get(f"book.{name}") is not None},
        "guide": {
            "answers": {name[2:]: value for name, value in old.items() if name.startswith("q.")},
            "helped": {name[7:]: value for name, value in old.items() if name.startswith("helped.")},
            "done": {name[5:]: value for name, value in old.items() if name.startswith("done.")},
        },
        "handover": {"wanted": bool(old.get("person")), "number": old.get("number"), "dialled": old.get("dialled")},
        "triage": {"left": old.get("waiting")},
        "safety": {"label": old.get("safety")},
    }
    if old.get("book.days"):
        facts["booking"]["days"] = old["book.days"]
    if picks.get("slot"):
        facts["booking"]["slot"] = picks["slot"]
    return {name: stored[name] for name in ("asked", "silent", "unclear", "slow") if name in stored} | {
        "topic": old.get("topic"), "facts": {name: known for name, known in facts.items() if any(known.values())},
    }  # fmt: skip
