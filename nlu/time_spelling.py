"""Words of time in one spelling, and what only looks like time taken away: what the rules for days and clocks read."""

import re
import unicodedata

from nlu.calendar_days import WEEKDAYS
from nlu.spoken_numbers import GONE, digits_for_numbers
from nlu.text import clean

_FILLER = re.compile(
    r"えーっと|えーとね?|えっとね?|ええっと|ええとね?|あのー|あのう|あのですねえ?|あのね|そのー|うーんと?|んーと?|えー+|あー+|うー+|まあ(?![ぁ-ん])|まあ、|なんか(?=[\s、])"
    r"|その(?!日|他|後|頃|ころ|うち|ため|まま)|[\s。．‥…]|\.{2,}|[\ufe00-\ufe0f\u20e3]"
)
_GLUE = re.compile(r"(\d{1,2}[/月-]\d{1,2}日?(?:\([^)]{1,3}\))?)[\s　]+(?=\d{1,2}[:時])|(?<=[\d)])\s+(?=\d{1,2}:\d\d)")
_EMOJI_WEEKDAY = re.compile(r"[🌙🔥💧🌳🌲💰🪐☀🌞](?=\ufe0f?曜)")
_EMOJI = {"🌙": "月", "🔥": "火", "💧": "水", "🌳": "木", "🌲": "木", "💰": "金", "🪐": "土", "☀": "日", "🌞": "日"}
_EDGE = r"(?![ぁ-ん])|(?=[のはにもでがとか、])"
_SPELLINGS = {
    "みょうにち": "明日", "明明後日": "明々後日", "あさって": "明後日", "みょうごにち": "明後日", "ほんじつ": "本日", "さくじつ": "昨日", "昨日": "昨日", "きのう": "昨日",
    "おととい": "一昨日", "おとつい": "一昨日", "いっさくじつ": "一昨日", "さきおととい": "一昨々日",
    "しあさって": "明々後日", "やのあさって": "弥明後日", "やなあさって": "弥明後日",
    "さ来週": "再来週", "さらいしゅう": "再来週", "さらい週": "再来週", "らいしゅう": "来週",
    "らい週": "来週", "こんしゅう": "今週", "翌々週": "再来週", "翌週": "来週", "次の週": "来週",
    "せんしゅう": "先週", "せんせんしゅう": "先々週", "先先週": "先々週", "しゅうまつ": "週末", "へいじつ": "平日",
    "土日祝日": "土日", "土日祝": "土日", "土日・祝日": "土日", "再再来週": "再々来週", "さ来月": "再来月", "さらいげつ": "再来月",
    "らいげつ": "来月", "らい月": "来月", "こんげつ": "今月", "せんげつ": "先月", "翌月": "来月",
    "らいねん": "来年", "ことし": "今年", "きょねん": "去年", "昨年": "去年", "おととし": "一昨年",
    "ごぜん": "午前", "ごご": "午後", "ゆうがた": "夕方", "おひる": "昼", "お昼": "昼", "こんど": "今度", "つぎの": "次の", "お正月": "正月", "ねんまつ": "年末",
    "としあけ": "年明け", "年があけ": "年明け", "年が明け": "年明け", "ヶ月": "か月", "カ月": "か月",
    "ヵ月": "か月", "ケ月": "か月", "箇月": "か月", "かげつ": "か月", "ひと月": "1か月",
    "ひとつき": "1か月", "半年": "6か月", "ダメ": "だめ", "駄目": "だめ", "ムリ": "無理",
    "むり": "無理", "大晦日": "大晦日", "大みそか": "大晦日", "おおみそか": "大晦日", "おおつごもり": "大晦日",
    "大つごもり": "大晦日", "晦日": "月末", "つごもり": "月末", "みそか": "月末", "げつまつ": "月末",
    "がんじつ": "元日", "がんたん": "元日", "元旦": "元日", "御用納め": "仕事納め", "しごとおさめ": "仕事納め",
    "ごようおさめ": "仕事納め", "御用始め": "仕事始め", "しごとはじめ": "仕事始め", "仕事初め": "仕事始め",
    "時はん": "時半", "時すぎ": "時過ぎ", "よくじつ": "翌日", "今晩": "今夜", "こんばん": "今夜",
    "1日じゅう": GONE,
}  # fmt: skip
_WORDS = re.compile("|".join(sorted(map(re.escape, _SPELLINGS), key=lambda word: -len(word))))
_KANA = re.compile(
    rf"あした(?!ば)|(?:(?<![ぁ-ん])|(?<=[はにをもの]))(?:あす(?!か[ぁ-ん])(?:{_EDGE})|きょう(?!だい|み|しつ|かし)(?:{_EDGE}|"
    rf"(?=[ぁ-ん])(?![とりゆか])))"
    rf"|(?:(?<![ぁ-ん])|(?<=[のはにもか]))あさ(?=の|に|は|で|早|一|いち|イチ|、|$|\d|10|か(?!ら?ん)|ご)|(?:^|(?<=[の、]))しょうご(?=の?|に|"
    rf"から|まで|、|$)(?!と)|ひる(?=$|に|、|ごろ|から|すぎ|過ぎ|前|まえ|の)|よる(?=の?\d)"
)
_KANA_WORDS = {
    "あした": "明日",
    "あす": "明日",
    "きょう": "今日",
    "あさ": "朝",
    "しょうご": "正午",
    "ひる": "昼",
    "よる": "夜",
}
_WEEKDAY_KANA = re.compile(
    r"(げつ|すい|もく|きん|にち)(?:曜|よう)(?!ひん|ど|だい|かん)(?:日|び)?|(か|ど)(?:曜日?|ようび|よう日)|(?:^|(?<=[、の])|"
    r"(?<=[うび曜][かと]))(か|ど)よう(?=の[^がもはに]|[にはもでがとか、]|以|$)"
)
_KANA_WEEKDAYS = {"げつ": "月", "か": "火", "すい": "水", "もく": "木", "きん": "金", "にち": "日", "ど": "土"}
_ORDINAL = re.compile(
    r"だい(いち|に|さん|よん|ご)(?=の?(?:(?:げつ|か|すい|もく|きん|ど|にち)(?:よう|曜)|[月火水木金土日]曜|しゅう|週))"
)
_ORDINALS = {"いち": "1", "に": "2", "さん": "3", "よん": "4", "ご": "5"}
_EIGHTH = re.compile(r"(?<=月)(の?)ようか(?!び)")
_HALF_KANA = re.compile(r"([月火水木金土日])よう(?:日|び)?")
_BRACKETS = re.compile(r"[(\[【〔<〈]([月火水木金土日])(?:曜日?)?(?:[・、]?祝日?)?[)\]】〕>〉]")
_BARE_LETTER = re.compile(
    r"(?<=\d日)([月火水木金土])(?=$|[、の午でにか\d])|(?<=/\d)([月火水木金土日])(?!曜)(?=\D|$)|(?<=/\d\d)([月火水木金土日])(?!曜)"
)
_LETTERS = re.compile(
    r"(?:(?<![\d一-鿿])|(?<=週)|(?<=月の))([月火水木金土日](?:(?:[・、,/]|or|か(?=[火水木金土](?:曜|[でのにが、]|"
    r"$)))?[月火水木金土日]){1,6})(?:曜日?|(?=[のはがでにとかも、)]|以外|どちら|希望|だ|なら|$))"
)
_LETTER_SPAN = re.compile(
    r"(?:^|(?<=週)|(?<=週の)|(?<=[、(]))([月火水木金土])(?:曜?)(〜|~|-|から)([火水木金土日])(?=$|[、のでまに)]|だと|なら|曜)曜?"
)
_ONE_LETTER = re.compile(
    r"(?:(?<=週の)|(?<=週))([火水木金土])(?=$|、|で(?:お|す|$|、|も)|か[火水木金土]|は(?:ど|空|大|だめ|無)|の(?:午|朝|昼|夕|\d)|が(?:い|良|よ)|希望|以外)"
)


def spelled(text: str) -> str:
    """The text without gaps, fillers and what only looks like time; numbers as digits, weekdays as 月曜 … 日曜."""
    said = clean(text)
    if not said.isascii() and not said.isdecimal():
        said = _EMOJI_WEEKDAY.sub(lambda match: _EMOJI[match.group()], said)
        said = "".join(map(_plain, said)) if _ODD.search(said) else said
    if "m" in said or "M" in said:
        said = _LATIN.sub(_in_japanese, said)
    said = _GLUE.sub(lambda match: f"{match[1] or ''}の", said)
    said = re.sub("、{2,}", "、", _FILLER.sub("", said)).lstrip("、")
    said = _WORDS.sub(lambda match: _SPELLINGS[match.group()], said)
    said = _KANA.sub(lambda match: _KANA_WORDS[match.group()], said)
    if "だい" in said:
        said = _ORDINAL.sub(lambda match: f"第{_ORDINALS[match[1]]}", said)
    said = _weekdays(_EIGHTH.sub(r"\1八日", said))
    said = digits_for_numbers(said)
    said = said.replace("時はん", "時半").replace("時すぎ", "時過ぎ")
    return _HARMLESS.sub(GONE, said)


_LATIN = re.compile(
    r"(?<![\da-zA-Z:/.])(?P<at>\d{1,2}(?::\d\d)?) ?(?P<half>[aApP])\.?[mM](?![a-zA-Z])"
    r"|(?<![a-zA-Z])(?P<word>[AP])M(?![a-zA-Zラ])"
)
_ODD = re.compile(r"[^\u0020-\u007e\u3000-\u30ff\u4e00-\u9fff\u2010-\u2026\u00d7\u2715]")


def _plain(letter: str) -> str:
    """Digits of any script as 0 to 9; emoji and other signs not at all."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "" if unicodedata.category(letter) in ("So", "Sk", "Mn", "Me", "Cf") else letter


def _in_japanese(match: re.Match[str]) -> str:
    """「2pm」 as 午後2時, 「AM」 as 午前."""
    part = "午前" if (match["half"] or match["word"]) in "aA" else "午後"
    at = match["at"]
    return part if at is None else f"の{part}{at}" if ":" in at else f"の{part}{at}時"


def _weekdays(said: str) -> str:
    if "よう" in said or "曜" in said:
        said = _WEEKDAY_KANA.sub(lambda match: _KANA_WEEKDAYS[match[1] or match[2] or match[3]] + "曜", said)
        said = _HALF_KANA.sub(r"\1曜", said).replace("曜日", "曜")
    said = _BRACKETS.sub(r"の\1曜", said)
    said = _BARE_LETTER.sub(lambda match: f"の{match[1] or match[2] or match[3]}曜", said)
    said = _LETTERS.sub(_several, _LETTER_SPAN.sub(r"\1曜\2\3曜", said))
    return _ONE_LETTER.sub(r"\1曜", said)


def _several(match: re.Match[str]) -> str:
    """「月水金」 as three weekdays; letters that do not follow one another in the week are a word."""
    places = [WEEKDAYS.index(letter) for letter in match[1] if letter in WEEKDAYS]
    whole = match.group()
    if places != sorted(set(places)) or whole in ("月日", "土日"):
        return whole
    return "と".join(f"{WEEKDAYS[place]}曜" for place in places)


_NAMED = r"(?=さん|様(?!子)|さま|ちゃん|先生|と申|ともうし|と書|という[者も]|と言い|といいま|という名)"
_LENGTH = (
    r"間|分(?!か)|ほど|くらい|ぐらい|ばかり|おき|ごと|がかり|坊主|月(?!曜)|目|ぶり|たっ|経|続|連続|かか|あれば|以内|以上|中|じゅう|うち|のうち|市|町|酔|天下|余|あまり|遅れ|使|待|持|乗|"
    r"券|体験|コース|単位|付け|しか(?:も|使)|も(?:早|た|経|かか|前|待|使|来|持|休|ある|な)|でも(?:早|いい?か)|で(?:直|治|終|な[^い]|切|届|消|減|覚|でき|"
    r"使)|に?(?:\d+|何|一|二|三)(?:[回度]|時間)|"
    r"一日|1日|一善|[百千万]|\d+円|も(?![いおか大だ無空行都来午朝昼夕、と\d]|$|[月火水木金土日]曜)|あた|過ごし|寝|歩|がもたな|が(?:終|長|短|過ぎ|た)|もた|したくらい"
)
_HARMLESS = re.compile(
    rf"[何数丸約毎半](?:\d{{1,3}})?日(?!曜)|\d*何(?:十)?[日時月]|(?:まる|あと|もう|ほぼ|たった|ある|この|ここ|わずか|"
    rf"せめて)\d{{1,3}}日(?!の?[午朝昼夕]|に(?:し|お)|で(?:す|お))"
    rf"|\d{{1,3}}日(?:{_LENGTH})|中の\d日|1日2日|\d{{1,2}}日{_NAMED}"
    rf"|\d{{1,2}}月(?:\d{{1,2}}日)?(?:分|号|に?生まれ|に?うまれ|ほど|くらい|ぐらい|たっ|経|堂|病|革命|場所|人形|{_NAMED})|(?:昭和|大正|明治|平成|"
    rf"西暦19)\d{{0,4}}年?(?:の?\d{{1,2}}月(?:の?\d{{1,2}}日)?)?"
    rf"|\d{{1,2}}時(?:間|的|停|預|金|期|帰|休(?!み)|避|閉|保|代|差|{_NAMED})|毎(?:朝|晩|夜|日|月|年)|朝(?:日(?!曜)|食|刊|霞|ドラ|顔|礼|倉|子|"
    rf"ご飯|ごはん|めし|晩|から晩|市|鮮|青|比奈|岡|井|田|丘|香|寝)"
    rf"|一?昼(?:寝|食|ご飯|ごはん|夜|休)|夜(?:景|行|空|桜|勤|中|更|逃|店|泣)|晩(?:ご飯|ごはん|年|酌|秋|飯|さん)|夕(?:飯|食|刊|日(?!曜)|焼|立|張|ご飯|"
    rf"ごはん)|一晩|百日|一昨日来|^今夜は(?=、|$)"
    rf"|日曜(?:大工|版|洋画|劇場|画家|学校|礼拝)|火曜サス|土曜ワイド|金曜ロード|水曜どうで|月曜から夜|明日(?:葉|香|海|は我)|今日この|今日的|(?:今|来)週刊|週末婚|四季折々|日々"
    r"|1/[2-9](?:に(?:な|縮|減|し)|の(?:大|量|確|長|値)|くらい|ほど|以)|今夜が山|(?:今|来|先|再来)月のいつか|\d{1,2}月のいつか(?!の)|(?:来|今|"
    r"再来)週のいつか|四十九日|4?9日法要|3時のおやつ"
)  # fmt: skip
