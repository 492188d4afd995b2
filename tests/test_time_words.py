"""Days and times as callers say them."""

from datetime import datetime
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.clock import TOKYO
from nlu import time_words_page
from nlu.evaluation import dates_wrong, read_dates, read_time, report_dates
from nlu.time_words import TimeWords, time_words

HERE = Path(__file__).parent
CASES = read_dates(HERE / "time_words.jsonl")
HARMLESS = (HERE / "no_time_words.txt").read_text(encoding="utf-8").splitlines()

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=TOKYO)


def read(text: str, now: datetime = WEDNESDAY) -> tuple:
    found = time_words(text, now)
    return (
        found.day.isoformat()[5:] if found.day else [day.isoformat()[5:] for day in found.days] or None,
        found.part,
        found.time,
    )


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


@pytest.mark.parametrize(
    "said",
    [
        "いつでもいい",
        "二人で行きます",
        "何日でもかまいません",
        "二十何日だったか",
        "三日間かかる",
        "孫の誕生日",
        "",
        "七十五です",
    ],
)
def test_what_leaves_it_open_gives_no_day(said):
    assert read(said)[0] is None


def test_a_day_that_the_month_does_not_have_is_looked_for_in_the_next_that_has_it():
    assert read("三十一日")[0] == "12-31"
    assert read("三十一日", datetime(2027, 2, 1, tzinfo=TOKYO))[0] == "03-31"


@given(
    st.text(
        alphabet="今来再週月火水木金土日曜〇一二三四五六七八九十0123456789時半分後前午末翌のかとから年第ようかはつ",
        max_size=20,
    )
)
def test_no_words_of_time_break_it(text):
    assert isinstance(time_words(text, WEDNESDAY), TimeWords)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text']} {case['now'][:10]}")
def test_each_kind_of_time_words_is_read_exactly(case):
    read = read_time(case)
    assert dates_wrong(case, read) is None, read


def test_the_cases_are_many_of_every_kind_and_none_twice():
    kinds = [case["kind"] for case in CASES]
    assert len(CASES) >= 350
    assert len({(case["text"], case["now"]) for case in CASES}) == len(CASES)
    assert min(kinds.count(kind) for kind in set(kinds)) >= 5


@pytest.mark.parametrize("said", HARMLESS)
def test_other_words_give_no_time(said):
    assert time_words(said, WEDNESDAY) == TimeWords()


def test_the_page_says_what_is_measured():
    assert (HERE.parent / "docs" / "time_words.md").read_text(encoding="utf-8") == "".join(time_words_page.page())


def test_refused_weekdays_are_refused_in_every_week():
    assert time_words("火曜以外で", WEDNESDAY).not_weekdays == (1,)
    assert time_words("月水金はだめ", WEDNESDAY).not_weekdays == (0, 2, 4)
    assert time_words("来週の火曜以外で", WEDNESDAY).not_weekdays == ()
    assert time_words("平日がいいです", WEDNESDAY).not_weekdays == (5, 6)


def test_the_report_counts_the_other_keys_only_where_a_case_has_them():
    case = {"text": "火曜以外で", "now": "2026-11-25T10:30:00+09:00", "date": None, "part": None}
    assert next(iter(report_dates([case], [read_time(case)]))) == "time words 1  exact 1.000"
    asked = {**case, "not": ["2026-12-08"]}
    assert "exact 0.000" in next(iter(report_dates([asked], [read_time(asked)])))
    assert "exact 0.000" in next(iter(report_dates([{**case, "dates": ["2026-12-01"]}], [read_time(case)])))


@pytest.mark.parametrize(
    "piece",
    [
        "火曜はだめで",
        "1",
        "12月8日",
        "10時から",
        "の、",
        "第1・",
        "火か",
        "えー",
        "なるべく",
        "12/1〜",
        "一二三",
        "じゅう",
    ],
)
def test_a_long_text_takes_no_more_than_its_share(piece):
    def fastest(length: int) -> float:
        text, times = (piece * length)[:length], []
        for _ in range(5):
            begun = perf_counter()
            time_words(text, WEDNESDAY)
            times.append(perf_counter() - begun)
        return min(times)

    assert fastest(900) < 12 * fastest(225)
    assert fastest(20_000) < 4 * fastest(1_000) + 0.001


@given(
    st.sampled_from(
        [
            "2026年1月1日から9999年12月31日",
            "0000年1月",
            "9999年12月31日の翌日",
            "令和99年13月",
            "999年後",
            "12月32日の火曜",
            "第9火曜",
        ]
    )
)
def test_impossible_years_and_months_are_no_days(text):
    found = time_words(text, WEDNESDAY)
    assert len(found.days) < 400
