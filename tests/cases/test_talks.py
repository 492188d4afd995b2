"""The cases that are talks: names, choices, times and privacy, by telephone and on LINE."""

import re

import pytest
from sqlalchemy import func, select

from helpdesk.booking.tables import Booking
from helpdesk.callbacks.tables import Callback
from helpdesk.people.tables import Resident
from tests.cases.desk import (
    CASES,
    at_time,
    booked_by,
    everything_kept,
    family,
    fill_with_sample,
    on_line,
    on_the_telephone,
    says_one_of,
    talks_of,
)


def played(prefix, *without):
    """(case, channel, number of the talk, its steps) for every talk of these cases that names a channel."""
    found = []
    for case in family(prefix):
        if case["id"] in without or not isinstance(case["inputs"], dict):
            continue
        for channel in ("phone", "line"):
            for number, steps in enumerate(talks_of(case["inputs"].get(channel, []))):
                if steps:
                    found.append(pytest.param(case, channel, number, steps, id=f"{case['id']}-{channel}-{number}"))
    return found


def case_has_one_each(value):
    return value == CASES["NAME-11"]["expected"]["name"]


def wanted(expected, channel, number):
    """A list stands in the order of the talks; a dictionary by channel."""
    value = expected[channel] if isinstance(expected, dict) else expected
    if not isinstance(value, list):
        return value
    # Where each channel has one talk, the list stands in the order of the channels.
    return value[-1 if channel == "line" and case_has_one_each(value) else number]


@pytest.fixture
def sampled(desk):
    fill_with_sample(desk.database)
    return desk


@pytest.mark.parametrize(("case", "channel", "number", "steps"), played("NAME", "NAME-03", "NAME-16", "NAME-17"))
def test_a_name_is_taken_at_once_and_kept_as_said(sampled, case, channel, number, steps):
    at_time(sampled, case)
    if channel == "phone":
        caller = on_the_telephone(sampled, steps)
        assert "ですね" in caller.heard.said, caller.heard.said
        for word in case["expected"].get("lacks", ()):
            assert word not in caller.heard.said
        caller.presses("1")
    else:
        on_line(sampled, steps)
    (name, reading), *more = booked_by(sampled)
    assert not more
    assert name is not None and name in wanted(case["expected"]["name"], channel, number).split("|")
    if "reading" in case["expected"]:
        assert reading == wanted(case["expected"]["reading"], channel, number)


@pytest.mark.parametrize("case", [CASES["NAME-03"], CASES["NAME-16"]], ids=lambda case: case["id"])
def test_the_same_person_is_found_again_however_the_name_is_written(sampled, case):
    at_time(sampled, case)
    for steps in case["inputs"]["calls"]:
        caller = on_the_telephone(sampled, steps, case["inputs"]["from"])
    for word in case["expected"]["has"]:
        assert says_one_of(word, caller.heard.said), caller.heard.said


@pytest.mark.parametrize(("case", "channel", "number", "steps"), played("NAME-17"))
def test_a_name_said_too_early_refuses_no_day(sampled, case, channel, number, steps):
    at_time(sampled, case)
    caller = on_the_telephone(sampled, steps)
    assert "ご希望の日がなく" not in caller.heard.said
    assert "12月1日" in caller.heard.said, caller.heard.said


@pytest.mark.parametrize("words", ["相談会を午後3時以降で予約したい", "相談会を15時以降でお願いしたい"])
def test_no_slot_before_the_wished_hour_is_offered(sampled, words):
    at_time(sampled, CASES["TIME-14"])
    shown = on_line(sampled, [{"say": words}]).shown
    hours = [int(hour) for hour in re.findall(r"午後(\d+)時", shown)]
    assert hours and all(hour >= 3 for hour in hours[:1]), shown
    assert "午後2時" not in shown and "午前" not in shown, shown


@pytest.mark.parametrize(("case", "channel", "number", "steps"), played("VOICE-0", "VOICE-05", "VOICE-07", "VOICE-09"))
def test_a_choice_is_the_entry_that_was_meant(sampled, case, channel, number, steps):
    at_time(sampled, case)
    caller = on_the_telephone(sampled, steps)
    expected = case["expected"]
    has = expected["has_each"][number] if "has_each" in expected else expected["has"][0]
    assert has in caller.heard.said, caller.heard.said
    for word in expected["lacks"]:
        assert word not in caller.heard.said, caller.heard.said


def test_a_telephone_number_in_kana_is_read_back_in_groups(sampled):
    case = CASES["VOICE-05"]
    at_time(sampled, case)
    caller = on_the_telephone(sampled, case["inputs"]["phone"], None)
    assert "0 9 0、1 2 3 4、5 6 7 8" in caller.heard.said, caller.heard.said


@pytest.mark.parametrize("steps", CASES["VOICE-07"]["inputs"]["phone"], ids=["said", "keyed"])
def test_a_digit_that_is_missing_is_named(sampled, steps):
    at_time(sampled, CASES["VOICE-07"])
    caller = on_the_telephone(sampled, steps, None)
    assert caller.heard.listens and "けた" in caller.heard.said, caller.heard.said
    with sampled.database.reading() as session:
        assert not session.scalars(select(Callback.number).where(Callback.number.is_not(None))).all()


def test_a_number_that_cannot_exist_is_nobodys(sampled):
    case = CASES["VOICE-09"]
    at_time(sampled, case)
    for steps in case["inputs"]["calls"]:
        caller = on_the_telephone(sampled, steps, case["inputs"]["from"])
        assert "電話番号を" in caller.heard.said, caller.heard.said
    with sampled.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Resident)) == 0


@pytest.mark.parametrize(("number", "steps"), list(enumerate(CASES["VOICE-11"]["inputs"]["phone"])))
def test_keys_win_over_speech_and_odd_results_get_a_question(sampled, number, steps):
    at_time(sampled, CASES["VOICE-11"])
    caller = on_the_telephone(sampled, steps)
    if number == 0:
        assert caller.heard.find("Dial") is not None
    else:
        assert caller.heard.listens


@pytest.mark.parametrize("steps", CASES["VOICE-13"]["inputs"]["phone"], ids=["invented", "good night"])
def test_a_goodbye_at_an_open_question_is_asked_back(sampled, steps):
    at_time(sampled, CASES["VOICE-13"])
    caller = on_the_telephone(sampled, steps)
    assert caller.heard.listens, caller.heard.said


@pytest.mark.parametrize(("case", "channel", "number", "steps"), played("PRIV"))
def test_a_secret_is_never_stored(sampled, case, channel, number, steps):
    if channel == "phone":
        on_the_telephone(sampled, steps)
    else:
        on_line(sampled, steps)
    kept = everything_kept(sampled.database)
    for secret in case["expected"]["stored_lacks"]:
        assert secret not in kept


@pytest.mark.parametrize(("case", "channel", "number", "steps"), played("LINE-01"))
def test_emoji_are_acknowledged_like_a_sticker(sampled, case, channel, number, steps):
    at_time(sampled, case)
    friend = on_line(sampled, steps)
    assert friend.shown and "読み取れませんでした" not in friend.shown and "担当者が" not in friend.shown, friend.shown


def test_a_button_tapped_twice_at_once_and_later_books_once(sampled):
    at_time(sampled, CASES["LINE-05"])
    on_line(sampled, CASES["LINE-05"]["inputs"]["line"])
    with sampled.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_word_in_hiragana_means_the_same(sampled):
    at_time(sampled, CASES["LINE-09"])
    shown = [
        on_line(sampled, steps, sampled.friend(number)).shown
        for number, steps in enumerate(CASES["LINE-09"]["inputs"]["line"], 1)
    ]
    assert len(set(shown)) == 1 and "なくした" not in shown[0], shown


def first_time(words):
    """The first time of the day in an answer, as HH:MM."""
    found = re.search(r"(午前|午後|昼の?)(\d+)時(半|(\d+)分)?", words)
    assert found, words
    hour = int(found[2]) + (12 if found[1] == "午後" and int(found[2]) < 12 else 0)
    return f"{hour:02d}:{30 if found[3] == '半' else int(found[4] or 0):02d}"


@pytest.mark.parametrize(("case", "channel", "number", "steps"), played("BOOK-01"))
def test_a_wished_slot_that_is_free_comes_first(sampled, case, channel, number, steps):
    at_time(sampled, case)
    told = on_the_telephone(sampled, steps).heard.said if channel == "phone" else on_line(sampled, steps).shown
    assert first_time(told) == case["expected"]["first_offer"][channel][number], told


def test_another_time_of_the_same_day_comes_first(sampled):
    at_time(sampled, CASES["BOOK-03"])
    friend = on_line(sampled, [{"say": "相談会を12月10日の10時に予約したい"}, {"tap": "予約する"}, {"say": "佐藤花子"}])
    on_line(sampled, CASES["BOOK-03"]["inputs"]["line"], friend)
    assert "12月10日" in friend.shown and first_time(friend.shown) == "11:00", friend.shown


def test_which_of_a_familys_bookings_is_meant_is_asked_by_name(sampled):
    at_time(sampled, CASES["BOOK-04"])
    friend = on_line(sampled, CASES["BOOK-04"]["inputs"]["line"])
    told = friend.shown
    with sampled.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Booking).where(Booking.state == "booked")) == 2
    assert "山田花子" in told, told


def test_a_file_to_be_saved_leaves_lines_own_browser(sampled):
    from tests.people import actions

    at_time(sampled, CASES["LINE-07"])
    friend = on_line(sampled, CASES["LINE-07"]["inputs"]["line"])
    sent = [action for message in sampled.line.sent for action in actions(message[2])]
    calendar = [action["uri"] for action in sent if action.get("label") == "カレンダーに入れる"]
    assert calendar and all("openExternalBrowser=1" in uri for uri in calendar), friend.shown
    path = calendar[0].removeprefix(sampled.service.settings.public_url)
    assert sampled.web.get(path).status_code == 200
