"""What needs no model: keys, yes and no, digits, the offered choices, and the words that steer every talk."""

import re

from nlu.text import clean, comparable, without_fillers, words_and_reading
from nlu.understanding import Expected, ExpectedChoice, Understanding

_ANYWHERE: dict[str, tuple[str, ...]] = {
    "handoff_human": (
        "人と話したい",
        "人と話す",
        "人に相談",
        "担当者",
        "担当の人",
        "人に代わって",
        "人にかわって",
        "オペレーター",
        "係の人",
        "人に相談する",
        "人と話したいです",
        "人を出して",
        "担当者につないで",
        "担当者をお願いします",
        "人をお願いします",
        "ひと",
    ),
    "repeat": (
        "もう一度",
        "もういちど",
        "もう一回",
        "もう一度言って",
        "もう一度お願いします",
        "もう一回言って",
        "もう一度言ってください",
        "聞こえなかった",
        "聞こえませんでした",
        "何ですか",
        "なんですって",
        "え何",
        "もう一度見る",
    ),
    "speak_slower": ("ゆっくり", "もっとゆっくり", "ゆっくり話して", "もう少しゆっくり", "ゆっくりお願いします", "早すぎる", "大きい声で"),
    "go_back": (
        "戻る",
        "もどる",
        "前に戻る",
        "一つ前",
        "一つ前に戻る",
        "一つ前に戻って",
        "ひとつ前",
        "ひとつ前に戻る",
        "ひとつ前に戻って",
        "戻って",
        "戻ってください",
        "前に戻って",
        "前に戻りたい",
        "前に戻してください",
        "一つ戻って",
        "一個前",
        "一個前に戻って",
        "さっきのに戻って",
        "前の質問に戻って",
    ),
    "start_over": ("最初から", "最初に戻る", "メニュー", "トップ", "はじめから", "最初からやり直す", "やり直し", "最初"),
    "greet": ("もしもし", "こんにちは", "おはようございます", "こんばんは"),
    "thanks": ("ありがとう", "ありがとうございます", "ありがとうございました", "どうもありがとう", "助かりました"),
    "goodbye": ("さようなら", "切ります", "失礼します", "じゃあ切ります", "それでは失礼します", "またね"),
}
_YES = (
    "はい",
    "うん",
    "ええ",
    "そう",
    "そうです",
    "そうですね",
    "そうね",
    "はいはい",
    "はいそうです",
    "ああはい",
    "お願いします",
    "はいお願いします",
    "いいです",
    "いいですよ",
    "いいよ",
    "よろしいです",
    "それでいい",
    "それでいいです",
    "大丈夫です",
    "結構ですよ",
    "合ってます",
    "合っています",
    "お願い",
    "おねがいします",
    "ok",
    "オーケー",
    "おっけー",
    "おけ",
    "いえす",
    "yes",
    "わかりました",
    "了解",
    "もちろん",
    "その通り",
    "ほい",
    "へえ",
)
_NO = (
    "いいえ",
    "いや",
    "いえ",
    "いえいえ",
    "ちがいます",
    "違います",
    "違う",
    "ちがう",
    "結構です",
    "いりません",
    "いらない",
    "ううん",
    "だめ",
    "ない",
    "ないです",
    "ありません",
    "もうないです",
    "特にない",
    "特にありません",
    "大丈夫もうない",
    "もういいです",
    "やめます",
    "no",
    "ノー",
    "いいえ違います",
    "いやいや",
    "別に",
    "もうありません",
    "いえ大丈夫です",
    "いえもう大丈夫です",
)
_DONE = (
    "できました",
    "できた",
    "はいできました",
    "次",
    "次へ",
    "つぎ",
    "次は",
    "次お願いします",
    "やりました",
    "やった",
    "終わりました",
    "おわった",
    "しました",
    "押しました",
    "開きました",
    "出ました",
    "進んで",
    "出来ました",
    "出来た",
    "済みました",
    "見えました",
    "ありました",
)
_FAILED = (
    "できない",
    "できません",
    "できませんでした",
    "だめです",
    "だめでした",
    "ダメでした",
    "出来ない",
    "出来ません",
    "うまくいかない",
    "ありません",
    "見つからない",
    "見つかりません",
    "出てこない",
    "まだできない",
    "まだです",
    "わからない",
    "わかりません",
    "なおらない",
    "なおりません",
    "直らない",
    "直りません",
)
_SOLVED = (
    "直りました",
    "なおりました",
    "直った",
    "なおった",
    "解決しました",
    "つながった",
    "つながりました",
    "治った",
    "治りました",
    "出るようになりました",
    "聞こえました",
)
_YES_OPENINGS, _NO_OPENINGS = ("はい", "ええ", "うん", "そうです"), ("いいえ", "いえ", "いや")
LONGEST_OPENED = 16
"""A longer sentence behind a yes or no says more than that; a model reads it."""
_UNSURE = (
    "わからない",
    "わかりません",
    "分からない",
    "分かりません",
    "わからん",
    "さあ",
    "さあわからない",
    "どれかわからない",
    "どちらかわからない",
    "知らない",
    "知りません",
)

_KANJI_DIGIT = {"〇": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9"}
_SPOKEN_DIGIT = (
    ("ぜろ", "0"), ("れい", "0"), ("まる", "0"), ("いち", "1"), ("に", "2"), ("さん", "3"), ("よん", "4"), ("しい", "4"), ("し", "4"),
    ("ごー", "5"), ("ご", "5"), ("ろく", "6"), ("なな", "7"), ("しち", "7"), ("はち", "8"), ("きゅう", "9"), ("きゅー", "9"), ("く", "9"),
    ("にー", "2"),
)  # fmt: skip
_LONGEST_FIRST = sorted(_SPOKEN_DIGIT, key=lambda pair: -len(pair[0]))
_BETWEEN_DIGITS = "のはでですねえとあ"
"""Kana that people say between the groups of a number."""
_KEY_WORDS = re.compile(r"^(\d)(?:番|ばん|を押す|です|番です|ばんです|番をお願いします)?$")


def _set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(comparable(word) for word in words)


_ANYWHERE_SETS = {intent: _set(words) for intent, words in _ANYWHERE.items()}
_YES_SET, _NO_SET, _DONE_SET, _FAILED_SET = _set(_YES), _set(_NO), _set(_DONE), _set(_FAILED)
_SOLVED_SET, _UNSURE_SET = _set(_SOLVED), _set(_UNSURE)


def digits_in(text: str) -> str:
    """Digits said or typed: 「ゼロ三の、いちにさんよん…」 as ``0312 …``; empty when something else is in the way."""
    rest = comparable("".join(_KANJI_DIGIT.get(letter, letter) for letter in clean(text)))
    found = ""
    while rest:
        if rest[0] in "0123456789":
            found, rest = found + rest[0], rest[1:]
            continue
        word, digit = next(((word, digit) for word, digit in _LONGEST_FIRST if rest.startswith(word)), ("", ""))
        if word:
            found, rest = found + digit, rest[len(word) :]
        elif rest[0] in _BETWEEN_DIGITS or not found:
            rest = rest[1:]
        elif len(found) >= 9:
            break  # a polite ending
        else:
            return ""
    return found


def _certain(intent: str, choice: str | None = None, digits: str | None = None) -> Understanding:
    return Understanding(intent, 1.0, "rules", ((intent, 1.0),), choice=choice, digits=digits)


def pressed(keys: str, expected: Expected) -> Understanding:
    """What keys of the telephone mean: 0 a person, 9 again, 1 yes, 2 no, the others what was offered."""
    if expected.kind == "digits" and len(keys) > 1:
        return _certain("nlu_fallback", digits="".join(key for key in keys if key.isdigit()))
    key = keys[:1]
    if key == "0":
        return _certain("handoff_human")
    if key == "9":
        return _certain("repeat")
    for choice in expected.choices:
        if choice.key == key:
            return _certain(choice.intent or "nlu_fallback", choice=choice.id)
    return Understanding("nlu_fallback", 0.0, "rules")


def _chosen(text: str, choices: tuple[ExpectedChoice, ...]) -> ExpectedChoice | None:
    """The choice that the words mean: said exactly, said within a short sentence, or said with other endings."""
    said = comparable(without_fillers(clean(text)))
    exact = [choice for choice in choices if said in _set(choice.words)]
    if len(exact) == 1:
        return exact[0]
    if len(said) > 30:
        return None
    meant = _words(text)
    found = []
    for choice in choices:
        lengths = [len(word) for word in _set(choice.words) if len(word) >= 2 and word in said and not _negated(meant)]
        for phrase in choice.words:
            words = _words(phrase)
            if words - _NEGATIONS and words - _NEGATIONS <= meant and _negated(words) == _negated(meant):
                lengths.append(sum(len(word) for word in words))
        if lengths:
            found.append((max(lengths), choice))
    found.sort(key=lambda pair: -pair[0])
    if found and (len(found) == 1 or found[0][0] > found[1][0]):
        return found[0][1]
    return None


_NEGATIONS = frozenset({"ない", "無い", "ず", "ぬ", "ん", "ません"})
_LITTLE_WORDS = frozenset(["は", "が", "を", "に", "で", "も", "の", "と", "へ", "ね", "よ", "です", "ます", "だ", "た", "て", "か", "さ", "わ"])


def _words(text: str) -> frozenset[str]:
    """Normalised words without particles and polite endings: 「つながります」 and 「つながる」 become one."""
    words, _ = words_and_reading(text)
    return frozenset(word for word in words if word not in _LITTLE_WORDS)


def _negated(words: frozenset[str]) -> bool:
    return bool(words & _NEGATIONS)


def _opens_with(said: str, openings: tuple[str, ...]) -> bool:
    return said.startswith(openings)


def settle(text: str, expected: Expected) -> Understanding | None:
    """The meaning when rules are sure of it, else None and a model is asked."""
    said = comparable(without_fillers(clean(text)))
    if not said:
        return None
    if expected.kind == "digits":
        digits = digits_in(text)
        if len(digits) >= 9:
            return _certain("nlu_fallback", digits=digits)
    key = _KEY_WORDS.match(clean(text))
    if key:
        return pressed(key.group(1), expected)
    for intent, words in _ANYWHERE_SETS.items():
        if said in words:
            return _certain(intent)
    if expected.kind == "step":
        if said in _DONE_SET or said in _YES_SET:
            return _certain("next_step", choice="yes")
        if said in _SOLVED_SET:
            return _certain("solved")
        if said in _FAILED_SET or said in _NO_SET:
            return _certain("not_solved", choice="no")
    if expected.kind == "yes_no":
        if said in _SOLVED_SET or (_opens_with(said, _YES_OPENINGS) and said.removeprefix("はい") in _SOLVED_SET):
            return _certain("solved", choice="yes")
        if said in _YES_SET:
            return _certain("affirm", choice="yes")
        if said in _NO_SET:
            return _certain("deny", choice="no")
    if expected.choices and expected.kind in ("choice", "yes_no"):
        choice = _chosen(text, expected.choices if expected.kind == "choice" else tuple(c for c in expected.choices if c.id not in ("yes", "no")))
        if choice is not None:
            return _certain(choice.intent or "nlu_fallback", choice=choice.id)
    if expected.kind == "yes_no":
        for choice in expected.choices:
            if said in _set(choice.words):
                return _certain(choice.intent or "nlu_fallback", choice=choice.id)
    if expected.kind == "yes_no" and len(said) <= LONGEST_OPENED:
        if _opens_with(said, _NO_OPENINGS):
            return _certain("deny", choice="no")
        if _opens_with(said, _YES_OPENINGS) and not _negated(_words(text)):
            return _certain("affirm", choice="yes")
    if said in _UNSURE_SET:
        return _certain("dont_know")
    if said in _SOLVED_SET:
        return _certain("solved")
    if said in _YES_SET:
        return _certain("affirm")
    if said in _NO_SET:
        return _certain("deny")
    if said in _DONE_SET:
        return _certain("next_step")
    return None
