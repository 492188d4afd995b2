"""The noise channel: repeatable, as strong as it is told, and never a word that was not said or does not sound like it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu import noise
from nlu.noise import NoiseChannel, distance
from nlu.text import clean, morphemes, tagged
from nlu.training_data import sentences

SAID = [text for text, _ in sentences()[::20]]


def surfaces(texts):
    return {word for text in texts for word, _, _ in tagged(clean(text))}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_noise():
    spoiled = [NoiseChannel(SAID, seed=1).spoil(text, 0.2) for text in SAID[:40]]
    assert spoiled == [NoiseChannel(SAID, seed=1).spoil(text, 0.2) for text in SAID[:40]]
    assert sum(one != clean(text) for one, text in zip(spoiled, SAID, strict=False)) > 25
    assert spoiled != [NoiseChannel(SAID, seed=2).spoil(text, 0.2) for text in SAID[:40]]


@pytest.mark.parametrize("rate", [0.1, 0.17])
def test_it_spoils_as_much_as_it_is_told(rate):
    channel = NoiseChannel(SAID, seed=3)
    wrong = sum(distance(clean(text), channel.spoil(text, rate)) for text in SAID)
    assert 0.85 * rate < wrong / sum(len(clean(text)) for text in SAID) < 1.15 * rate


def test_nothing_is_spoiled_when_nothing_is_to_be():
    assert NoiseChannel(SAID, seed=4).spoil("音が出ない", 0) == "音が出ない"


def test_words_are_spoiled_as_they_were_said_and_not_in_their_dictionary_form():
    said = [
        "張り替えしてもらうと",
        "電話してくれって言われたもんだから",
        "行けなくなってしまいました",
        "見られないようにしたいのですが",
        "書いておいたんですけどね",
    ] * 20
    channel = NoiseChannel(said, seed=5)
    heard = "".join(channel.spoil(text, 0.3) for text in said)
    known = surfaces(said)
    dictionary = {form for text in said for form, _ in morphemes(text)} - known
    assert {"為る", "貰う", "行く", "仕舞う"} <= dictionary
    assert [form for form in dictionary if len(form) > 1 and form in heard] == []


def test_a_homophone_sounds_as_what_was_said():
    channel = NoiseChannel(["電池の減りが早い", "機能の説明", "昨日の話"], seed=6)
    heard = {channel.spoil("昨日の話", 0.5) for _ in range(80)}
    assert "機能の話" in heard and any("きのう" in one for one in heard)


@pytest.mark.parametrize("said", ["2時に来てください", "三回やってもだめ"])
def test_numbers_are_written_in_any_way(said):
    channel = NoiseChannel(SAID, seed=7)
    heard = {channel.spoil(said, 0.05) for _ in range(60)}
    assert len({one[:2] for one in heard}) >= 3


def test_figures_that_belong_together_are_not_torn():
    channel = NoiseChannel(SAID, seed=8)
    assert all("1212" in channel.spoil("1212です", 0.05) for _ in range(40))


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    assert isinstance(NoiseChannel(["電話"], seed=1).spoil(text, 0.2), str)


def test_the_hand_made_homophones_sound_alike():
    groups = yaml.safe_load((Path(noise.__file__).with_name("homophones.yml")).read_text(encoding="utf-8"))
    far = []
    for group in groups:
        words = group.split()
        readings = {word: "".join(reading for _, _, reading in tagged(word)) for word in words}
        far += [
            group
            for word in words
            if all(distance(readings[word], readings[other]) > 2 for other in words if other != word)
        ]
    assert len(groups) > 100 and not far
