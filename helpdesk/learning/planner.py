"""Puts a learning path together from what a person told, by the rules in ``rules.yml``.

Whatever the rules say, these hold: three to six steps; the first can be booked or done today; no applied class before a
basic one unless the person can do the basics; after a class comes practice or a consultation; no step without its
reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from helpdesk.programme.finding import Wish
from helpdesk.programme.values import Place, offer_of

RULES = Path(__file__).with_name("rules.yml")
FEWEST, MOST = 3, 6
FOLLOWS_A_CLASS = ("practice_app", "consultation")

Hearing = Mapping[str, Any]
"""``phone``, ``aim``, ``worry``, ``skill`` (values of the rules, None when unknown or skipped), ``venue``, ``part``,
``days``; ``done`` and ``refused``: lists of offers such as ``class:basic`` or ``event``."""
Find = Callable[[Wish, datetime], Place | None]
"""The next free place that fits best after an instant."""


@dataclass(frozen=True)
class Step:
    """One step of a path."""

    name: str
    kind: str
    """``class``, ``consultation``, ``event``, ``practice_app`` or ``call``."""
    level: str | None
    aims: tuple[str, ...]
    ear: str
    """The reason for the ear, as the beginning of a sentence."""
    eye: str
    """The reason in one sentence."""
    place: Place | None = field(default=None, compare=False)

    @property
    def offer(self) -> str:
        return offer_of(self.kind, self.level or "")


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """The rules as they stand in the file."""
    found: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return found


def fits(when: Mapping[str, list[str]], hearing: Hearing) -> bool:
    """Whether everything that is named was told so."""
    return all(hearing.get(key) in values for key, values in when.items())


def route_of(hearing: Hearing) -> dict[str, Any]:
    """The first route that fits; the last one fits everybody."""
    return next(route for route in rules()["routes"] if fits(route["when"], hearing))


def names_of(hearing: Hearing) -> list[str]:
    """The route's steps after the changes, before what is done or refused is left out."""
    names = list(route_of(hearing)["steps"])
    for change in rules()["changes"]:
        if not fits(change["when"], hearing) or ("unless" in change and fits(change["unless"], hearing)):
            continue
        names += [name for name in change.get("add", ()) if name not in names]
        if "first" in change:
            same = _family(change["first"])
            names = [
                name for name in names if name != same and not (same == "practice" and _family(name) == "practice")
            ]
            names = [change["first"], *_without_doubles(names, change["first"])]
    return names


def _family(name: str) -> str:
    return str(rules()["steps"][name].get("same_as", name))


def _without_doubles(names: list[str], first: str) -> list[str]:
    """With a consultation at the front, one that does not follow a class is left out."""
    if rules()["steps"][first]["offer"]["kind"] != "consultation":
        return names
    for index, name in enumerate(names):
        follows = index > 0 and rules()["steps"][names[index - 1]]["offer"]["kind"] == "class"
        if rules()["steps"][name]["offer"]["kind"] == "consultation" and not follows:
            return names[:index] + names[index + 1 :]
    return names


def step(name: str, hearing: Hearing, used: set[str] | None = None) -> Step:
    """One step with the reason that fits the person."""
    rule = rules()["steps"][name]
    kind = rule["offer"]["kind"]
    level = rule["offer"].get("level")
    if kind == "event":
        level = rules()["events"].get(hearing.get("aim"))
        if rule["offer"].get("other") or (used and f"event:{level}" in used):
            level = next(
                (
                    other
                    for other in ("game", "quiz", "walk")
                    if other != level and f"event:{other}" not in (used or set())
                ),
                None,
            )
    reason = next(one for one in rule["reasons"] if fits(one["when"], hearing))
    told = _told(hearing)
    return Step(name, kind, level, tuple(rule["aims"]), reason["ear"].format(**told), reason["eye"].format(**told))


def _told(hearing: Hearing) -> dict[str, str]:
    """What the person said, as reasons quote it."""
    return {key: rules()["hearing"][key].get(hearing.get(key), "") for key in ("aim", "worry", "skill", "phone")}


def outline(hearing: Hearing) -> list[Step]:
    """The path before any session is looked for: what, in which order, and why."""
    return _sound(_wanted(hearing), hearing)


def plan(hearing: Hearing, now: datetime, find: Find) -> list[Step]:
    """The path of this person: steps in order, each with the next session that fits place, time and free seats."""
    steps = outline(hearing)
    placed = _placed(steps, hearing, now, find)
    if placed and _doable(placed[0]):
        return placed
    # The first step cannot be taken now: the first that can goes to the front, and the order is made sound again.
    for candidate in [one for one in placed if _doable(one)]:
        others = [one for one in steps if one.name != candidate.name]
        again = _placed(_sound([replace(candidate, place=None), *others], hearing), hearing, now, find)
        if again and _doable(again[0]):
            return again
    return _fitting_length([step("call", hearing), *placed])


def _doable(one: Step) -> bool:
    return one.place is not None or one.kind in ("practice_app", "call")


def _wanted(hearing: Hearing) -> list[Step]:
    refused, done = set(hearing.get("refused") or ()), set(hearing.get("done") or ())
    found: list[Step] = []
    used: set[str] = set(done)
    for name in [*names_of(hearing), "consult_last", "event_use", "practice"]:
        more = (
            len(found) >= FEWEST and name in ("consult_last", "event_use", "practice") and name not in names_of(hearing)
        )
        if more or any(one.name == name for one in found):
            continue
        if name == "practice" and hearing.get("phone") in ("none", "feature"):
            continue
        one = step(name, hearing, used)
        left_out = (
            one.kind in refused
            or one.offer in refused
            or (one.offer in done and one.kind in ("class", "practice_app", "event"))
        )
        if left_out:
            continue
        used.add(one.offer)
        found.append(one)
    return found


def _sound(steps: list[Step], hearing: Hearing) -> list[Step]:
    """Basic before applied, practice or a consultation after each class, at most six steps."""
    knows = hearing.get("skill") == "good" or {"class:basic", "class:applied"} & set(hearing.get("done") or ())
    refused = set(hearing.get("refused") or ())
    found: list[Step] = []
    for one in steps:
        if one.offer == "class:applied" and not knows and not any(before.offer == "class:basic" for before in found):
            if "class" in refused or "class:basic" in refused:
                continue
            if any(later.offer == "class:basic" for later in steps):
                basic = next(later for later in steps if later.offer == "class:basic")
                found.append(basic)
            else:
                found.append(step("basic", hearing))
            found += _after_class(found, steps, hearing, refused)
        if one in found:
            continue
        found.append(one)
        if one.kind == "class":
            rest = steps[steps.index(one) + 1 :]
            if not rest or rest[0].kind not in FOLLOWS_A_CLASS or rest[0] in found:
                found += _after_class(found, steps, hearing, refused)
    return _fitting_length(_followed(found, hearing, refused))


def _followed(found: list[Step], hearing: Hearing, refused: set[str]) -> list[Step]:
    """Where somebody refused most of it.

    The practice app moves behind the class, a class that nothing can follow is left out.
    """
    done = set(hearing.get("done") or ())
    can_practise = hearing.get("phone") not in ("none", "feature") and not {"practice_app"} & (refused | done)
    if "consultation" in refused and not can_practise:
        return found  # nothing can follow: a class alone is better than none
    for index, one in enumerate(found):
        if one.kind != "class" or (index + 1 < len(found) and found[index + 1].kind in FOLLOWS_A_CLASS):
            continue
        free = [
            at
            for at, other in enumerate(found)
            if other.kind in FOLLOWS_A_CLASS and (at == 0 or found[at - 1].kind != "class")
        ]
        if free:
            moved = found[free[0]]
            rest = [other for other in found if other is not moved]
            at = rest.index(one)
            return _followed([*rest[: at + 1], moved, *rest[at + 1 :]], hearing, refused)
        knows = hearing.get("skill") == "good" or {"class:basic", "class:applied"} & done
        gone = {one.name} | ({"applied"} if one.offer == "class:basic" and not knows else set())
        return _followed([other for other in found if other.name not in gone], hearing, refused)
    return found


def _fitting_length(found: list[Step]) -> list[Step]:
    """At most six, and no class at the end."""
    while len(found) > MOST:
        found = _shorter(found)
    return found


def _after_class(found: list[Step], steps: list[Step], hearing: Hearing, refused: set[str]) -> list[Step]:
    """Something to practise with: of what is planned anyway, else a consultation, else the practice app."""
    planned = [one for one in steps if one.kind in FOLLOWS_A_CLASS and one not in found]
    if planned:
        return planned[:1]
    can_practise = hearing.get("phone") not in ("none", "feature") and "practice_app" not in refused
    for name in ("consult_after", "consult_last", *(("practice",) if can_practise else ())):
        if step(name, hearing).kind not in refused and all(one.name != name for one in found):
            return [step(name, hearing)]
    return []


def _shorter(found: list[Step]) -> list[Step]:
    """One step less: an event or a consultation that follows no class; else the last class with what follows it."""
    for index in range(len(found) - 1, 0, -1):
        if found[index].kind != "class" and found[index - 1].kind != "class":
            return found[:index] + found[index + 1 :]
    last = max((index for index, one in enumerate(found) if one.kind == "class"), default=len(found) - 1)
    return found[:last] + found[last + 2 :]


def _placed(steps: list[Step], hearing: Hearing, now: datetime, find: Find) -> list[Step]:
    """Each step with its session, one after the other on later days.

    An event may be of another kind when its own is not planned.
    """
    after, found = now, []
    for one in steps:
        place = None
        if one.kind in ("class", "consultation", "event"):
            wish = Wish(one.kind, one.level, hearing.get("venue"), (), hearing.get("part"))
            place = find(wish, after)
            if place is None and one.kind == "event":
                place = find(replace(wish, level=None), after)
            if place is not None:
                after = datetime.combine(place.starts_at.date() + timedelta(days=1), time(0), place.starts_at.tzinfo)
                if place.level != (one.level or ""):
                    # Another kind of event than was meant: the reason that holds for every kind.
                    general = rules()["steps"][one.name]["reasons"][-1]
                    one = replace(
                        one, ear=general["ear"].format(**_told(hearing)), eye=general["eye"].format(**_told(hearing))
                    )
                one = replace(one, place=place, level=place.level or None)
        found.append(one)
    return found
