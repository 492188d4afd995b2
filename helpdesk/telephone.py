"""Telephone numbers: normalised on write, masked on display, spoken in groups."""

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# Twilio may hand a hidden caller over as one of these instead of a number.
_WITHHELD = {
    "",
    "anonymous",
    "unknown",
    "restricted",
    "unavailable",
    "private",
    "+266696687",
    "266696687",
    "+86282452253",
}
_MOBILE = re.compile(r"0(?:[679]0|80(?!0))")
_MOBILE_DIGITS, _FEWEST_DIGITS = 11, 10
_PREMIUM_OR_FREE = re.compile(r"(?:990|570|120|800|180|188|170)")
_SHAPE = re.compile(r"(?:[5679]0|80(?!0))\d{8}|(?![25-9]0)[1-9]\d{8}")
"""Mobile and 050 numbers, and ten digits with an area code; each without its 0."""

JAPAN = 81
_ORDINARY = (
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
)


def to_e164(written: str | None) -> str | None:
    """``090-1234-5678`` or ``+819012345678`` as E.164; None when it is withheld or no number that exists anywhere."""
    if written is None or written.strip().lower() in _WITHHELD:
        return None
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", written[:40]), "JP")
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    if not (phonenumbers.is_valid_number(number) or _is_japanese(number)):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_japanese(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it has the shape of a Japanese number: codes that were given out lately are in no table yet."""
    return number.country_code == 81 and _SHAPE.fullmatch(str(number.national_number)) is not None


def lacks(digits: str) -> str | None:
    """What is missing at a Japanese number that was told, in words; None when it is whole."""
    if digits.startswith("81") and len(digits) >= _FEWEST_DIGITS:
        digits = "0" + digits[2:]
    if not digits.startswith("0"):
        return "番号は0から始まります。市外局番からお願いします。"
    mobile = _MOBILE.match(digits) is not None
    whole = _MOBILE_DIGITS if mobile or digits.startswith("050") else _FEWEST_DIGITS
    kind = "携帯電話の番号" if mobile else "050の番号" if digits.startswith("050") else "固定電話の番号"
    if digits.startswith("0800"):
        kind, whole = "0800の番号", _MOBILE_DIGITS
    if len(digits) < whole:
        return f"{kind}は{whole}けたです。あと{whole - len(digits)}けた足りないようです。"
    if len(digits) > whole:
        return f"{kind}は{whole}けたです。{len(digits) - whole}けた多いようです。"
    return None


def may_be_called(e164: str) -> bool:
    """Whether staff call this number back: an ordinary Japanese one.

    Not one abroad, not 0990 or 0570, and no free-dial number, at which nobody waits.
    """
    number = phonenumbers.parse(e164, "JP")
    if number.country_code != 81 or _PREMIUM_OR_FREE.match(str(number.national_number)):
        return False
    return _is_japanese(number)


def may_get_sms(e164: str) -> bool:
    """Whether an SMS is sent there: a Japanese mobile phone."""
    return phonenumbers.parse(e164, "JP").country_code == 81 and is_mobile(e164)


def is_mobile(e164: str) -> bool:
    """Whether an SMS can reach it and the caller may be holding the smartphone in trouble."""
    number = phonenumbers.parse(e164, "JP")
    if number.country_code == 81:
        return re.fullmatch(r"(?:[679]0|80(?!0))\d{8}", str(number.national_number)) is not None
    kind = phonenumbers.number_type(number)
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def national(e164: str) -> str:
    """As people in Japan write it: ``090-1234-5678``."""
    number = phonenumbers.parse(e164, "JP")
    if number.country_code != 81:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)


def masked(e164: str | None) -> str:
    """For lists and logs: ``090-****-5678``; ``非通知`` when withheld."""
    if e164 is None:
        return "非通知"
    written = national(e164)
    head, separator, tail = written.partition("-")
    digits = [c for c in tail if c in "0123456789"]
    if not separator or len(digits) < 5:
        return "*" * max(len(written) - 4, 0) + written[-4:]
    return f"{head}-****-{''.join(digits[-4:])}"


def spoken(e164: str) -> str:
    """Digit groups for the ear: ``0 9 0、1 2 3 4、5 6 7 8``."""
    groups = national(e164).replace("+", "").replace(" ", "-").split("-")
    return "、".join(" ".join(group) for group in groups if group)
