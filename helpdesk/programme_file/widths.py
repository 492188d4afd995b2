"""Letters and digits typed in full width, made ordinary. Nothing else is changed: 「²」 is no 2."""

_UNSEEN = (0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF)
_ORDINARY: dict[int, int | None] = (
    {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0xA0: 0x20} | dict.fromkeys(_UNSEEN)
)


def half_width(text: str) -> str:
    """「Ｃ０１」 becomes 「C01」; without the spaces around it and letters that nobody sees."""
    return text.translate(_ORDINARY).strip()
