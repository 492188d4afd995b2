"""Which numbers exist, which lack a digit, which may be called and written to."""

import pytest

from helpdesk.telephone import is_mobile, lacks, may_be_called, may_get_sms, to_e164


@pytest.mark.parametrize(
    "written", ["+8656696", "+266696687", "+7378742833", "+2562533", "+86282452253", "anonymous", "Restricted", "",
    "  ", None, "+1", "+15550100", "+4412345678", "110", "#9110", "0901234567", "+8190123456", "0000000000", "²",
    "+" * 50, "9" * 400]
)  # fmt: skip
def test_a_number_that_exists_nowhere_is_nobodys(written):
    assert to_e164(written) is None


@pytest.mark.parametrize(
    ("written", "e164"),
    [("090-1234-5678", "+819012345678"), ("０９０ー１２３４ー５６７８", "+819012345678"), ("+81312345678", "+81312345678"),
     ("0312345678", "+81312345678"), ("05012345678", "+815012345678"), ("06012345678", "+816012345678"),
     ("+12025550123", "+12025550123"), ("+8613812345678", "+8613812345678"), ("0990123456", "+81990123456"),
     ("0570123456", "+81570123456"), ("0120123456", "+81120123456"), ("+819000000001", "+819000000001")],
)  # fmt: skip
def test_a_number_that_may_exist_is_read(written, e164):
    assert to_e164(written) == e164


@pytest.mark.parametrize(
    ("number", "called", "sms"),
    [("+819012345678", True, True), ("+818012345678", True, True), ("+817012345678", True, True),
     ("+816012345678", True, True), ("+81312345678", True, False), ("+81422123456", True, False),
     ("+815012345678", True, False), ("+12025550123", False, False), ("+8613812345678", False, False),
     ("+81990123456", False, False), ("+81570123456", False, False), ("+81120123456", False, False),
     ("+818001234567", False, False), ("+812041234567", False, False)],
)  # fmt: skip
def test_who_is_called_back_and_who_gets_an_sms(number, called, sms):
    assert (may_be_called(number), may_get_sms(number)) == (called, sms)
    assert not sms or is_mobile(number)


@pytest.mark.parametrize(
    ("digits", "missing"),
    [("0901234567", "携帯電話の番号は11けたです。あと1けた足りないようです。"), ("060123456", "携帯電話の番号は11けたです。あと2けた足りないようです。"),
     ("031234567", "固定電話の番号は10けたです。あと1けた足りないようです。"), ("090123456789", "携帯電話の番号は11けたです。1けた多いようです。"),
     ("12345678", "番号は0から始まります。市外局番からお願いします。"), ("", "番号は0から始まります。市外局番からお願いします。"), ("09012345678", None),
     ("0312345678", None), ("05012345678", None), ("0120123456", None), ("08001234567", None), ("819012345678", None)],
)  # fmt: skip
def test_what_is_missing_is_named(digits, missing):
    assert lacks(digits) == missing
    assert missing is None or len(missing) <= 60
