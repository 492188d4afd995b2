"""What needs no model: keys, yes and no, digits, the offered choices, and the words that steer every talk."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from nlu.digits import digits_in, only_digits
from nlu.list_places import entry_said, key_said
from nlu.names import starts_like_a_surname
from nlu.text import clean, comparable, without_fillers, words_and_reading
from nlu.understanding import Expected, ExpectedChoice, Understanding

_WORDS = yaml.safe_load((Path(__file__).parent / "words" / "ja" / "rules.yml").read_text(encoding="utf-8"))
_YES_OPENINGS, _NO_OPENINGS = ("はい", "ええ", "うん", "そうです"), ("いいえ", "いえ", "いや")
LONGEST_OPENED = 16
"""A longer sentence behind a yes or no says more than that; a model reads it."""
LONGEST_NUMBER = 11
"""Where the last digits of a telephone number are asked for, some people say all of it."""
_KEYS_ALWAYS = ("0", "9")
"""A person and "again": these keys mean the same at every question."""


_NOT_KNOWN = re.compile(
    r"(?:(?:あの|その|えーと|すみません|いえ|いや|それが|実は)*(?:予約|よやく|受付|電話|でんわ)?の?(?:番号|ばんごう|なんばあ|それ)(?:なんて|とか|って|は|が|を|も"
    r"|なら)?)?(?:ちょっと|よく|もう|全然|ぜんぜん|今|いま|すぐ)*(?:には|は)?"
    r"(?:わから|わかり|わかん|分から|分かり|分かん|忘れ|わすれ|覚えて|おぼえて|知ら|しら|しり|知り|なくし|無くし|控えて|ひかえて|見つから|みつから|手元に|てもとに|出てこ|でてこ|読めな|よめな"
    r"|ありません|ない).{0,12}"
)
"""「番号がわかりません」 where a number is asked for: not the trouble with a password that it is elsewhere."""
_KEY_ALONE = {key: key for key in "0123456789"} | {f"{key}番": key for key in "0123456789"}
_IS_KEY = re.compile(r"[0-9]|番|ばん|バン|ボタン|キー")
_NAMED_ALWAYS = re.compile(r"ゼロ|ぜろ|九|〇|零|きゅう|キュウ")


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(comparable(word) for word in words)


_ANYWHERE_SETS = {intent: _set(words) for intent, words in _WORDS["anywhere"].items()}
_YES_SET, _NO_SET, _DONE_SET, _FAILED_SET, _SOLVED_SET, _UNSURE_SET = (
    _set(_WORDS[name]) for name in ("yes", "no", "done", "failed", "solved", "unsure")
)


def _certain(intent: str, choice: str | None = None, digits: str | None = None) -> Understanding:
    return Understanding(intent, 1.0, "rules", ((intent, 1.0),), choice=choice, digits=digits)


def pressed(keys: str, expected: Expected) -> Understanding:
    """What keys of the telephone mean: 0 a person, 9 again, 1 yes, 2 no, the others what was offered."""
    if expected.kind in ("digits", "number") and len(keys) > 1:
        return _certain("nlu_fallback", digits=only_digits(keys))
    key = keys[:1]
    if key == "0":
        return _certain("handoff_human")
    if key == "9":
        return _certain("repeat")
    for choice in expected.choices:
        if choice.key == key:
            return _certain(choice.intent or "nlu_fallback", choice=choice.id)
    return Understanding("nlu_fallback", 0.0, "rules")


def _chosen(text: str, choices: tuple[ExpectedChoice, ...]) -> ExpectedChoice | None:
    """The choice that the words mean: said exactly, said within a short sentence, or said with other endings."""
    said = comparable(without_fillers(clean(text)))
    exact = [choice for choice in choices if said in _set(choice.words)]
    if len(exact) == 1:
        return exact[0]
    if len(said) > 30:
        return None
    meant = _words(text)
    found = []
    for choice in choices:
        lengths = [len(word) for word in _set(choice.words) if len(word) >= 2 and word in said and not _negated(meant)]
        for phrase in choice.words:
            words = _words(phrase)
            if words - _NEGATIONS and words - _NEGATIONS <= meant and _negated(words) == _negated(meant):
                lengths.append(sum(len(word) for word in words))
        if lengths:
            found.append((max(lengths), choice))
    found.sort(key=lambda pair: -pair[0])
    if found and (len(found) == 1 or found[0][0] > found[1][0]):
        return found[0][1]
    return None


_NEGATIONS = frozenset({"ない", "無い", "ず", "ぬ", "ん", "ません"})
_LITTLE_WORDS = frozenset(
    [
        "は",
        "が",
        "を",
        "に",
        "で",
        "も",
        "の",
        "と",
        "へ",
        "ね",
        "よ",
        "です",
        "ます",
        "だ",
        "た",
        "て",
        "か",
        "さ",
        "わ",
    ]
)


def _words(text: str) -> frozenset[str]:
    """Normalised words without particles and polite endings: 「つながります」 and 「つながる」 become one."""
    words, _ = words_and_reading(text)
    return frozenset(word for word in words if word not in _LITTLE_WORDS)


def _negated(words: frozenset[str]) -> bool:
    return bool(words & _NEGATIONS)


def _opens_with(text: str, openings: tuple[str, ...]) -> bool:
    """Whether this is how it begins: 「はい、そうです」, and not 「はいばらです」."""
    return comparable(without_fillers(clean(text))).startswith(openings) and not starts_like_a_surname(text)


def _pointed_at(text: str, said: str, expected: Expected) -> Understanding | None:
    """A key that was said, in whatever letters, or a place in the list that was read."""
    if any(said in _set(choice.words) for choice in expected.choices):
        return None
    if expected.kind == "choice":
        entry = entry_said(text, expected.choices)
        if entry is not None:
            return _certain(entry.intent or "nlu_fallback", choice=entry.id)
    key = key_said(text) if expected.kind not in ("digits", "number", "name") else _KEY_ALONE.get(clean(text))
    if key is None:
        return None
    keys = [choice.key for choice in expected.choices if choice.key is not None]
    if key in keys or _IS_KEY.search(clean(text)) or (key in _KEYS_ALWAYS and _NAMED_ALWAYS.fullmatch(clean(text))):
        if expected.choices and not keys:
            return _shown_at(int(key), expected.choices)
        return pressed(key, expected)
    return None


def _shown_at(number: int, choices: tuple[ExpectedChoice, ...]) -> Understanding | None:
    """Where no keys are shown, 「三番」 is the third."""
    if not 1 <= number <= len(choices):
        return None
    return _certain(choices[number - 1].intent or "nlu_fallback", choice=choices[number - 1].id)


def settle(text: str, expected: Expected) -> Understanding | None:
    """The meaning when rules are sure of it, else None and a model is asked."""
    said = comparable(without_fillers(clean(text)))
    if not said:
        return None
    for rule in _IN_ORDER:
        meaning = rule(text, said, expected)
        if meaning is not None:
            return meaning
    return None


def _number(text: str, said: str, expected: Expected) -> Understanding | None:
    """Where a number is asked for, the number, or that it is not known."""
    if expected.kind == "digits":
        digits = digits_in(text)
        if len(digits) >= 9:
            return _certain("nlu_fallback", digits=digits)
    if expected.kind == "number":
        digits = digits_in(text)
        if 3 <= len(digits) <= LONGEST_NUMBER:
            return _certain("nlu_fallback", digits=digits)
    if expected.kind in ("digits", "number") and _NOT_KNOWN.fullmatch(said):
        return _certain("dont_know")
    return None


def _anywhere(text: str, said: str, expected: Expected) -> Understanding | None:
    """What means the same at every question."""
    return next((_certain(intent) for intent, words in _ANYWHERE_SETS.items() if said in words), None)


def _after_a_step(text: str, said: str, expected: Expected) -> Understanding | None:
    """Done, solved or failed, where a step was to be tried."""
    if expected.kind != "step":
        return None
    if said in _DONE_SET or said in _YES_SET:
        return _certain("next_step", choice="yes")
    if said in _SOLVED_SET:
        return _certain("solved")
    if said in _FAILED_SET or said in _NO_SET:
        return _certain("not_solved", choice="no")
    return None


def _yes_or_no(text: str, said: str, expected: Expected) -> Understanding | None:
    """An answer to a yes-or-no question that is nothing else."""
    if expected.kind != "yes_no":
        return None
    for offered in expected.choices:
        if said in _set(offered.words):
            return _certain(offered.intent or "nlu_fallback", choice=offered.id)
    if said in _SOLVED_SET or (_opens_with(text, _YES_OPENINGS) and said.removeprefix("はい") in _SOLVED_SET):
        return _certain("solved", choice="yes")
    if said in _YES_SET:
        return _certain("affirm", choice="yes")
    if said in _NO_SET:
        return _certain("deny", choice="no")
    if said in _FAILED_SET and said not in _UNSURE_SET:
        # 「できません」 after an offer refuses it; after "did it help?" it means that it did not.
        refused = next((offered.intent for offered in expected.choices if offered.id == "no"), None)
        return _certain(refused or "deny", choice="no")
    return None


def _offered(text: str, said: str, expected: Expected) -> Understanding | None:
    """One of the choices; beside a yes-or-no question those that are neither."""
    choices = expected.choices
    if not choices or expected.kind not in ("choice", "yes_no"):
        return None
    if expected.kind == "yes_no":
        choices = tuple(choice for choice in choices if choice.id not in ("yes", "no"))
    chosen = _chosen(text, choices)
    return _certain(chosen.intent or "nlu_fallback", choice=chosen.id) if chosen is not None else None


def _opened(text: str, said: str, expected: Expected) -> Understanding | None:
    """A short answer to a yes-or-no question that begins with yes or no."""
    if expected.kind != "yes_no" or len(said) > LONGEST_OPENED:
        return None
    if _opens_with(text, _NO_OPENINGS):
        return _certain("deny", choice="no")
    if _opens_with(text, _YES_OPENINGS) and not _negated(_words(text)):
        return _certain("affirm", choice="yes")
    return None


def _unasked(text: str, said: str, expected: Expected) -> Understanding | None:
    """Yes, no and their like where nothing of the kind was asked."""
    return next((_certain(intent) for intent, words in _UNASKED if said in words), None)


_UNASKED = (
    ("dont_know", _UNSURE_SET),
    ("solved", _SOLVED_SET),
    ("affirm", _YES_SET),
    ("deny", _NO_SET),
    ("next_step", _DONE_SET),
)
_IN_ORDER: tuple[Callable[[str, str, Expected], Understanding | None], ...] = (
    _number,
    _pointed_at,
    _anywhere,
    _after_a_step,
    _yes_or_no,
    _offered,
    _opened,
    _unasked,
)
"""The first that is sure decides."""
