"""Hides what must never be stored: passwords, PINs, card numbers, My Numbers (elder-ux S3)."""

import re

_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF20, 0xFF0D, 0xFF0E, 0xFF3F)}
"""Full-width digits, letters and @-._ become half-width, so that one pattern finds both."""
MASK = "＊＊＊＊"

_SECRET_WORD = (
    r"(?:暗証番号|暗唱番号|パスワード|パスコード|ぱすわーど|あんしょうばんごう|合言葉|セキュリティコード|認証コード|確認コード"
    r"|ロック番号|PIN|pin|ピン|password|裏の3桁|裏の三桁|うらの3けた)"
)
# The word, up to a few filler characters, then what looks like the secret itself.
_AFTER_WORD = re.compile(
    rf"({_SECRET_WORD}(?:番号)?\s*(?:は|が|を|って|も|:|：|＝|=|、|\s|ね|の|えっと|えーと|あの|確か|たしか){{0,4}})"
    r"([A-Za-z0-9!-/:-@\[-`{-~]{3,}(?:[\s\-ー][A-Za-z0-9]{1,})*|[0-9]{3,})"
)
_BEFORE_WORD = re.compile(rf"([0-9]{{3,8}}|[A-Za-z0-9!-/]{{4,}})((?:っていう|という|が|って)\s*{_SECRET_WORD})")
_KANJI_DIGITS = re.compile(rf"({_SECRET_WORD}(?:番号)?\s*(?:は|が|を|って|も|、|\s|ね|の){{0,3}})([〇零一二三四五六七八九のゼロ\s、]{{3,}})")
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\d[\s\-ー‐.]?){11,18}\d(?!\d)")
_PHONE_NUMBER = re.compile(r"(?<!\d)(?:\+81[\s\-ー‐]?|0)\d{1,4}[\s\-ー‐]?\d{1,4}[\s\-ー‐]?\d{3,4}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def mask(text: str) -> str:
    """The text as it may be stored: secrets, card numbers, My Numbers, telephone numbers and addresses hidden."""
    text = text.translate(_NARROW).replace("\0", "")
    text = _MAIL.sub(MASK, text)
    text = _LONG_NUMBER.sub(MASK, text)
    text = _AFTER_WORD.sub(rf"\1{MASK}", text)
    text = _KANJI_DIGITS.sub(rf"\1{MASK}", text)
    text = _BEFORE_WORD.sub(rf"{MASK}\2", text)
    return _PHONE_NUMBER.sub(MASK, text)
