"""Signs of fraud, loss and emergency in words: a second detector that works without any model, in every state.

What the words are stands in ``nlu/words/ja/danger.yml``: signs, single weak words, and what takes a sign back.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from nlu.kana_only import usual_spelling
from nlu.text import clean

_FILE = Path(__file__).parent / "words" / "ja" / "danger.yml"
_WATER = re.compile(
    r"水(?!曜|道)|濡れ|ぬれ|池に|川に|トイレ(?:に|の中に|へ)(?:(?:スマホ|携帯|電話)を?)?(?:落|おと|ポチャ|ぽちゃ|はま)|便器|洗面|流し(?!て)|風呂|洗濯|こぼし|びしょ"
)
_BROKEN = re.compile(
    r"(?:壊|こわ|コワ)[れしシレ]|(?:動|うご|ウゴ)[かカ][なんず]|(?:使|つか|ツカ)[えエ](?:[なまん]|ず)|(?:割|わ)れ[たてま]"
    r"|固ま|かたま|フリーズ|ふりーず|故障|こしょう|(?:点|つ)か(?:ない|なく|ん)|調子が?(?:悪|わる|おか)|ちょうしが?わる"
    r"|電源が?(?:入|はい|つ)"
)


@dataclass(frozen=True)
class Sign:
    """What was found: the label, and whether it is but a single word that another meaning may outweigh."""

    label: str
    weak: bool = False


@dataclass(frozen=True)
class _TakesBack:
    """Words after which a sign is none, for these labels, unless others keep it."""

    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    labels: tuple[str, ...]
    loose: bool


@dataclass(frozen=True)
class _Words:
    signs: dict[str, re.Pattern[str]]
    weak: dict[str, re.Pattern[str]]
    takes_back: dict[str, _TakesBack]
    happened: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    parts = {name: f"(?:{'|'.join(some)})" for name, some in (read["parts"] | read["still"]).items()}

    def pattern(some: list[str]) -> re.Pattern[str]:
        joined = "|".join(some)
        for _ in range(2):  # a part may name a part
            for name, part in parts.items():
                joined = joined.replace(f"{{{name}}}", part)
        return re.compile(joined, re.IGNORECASE)

    signs = {label: pattern(sum(groups.values(), [])) for label, groups in read["signs"].items()}
    takes_back = {
        name: _TakesBack(
            pattern(one["words"]),
            pattern([parts[one["unless"]]]) if "unless" in one else None,
            tuple(one.get("of", signs)),
            one.get("loose", False),
        )
        for name, one in read["takes_back"].items()
    }
    return _Words(
        signs, {label: pattern(some) for label, some in read["weak"].items()}, takes_back, pattern([parts["happened"]])
    )


def sign_of_danger(text: str) -> str | None:
    """The safety label whose signs the text shows; emergency before fraud before loss. None without any."""
    found = find_sign(text)
    return found.label if found else None


def find_sign(text: str) -> Sign | None:
    """The first sign that nothing in the text takes back, a strong one before a weak one."""
    text = clean(text)
    usual = usual_spelling(text)
    return _sign(text) or (_sign(usual) if usual != text else None)


def _sign(text: str) -> Sign | None:
    for weak, patterns in ((False, _words().signs), (True, _words().weak)):
        for label, pattern in patterns.items():
            if pattern.search(text) and not is_taken_back(text, label):
                return Sign(label, weak)
    return None


def is_taken_back(text: str, label: str, sure: bool = False) -> bool:
    """Whether it is told of the past, of the news, of a wish to learn and the like, so that nobody is in danger.

    ``sure``: a model is sure of danger, so that loose words do not count.
    """
    text = clean(text)
    if label == "safety_lost_phone" and is_wet(text):
        return True
    return any(
        label in one.labels
        and not (sure and one.loose)
        and one.words.search(text)
        and not (one.unless and one.unless.search(text))
        for one in _words().takes_back.values()
    )


def is_happening(text: str) -> bool:
    """Whether the text says that something came, was said or was done, rather than that it might."""
    return _words().happened.search(clean(text)) is not None


def is_wet(text: str) -> bool:
    """Whether water is in it: then the phone is at hand, however it was dropped."""
    return _WATER.search(clean(text)) is not None


def is_broken(text: str) -> bool:
    """Whether it is told that the phone does not work, and not that it is gone: who can tell that has it at hand."""
    text = clean(text)
    return _BROKEN.search(text) is not None and _words().signs["safety_lost_phone"].search(text) is None
