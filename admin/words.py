"""How pages write labels, times and numbers."""

from datetime import datetime
from typing import Any

from flask import Flask

from helpdesk.clock import TOKYO
from helpdesk.learning.planner import rules
from helpdesk.people.tables import Address, Resident
from helpdesk.programme.tables import Offering
from helpdesk.programme.values import Place
from helpdesk.telephone import masked, national
from helpdesk.ward.offers import KINDS, LEVELS, OTHER_STEPS
from helpdesk.ward.profile import Ward
from helpdesk.ward.topics import name_of

OUTCOMES = {
    "open": "対応中", "solved": "解決", "guided": "案内した", "handed_over": "担当者へ", "callback": "折り返し", "booked": "予約",
    "safety": "安全・緊急", "abandoned": "途中で終了",
}  # fmt: skip
CHANNELS = {"voice": "電話", "line": "LINE"}
DEVICES = {"iphone": "iPhone", "android": "Android", "rakuraku": "らくらく"}
READ_KINDS = {"inquiry": "相談", "resident": "相談者", "number": "電話番号", "session": "予定"}
WISHES = {"am": "午前", "pm": "午後", "any": "いつでも"}
HEARD = {
    "arrived": "（つながりました）", "silent": "（無言）", "sticker": "（スタンプ）", "picture": "（写真）", "video": "（動画）", "audio": "（音声）",
    "file": "（ファイル）", "location": "（位置情報）", "dialled": "（担当者への転送の結果）", "failed": "（通信の失敗）", "unsent": "（送信の取り消し）",
    "blocked": "（ブロック）", "left": "（電話が切れました）", "other": "（その他）",
}  # fmt: skip
DIALLED = {
    "completed": "担当者と話しました",
    "answered": "担当者と話しました",
    "busy": "話し中",
    "no-answer": "だれも出ませんでした",
    "failed": "つながりませんでした",
    "canceled": "取り消し",
}
BOOKING_STATES = {
    "booked": "予約", "offered": "空きを案内中", "waiting": "空き待ち", "attended": "参加", "missed": "欠席", "cancelled": "取り消し",
    "declined": "見送り", "expired": "期限切れ", "skipped": "空きなしで終了",
}  # fmt: skip
BOOKED_VIA = {"voice": "電話（自動）", "line": "LINE", "staff": "担当者"}
PATH_WHY = {
    "asked": "ご本人の希望",
    "attended": "参加のあと",
    "missed": "欠席のあと",
    "refused": "ほかの希望",
    "full": "満席のため",
    "staff": "担当者が作成",
}
WEEKDAYS = "月火水木金土日"


def moment(value: datetime | None) -> str:
    """「11/24(火) 14:05」."""
    if value is None:
        return ""
    local = value.astimezone(TOKYO)
    return f"{local.month}/{local.day}({WEEKDAYS[local.weekday()]}) {local:%H:%M}"


def offer(value: Offering | Place) -> str:
    """「講習会 基礎編」."""
    return KINDS[value.kind] + (f" {LEVELS[value.level]}" if value.level else "")


def what_of(row: dict[str, Any]) -> str:
    """A step of a learning path as staff call it."""
    if row["kind"] in KINDS:
        return KINDS[row["kind"]] + (f" {LEVELS[row['level']]}" if row["level"] else "")
    return OTHER_STEPS[row["kind"]]


def clocktime(value: datetime) -> str:
    """「14:30」."""
    return f"{value.astimezone(TOKYO):%H:%M}"


def long_moment(value: datetime) -> str:
    """「12月8日（火曜日）午後2時」."""
    local = value.astimezone(TOKYO)
    minutes = f"{local.minute}分" if local.minute else ""
    half, hour = "午前" if local.hour < 12 else "午後", local.hour if local.hour <= 12 else local.hour - 12
    return f"{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}曜日）{half}{hour}時{minutes}"


def who(resident: Resident | None) -> str:
    """A person in lists: name or masked address."""
    if resident is None:
        return "非通知のかた"
    phones = [masked(a.value) for a in resident.addresses if a.kind == "phone"]
    return resident.name or "・".join([*phones, *("LINEのかた" for a in resident.addresses if a.kind == "line")]) or "―"


def address(value: Address, whole: bool) -> str:
    """An address of a person; whole only after it was asked for."""
    if value.kind == "line":
        return "LINE" + ("（ブロック中）" if value.blocked_at else "")
    return national(value.value) if whole else masked(value.value)


def register_words(app: Flask, ward: Ward) -> None:
    """Make the words known to the templates."""
    app.jinja_env.filters.update(
        moment=moment, topic=name_of, masked=masked, who=who, offer=offer, clocktime=clocktime, long_moment=long_moment
    )
    app.jinja_env.globals.update(
        OUTCOMES=OUTCOMES,
        CHANNELS=CHANNELS,
        DEVICES=DEVICES,
        WISHES=WISHES,
        READ_KINDS=READ_KINDS,
        HEARD=HEARD,
        DIALLED=DIALLED,
        address=address,
        KINDS=KINDS,
        BOOKING_STATES=BOOKING_STATES,
        BOOKED_VIA=BOOKED_VIA,
        PATH_WHY=PATH_WHY,
        VENUES=ward.venues,
        HEARING=rules()["hearing"],
        what_of=what_of,
    )
