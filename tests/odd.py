"""Odd things that arrive: words, keys, numbers and pieces of JSON that nobody expects, from a seeded die."""

import json
import random
from typing import Any

PIECES = [
    "音が出ません", "予約したい", "はい", "いいえ", "②", "²", "⑩", "１２３", "〇九〇", "٣٤", "Ⅷ", "½", "👵📱💦", "👨‍👩‍👧‍👦", "\x01\x02\x7f",
    "\u202e\u200b\ufeff", "ー" * 50, "'; DROP TABLE turns; --", "<Response><Hangup/></Response>", "{{7*7}}",
    "{% for x in y %}", "%s%n%d", "${jndi:ldap://x}", "\r\n\r\nSet-Cookie: a=b", "０９０－１２３４－５６７８", "שלום", "مرحبا",
    "\u2067abc\u2069", "か\u3099\u3099", "e" + "\u0301" * 60, "NaN", "1e999", "-0", "0x1F", "9" * 400, "十" * 60, "億兆京垓",
    "午後25時99分", "13月45日", "2月30日", "令和-1年", "0000-00-00", "=cmd|' /C calc'!A0", "null", "None", "\\u0000", "\\", '"',
    "\t", "　", "…", "。" * 30, "ﾊﾝｶｸ", "ガラケー" * 8, "暗証番号は²³⁴⁵", "4111 1111 1111 1111",
]  # fmt: skip
KEYS = [
    "0",
    "#",
    "*",
    "9" * 300,
    "²",
    "②",
    "１",
    "①②③",
    "٣",
    "abc",
    "-1",
    "1.5",
    "1" * 32,
    "*#*#4636#*#*",
    "0#0#0#",
    "\u200b3",
    " 3 ",
    "+1",
    "3\n",
    "Ⅲ",
]
NUMBERS = [
    "",
    "x",
    "-1",
    "0",
    "1.5",
    "1e3",
    str(10**30),
    "9" * 300,
    "99999",
    "²",
    "②",
    "%E3%81%82",
    "nan",
    "inf",
    "None",
    "1;2",
    "0x10",
    "--1",
    "10000",
]
"""Turn numbers that nobody gave: such a turn is the call's next."""
CONFIDENCES = ["", "x", "-1", "nan", "inf", "-inf", "5", "0.0", "0,9", "１", "²", "1e-400", "9" * 400, "0.9"]
CALLERS = [
    "+81312345678",
    "+819012345678",
    "anonymous",
    "",
    "unknown",
    "+266696687",
    "sip:a@b",
    "+" + "9" * 60,
    "090-1234",
    "²",
    "+8190\u200b12345678",
    "client:x",
    "110",
    "+1",
]
WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x",
    "あ" * 500,
    [],
    {},
    [[]],
    [None],
    {"a": {"b": []}},
    "\ud800",
    "a\0b",
    [1, "x", {}],
    float("1e308"),
]
EVENTS = [
    "join",
    "leave",
    "memberJoined",
    "beacon",
    "accountLink",
    "things",
    "membership",
    "videoPlayComplete",
    "module",
    "activated",
    "botSuspended",
    "",
    "Message",
    "никогда",
]
MESSAGES = [
    "sticker",
    "image",
    "video",
    "audio",
    "file",
    "location",
    "imagemap",
    "flex",
    "",
    "TEXT",
    "template",
    "poll",
]
POSTBACKS = [
    "", "a=&c=", "c=yes", "a=guide.step%3Avoice&c=%00", "m=", "m=nonsense", "m=safety_scam", "x" * 300,
    "a=else&c=maybe", "a=booking.confirm:²&c=yes", "a=booking.confirm:" + "9" * 40 + "&c=yes", "a=offer:-1&c=yes",
    "a=offer:" + str(10**30) + "&c=yes", "a=booking.pick&c=s:" + "9" * 30, "a=booking.pick&c=w:x", "c=w:²",
    "a=offer:²&c=yes", "a=booking.pick&c=s:²", "a=booking.pick&c=s:①", "a=a&a=b&c=c&c=d", "%%%", "a=%FF%FE&c=%C0%80",
    "m=start_over&t=%00", "a=booking.name:1&c=yes", "a=path.way:1&c=none", "a=own.which&c=b:" + "7" * 25,
]  # fmt: skip
ENCODINGS = ["utf-16", "utf-32", "shift_jis", "euc_jp", "iso2022_jp", "latin-1", "utf-8-sig", "utf-7"]


def words(dice: random.Random) -> str:
    """One to four odd pieces, now and then a long one."""
    if dice.random() < 0.004:
        return dice.choice(["あ", "²", "音が出ない。", "\u0301", "十"]) * dice.choice([300, 900, 1500])
    return dice.choice(["", " ", "、"]).join(dice.choice(PIECES) for _ in range(dice.randint(1, 4)))


def spoiled(dice: random.Random, event: dict[str, Any]) -> dict[str, Any]:
    """The event with one part of a wrong type, at any depth; who sent it and its id stay, so that it counts."""
    made = json.loads(json.dumps(event))
    places = [(made, name) for name in made if name not in ("source", "webhookEventId")]
    places += [
        (made[name], inner)
        for name in ("message", "postback", "deliveryContext")
        if isinstance(made.get(name), dict)
        for inner in made[name]
    ]
    node, name = dice.choice(places)
    node[name] = dice.choice(WRONG)
    return made


def lessened(dice: random.Random, event: dict[str, Any]) -> dict[str, Any]:
    """The event without some of its parts."""
    return {name: value for name, value in event.items() if name in ("source", "webhookEventId") or dice.random() < 0.6}
