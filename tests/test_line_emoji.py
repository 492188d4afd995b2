"""Messages of emoji alone: meant like a sticker, and answered like one."""

import pytest
from sqlalchemy import select

from helpdesk.talks.tables import Conversation, TurnRecord

ONE = {
    "text": "(love)",
    "emojis": [{"index": 0, "length": 6, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}],
}
TWO = {"text": "(love)(happy)", "emojis": [{"index": 6, "length": 7}, {"index": 0, "length": 6}]}
BESIDE_A_PICTURE = {"text": "👍(love)", "emojis": [{"index": 2, "length": 6}]}
"""👍 is two UTF-16 code units, in which LINE counts."""
UNNAMED = {"text": "()"}
ALONE = [{"text": words} for words in ("👍", "🙏", "👍🏻", "👨‍👩‍👧", "❤️", "😀😀！", "🇯🇵", " 🙇‍♀️ ")]


@pytest.mark.parametrize("message", [ONE, TWO, BESIDE_A_PICTURE, UNNAMED, *ALONE])
def test_emoji_alone_are_acknowledged_and_never_count_as_not_understood(desk, message):
    friend = desk.friend()
    for _ in range(3):
        friend.message("text", **message)
        assert (
            "ありがとうございます" in friend.shown
            and "読み取れません" not in friend.shown
            and "担当者" not in friend.shown
        )
    with desk.database.reading() as session:
        assert {turn.heard for turn in session.scalars(select(TurnRecord))} == {"sticker"}
        assert session.scalars(select(Conversation)).one().talk["unclear"] == 0


@pytest.mark.parametrize(
    "message",
    [
        {"text": "(love)音が出ません", "emojis": [{"index": 0, "length": 6}]},
        {"text": "音が出ません👍"},
        {"text": "音が出ません(love)", "emojis": [{"index": 6, "length": 6}]},
    ],
)
def test_words_beside_emoji_are_words(desk, message):
    friend = desk.friend()
    friend.message("text", **message)
    with desk.database.reading() as session:
        assert [turn.heard for turn in session.scalars(select(TurnRecord))] == ["said"]


@pytest.mark.parametrize(
    "emojis",
    [
        "x",
        [None],
        [{"index": "0", "length": None}],
        [{"index": -1, "length": 2}],
        [{"index": 10**30, "length": 1}],
        {"a": 1},
    ],
)
@pytest.mark.parametrize("words", ["2", "(love)", "音が出ません", "？"])
def test_odd_places_of_emoji_are_harmless(desk, words, emojis):
    friend = desk.friend()
    friend.message("text", text=words, emojis=emojis)
    with desk.database.reading() as session:
        assert [turn.heard for turn in session.scalars(select(TurnRecord))] == ["said"]


def test_an_emoji_in_the_middle_of_a_guide_keeps_the_question_open(desk):
    friend = desk.friend()
    friend.writes("ワイファイにつながりません")
    assert "どちら" in friend.writes("👍").shown
    friend.taps("家のWi-Fi")
    assert "ほかの機械" in friend.shown
