"""Telephone numbers: normalised on write, masked on display, spoken in groups."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# Twilio may hand a hidden caller over as one of these instead of a number.
_WITHHELD = {"", "anonymous", "unknown", "restricted", "unavailable", "private", "+266696687", "266696687", "+86282452253"}

JAPAN = 81
_ORDINARY = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP)


def to_e164(written: str | None) -> str | None:
    """``090-1234-5678`` or ``+819012345678`` as E.164; None when it is withheld or no possible number."""
    if written is None or written.strip().lower() in _WITHHELD:
        return None
    try:
        number = phonenumbers.parse(written, "JP")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_mobile(e164: str) -> bool:
    """Whether an SMS can reach it and the caller may be holding the smartphone in trouble."""
    kind = phonenumbers.number_type(phonenumbers.parse(e164, "JP"))
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
    digits = [c for c in tail if c.isdigit()]
    if not separator or len(digits) < 5:
        return "*" * max(len(written) - 4, 0) + written[-4:]
    return f"{head}-****-{''.join(digits[-4:])}"


def spoken(e164: str) -> str:
    """Digit groups for the ear: ``0 9 0、1 2 3 4、5 6 7 8``."""
    groups = national(e164).replace("+", "").replace(" ", "-").split("-")
    return "、".join(" ".join(group) for group in groups if group)


def may_get_sms(e164: str) -> bool:
    """Whether an SMS may go there: Japanese mobile numbers alone."""
    number = phonenumbers.parse(e164, "JP")
    return number.country_code == JAPAN and is_mobile(e164)


def may_be_called(e164: str) -> bool:
    """Whether staff can ring it: ordinary Japanese numbers, none abroad, none that costs extra or belongs to a service (0990, 0570, 0120)."""
    number = phonenumbers.parse(e164, "JP")
    return number.country_code == JAPAN and phonenumbers.number_type(number) in _ORDINARY


def lacks(digits: str) -> str | None:
    """What is missing at a Japanese number that was told, in words; None when it is whole."""
    if not digits.startswith("0"):
        return "番号は0から始まります。市外局番からお願いします。"
    mobile = digits[:3] in ("060", "070", "080", "090")
    whole = 11 if mobile or digits.startswith("050") else 10
    kind = "携帯電話の番号" if mobile else "050の番号" if whole == 11 else "固定電話の番号"
    if len(digits) < whole:
        return f"{kind}は{whole}けたです。あと{whole - len(digits)}けた足りないようです。"
    return f"{kind}は{whole}けたです。{len(digits) - whole}けた多いようです。" if len(digits) > whole else None
