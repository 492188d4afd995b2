"""The heads on small data of their own: what is left out, what is weighed, what is kept as plain arrays."""

import numpy as np

from nlu.embedded import EVENLY, together, with_noise
from nlu.sparse import Sparse, SparseTraining, parts
from nlu.text import clean
from nlu.training_data import sentences

SOUND = ["音が出ない", "着信音が鳴らない", "声が聞こえない", "音を大きくしたい", "音が小さい", "音がしない"]
BOOK = [
    "講習会を予約したい",
    "予約をお願いします",
    "教室に申し込みたい",
    "予約したいんですけど",
    "申し込みをしたい",
    "教室を予約したい",
]


def learnt(texts, labels, rows=None):
    return SparseTraining(texts, labels).learn(np.ones(len(texts), bool) if rows is None else rows)


def test_letters_learn_what_is_near_to_what_they_know():
    made = learnt(3 * SOUND + 3 * BOOK, ["sound"] * 18 + ["book"] * 18)
    assert [made.labels[int(made.scores(text).argmax())] for text in ("大きい音が出ません", "教室の予約")] == [
        "sound",
        "book",
    ]


def test_a_wrong_homophone_is_read_as_it_sounds():
    made = learnt(3 * SOUND + 3 * BOOK, ["sound"] * 18 + ["book"] * 18)
    assert made.labels[int(made.scores("乙が気超えない").argmax())] == "sound"


def test_a_text_without_a_word_says_nothing():
    assert learnt(SOUND + BOOK, ["sound"] * 6 + ["book"] * 6).scores("……🌀") is None


def test_what_is_kept_as_arrays_gives_the_same_scores():
    made = learnt(SOUND + BOOK, ["sound"] * 6 + ["book"] * 6)
    again = Sparse.of(made.labels, made.arrays())
    assert np.array_equal(made.scores("音の予約"), again.scores("音の予約"))


def test_a_label_that_comes_later_is_learnt_too():
    texts, labels = [*SOUND, *BOOK, "こんにちは", "おはよう"], ["sound"] * 6 + ["book"] * 6 + ["greet"] * 2
    training = SparseTraining(texts, labels)
    first = training.learn(np.array([True] * 12 + [False] * 2))
    assert first.labels == ("book", "sound") and training.learn(np.ones(14, bool)).labels == ("book", "greet", "sound")


def test_words_and_runs_of_the_reading_are_told_apart():
    words, runs = parts("音")
    assert " 音" in words and "おと" in runs and not words.keys() & runs.keys()


def test_both_readings_are_weighed_and_give_chances():
    one, other = np.array([[4.0, 0.0, 0.0]], np.float32), np.array([[0.0, 2.0, 0.0]], np.float32)
    assert abs(together(one, other, EVENLY).sum() - 1) < 1e-6
    assert together(one, other, (1.0, 0.0)).argmax() == 0 and together(one, other, (0.0, 1.0)).argmax() == 1
    sure, modest = (together(one, other, (weight, 0.0)).max() for weight in (1.0, 0.3))
    assert sure > modest > 1 / 3


def test_a_third_is_learnt_once_more_as_the_telephone_might_hear_it():
    some = sentences()[:600]
    shown = with_noise(some)
    more = shown[len(some) :]
    assert shown[: len(some)] == some and 0.25 < len(more) / len(some) < 0.45 and shown == with_noise(some)
    assert sum(text not in {clean(other) for other, _ in some} for text, _ in more) > len(more) / 2
