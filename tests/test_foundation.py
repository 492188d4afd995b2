"""The rules that everything else rests on."""

from datetime import datetime

import pytest

from helpdesk.callbacks.due import callback_due
from helpdesk.clock import TOKYO
from helpdesk.masking import mask
from helpdesk.store.database import Database
from helpdesk.telephone import is_mobile, masked, to_e164
from tests.wards import CHIYODA


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-24T10:00", True),
        ("2026-11-24T09:59", False),
        ("2026-11-24T17:00", False),
        ("2026-11-23T12:00", False),  # Labour Thanksgiving Day
        ("2026-12-29T12:00", False),
        ("2026-11-28T12:00", False),  # Saturday
    ],
)
def test_people_answer_on_open_days_from_ten_to_five(when, expected):
    assert CHIYODA.is_open(datetime.fromisoformat(when).replace(tzinfo=TOKYO)) is expected


def test_a_callback_asked_for_on_friday_evening_is_owed_on_monday():
    friday = datetime(2026, 11, 27, 18, 0, tzinfo=TOKYO)
    assert callback_due(CHIYODA.hours, friday, "am") == datetime(2026, 11, 30, 12, 0, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("暗証番号は1234です", "1234"),
        ("カードは4111 1111 1111 1111", "4111"),
        ("マイナンバー123456789012", "123456789012"),
    ],
)
def test_s3_secrets_are_masked(said, hidden):
    assert hidden not in mask(said)
    assert "iPhone16" in mask(said + "、機種はiPhone16")


def test_numbers_are_normalised_masked_and_withheld_ones_are_nobody():
    assert to_e164("090-1234-5678") == "+819012345678"
    assert to_e164("anonymous") is None and to_e164("+266696687") is None
    assert masked("+819012345678") == "090-****-5678"
    assert is_mobile("+819012345678") and not is_mobile("+81312345678")


def test_migrations_run_twice_without_harm(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    database.upgrade()
    database.upgrade()
    assert database.alive()
