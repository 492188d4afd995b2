"""How pages write labels, times and numbers."""

from datetime import datetime

from flask import Flask

from helpdesk.clock import TOKYO
from helpdesk.tables import Address, Resident
from helpdesk.telephone import masked, national
from helpdesk.topics import name_of

OUTCOMES = {
    "open": "対応中", "solved": "解決", "guided": "案内した", "handed_over": "担当者へ", "callback": "折り返し", "booked": "予約",
    "safety": "安全・緊急", "abandoned": "途中で終了",
}  # fmt: skip
CHANNELS = {"voice": "電話", "line": "LINE"}
DEVICES = {"iphone": "iPhone", "android": "Android", "rakuraku": "らくらく"}
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
WEEKDAYS = "月火水木金土日"


def moment(value: datetime | None) -> str:
    """「11/24(火) 14:05」."""
    if value is None:
        return ""
    local = value.astimezone(TOKYO)
    return f"{local.month}/{local.day}({WEEKDAYS[local.weekday()]}) {local:%H:%M}"


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


def register_words(app: Flask) -> None:
    """Make the words known to the templates."""
    app.jinja_env.filters.update(moment=moment, topic=name_of, masked=masked, who=who)
    app.jinja_env.globals.update(OUTCOMES=OUTCOMES, CHANNELS=CHANNELS, DEVICES=DEVICES, WISHES=WISHES, HEARD=HEARD, DIALLED=DIALLED, address=address)
