"""Danger is found in what people say, and nearly only there: more than 300 signs and 300 near misses written for it."""

from collections.abc import Sequence

import pytest

from nlu.embedded import Embedded
from nlu.safety import find_sign, is_taken_back
from nlu.training_data import sentences
from tests.danger import Heard, heard, told

LABELS = ("safety_scam", "safety_lost_phone", "safety_emergency")
RECALL, PRECISION = 0.99, 0.90


@pytest.fixture(scope="module")
def understood(embedded: Embedded) -> list[Heard]:
    return heard(embedded)


def _share(part: Sequence[Heard], whole: Sequence[Heard]) -> float:
    return len(part) / len(whole)


@pytest.mark.slow
def test_danger_is_found(understood: list[Heard]) -> None:
    signs = [one for one in understood if one.danger]
    missed = [one.text for one in signs if not one.found]
    assert 1 - len(missed) / len(signs) >= RECALL, missed


@pytest.mark.slow
def test_near_misses_are_let_go(understood: list[Heard]) -> None:
    alarms = [one for one in understood if one.found]
    false = [one.text for one in alarms if not one.danger]
    assert 1 - len(false) / len(alarms) >= PRECISION, false


@pytest.mark.slow
@pytest.mark.parametrize("label", LABELS)
def test_each_danger_is_called_by_its_name(understood: list[Heard], label: str) -> None:
    signs = [one for one in understood if one.danger == label]
    alarms = [one for one in understood if one.found == label]
    right = [one for one in signs if one.found == label]
    assert _share(right, signs) >= RECALL and _share(right, alarms) >= PRECISION


def test_the_sentences_are_enough_and_no_training_data() -> None:
    texts = [one.text for one in told()]
    assert len(set(texts)) == len(texts)
    assert sum(one.danger is not None for one in told()) >= 300 <= sum(one.danger is None for one in told())
    assert not set(texts) & {text for text, _ in sentences()}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("去年主人が倒れましてね", None),
        ("去年も倒れたんですけど 今また主人が倒れて", "safety_emergency"),
        ("ニュースで見たのと同じ還付金の電話がかかってきました", "safety_scam"),
        ("主人が亡くなってから もう死にたい", "safety_emergency"),
    ],
)
def test_what_takes_a_sign_back_and_what_keeps_it(text: str, label: str | None) -> None:
    found = find_sign(text)
    assert (found.label if found else None) == label
    assert is_taken_back(text, "safety_emergency") == (label is None)
