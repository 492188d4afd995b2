"""Days and times as callers say them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.clock import TOKYO
from nlu.time_words import TimeWords, time_words

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=TOKYO)


def read(text: str, now: datetime = WEDNESDAY) -> tuple:
    found = time_words(text, now)
    return (found.day.isoformat()[5:] if found.day else [day.isoformat()[5:] for day in found.days] or None, found.part, found.time)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("あしたの午後でお願いします", ("11-26", "pm", None)),
        ("しあさっての朝", ("11-28", "am", None)),
        ("今度の金曜日", ("11-27", None, None)),
        ("水曜", ("12-02", None, None)),
        ("来週の月曜の午前", ("11-30", "am", None)),
        ("さ来週のかようび", ("12-08", None, None)),
        ("らいしゅうのもくようび 三時", ("12-03", "pm", "15:00")),
        ("はつか", ("12-20", None, None)),
        ("十二月十日の二時半", ("12-10", "pm", "14:30")),
        ("じゅうにがつとおか", ("12-10", None, None)),
        ("12/10じゃなくて 12月11日", ("12-11", None, None)),
        ("来月の第二火曜", ("12-08", None, None)),
        ("一週間後", ("12-02", None, None)),
        ("三日後の夕方", ("11-28", "pm", None)),
        ("大晦日", ("12-31", None, None)),
        ("元日の翌日", ("01-02", None, None)),
        ("九時四十五分", (None, "am", "09:45")),
        ("夜の7時", (None, "pm", "19:00")),
        ("午後一時", (None, "pm", "13:00")),
        ("月曜から水曜まで", (["11-30", "12-01", "12-02"], None, None)),
        ("来週の火曜か木曜", (["12-01", "12-03"], None, None)),
        ("十日 いや十一日", ("12-11", None, None)),
        ("来月の八日か九日", (["12-08", "12-09"], None, None)),
        ("週末", (["11-28", "11-29"], None, None)),
        ("今週", (["11-25", "11-26", "11-27", "11-28", "11-29"], None, None)),
    ],
)
def test_what_was_said_is_read(said, meant):
    assert read(said) == meant


@pytest.mark.parametrize("said", ["いつでもいい", "二人で行きます", "何日でもかまいません", "二十何日だったか", "三日間かかる", "孫の誕生日", "", "七十五です"])
def test_what_leaves_it_open_gives_no_day(said):
    assert read(said)[0] is None


def test_a_day_that_the_month_does_not_have_is_looked_for_in_the_next_that_has_it():
    assert read("三十一日")[0] == "12-31"
    assert read("三十一日", datetime(2027, 2, 1, tzinfo=TOKYO))[0] == "03-31"


@given(st.text(alphabet="今来再週月火水木金土日曜〇一二三四五六七八九十0123456789時半分後前午末翌のかとから年第ようかはつ", max_size=20))
def test_no_words_of_time_break_it(text):
    assert isinstance(time_words(text, WEDNESDAY), TimeWords)
