"""Signs of fraud, loss and emergency in words: a second detector that works without any model, in every state."""

import re

from nlu.kana_only import usual_spelling
from nlu.text import clean

_EMERGENCY = re.compile(
    r"救急車|きゅうきゅうしゃ|(?:人|主人|夫|妻|母|父|おじいさん|おばあさん|誰か|隣の人|家内|旦那).{0,6}(?:倒れ|たおれ)|倒れて(?:いる|る|ます|しまっ)|意識が(?:ない|無い|ありません|もどら)"
    r"|息を?して(?:い)?(?:ない|ません)|息が(?:できない|苦し)|胸が(?:痛|苦し|締め)|火事(?!.{0,6}(?:保険|アプリ))|(?:家|台所|部屋|隣|コンロ|ストーブ).{0,8}(?:燃え|火が(?:つい|出))"
    r"|(?:スマホ|電話|携帯|電池|バッテリー|充電器).{0,8}(?:煙|けむり|火が|火を吹|発火|燃え)|煙が(?:出|で)|死にたい|しにたい|自殺|消えてしまいたい|殺され|刺され|泥棒が|強盗|襲われ|血が止まら"
    r"|行方不明|帰ってこない|帰って来ない.{0,10}(?:徘徊|認知)|119番?(?:を|に|呼)|110番して|ガス(?:の臭い|くさい|臭い|漏れ)"
)
_SCAM = re.compile(
    r"詐欺|さぎかも|サギ|だまされ|騙され|ウ[イィ]ルス(?:に|が|感染|警告|検出)|ういるす|感染(?:し|され)(?!症)|トロイの木馬|(?:警告|けいこく).{0,12}(?:音|出|電話|画面|鳴)|サポートセンターに電話"
    r"|(?:還付金|かんぷきん|給付金).{0,12}(?:ATM|エーティーエム|電話|手続|振)|未納|架空請求|身に覚えのない|(?:覚え|おぼえ)のない(?:請求|支払|料金|荷物|注文)|当選し(?:た|まし)|(?:何億|億円).{0,6}(?:当|もら)"
    r"|(?:口座|カード).{0,10}(?:凍結|止められ|不正|利用停止)|アカウント.{0,6}(?:停止|凍結).{0,10}(?:メール|リンク|来)|暗証番号を?(?:教え|聞かれ|言っ)|カード(?:の)?番号を?(?:入れ|入力|教え|打|聞かれ)"
    r"|(?:ギフト|プリペイド|アマゾン|アップル|グーグル|コンビニ).{0,6}カード.{0,10}(?:買え|買って|番号)|電子マネー.{0,8}(?:買|払)|(?:警察|検察|刑事).{0,12}(?:名乗|口座|逮捕状|LINE|ライン|ビデオ)|逮捕状|オレオレ|おれおれ"
    r"|(?:息子|孫).{0,14}(?:風邪|携帯.{0,4}(?:変|替)|会社の金|事故|お金が要|振り?込)|(?:お金|金|現金).{0,6}(?:振り込め|振り込んでしま|送ってしま|払ってしま|要求|請求)|(?:国際電話|知らない番号).{0,14}(?:2時間|止まる|停止|未納)"
    r"|(?:配達|荷物|宅配|佐川|ヤマト|郵便).{0,16}(?:リンク|URL|ユーアールエル|押しちゃ|押してしま|タップ|不在.{0,6}(?:SMS|メール|ショートメ))|(?:遠隔|リモート).{0,6}(?:操作|アプリ|ソフト)|乗っ取|のっとら|ワンクリック|登録(?:ありがとう|完了).{0,20}(?:払え|払って|請求|万円|千円)|アダルト.{0,10}請求|ロマンス"
)
_LOST = re.compile(
    r"(?:スマホ|すまほ|スマートフォン|携帯|けいたい|ケータイ|(?<!固定)電話(?!帳)|アイフォン|iphone|android).{0,14}(?:なくし|無くし|失くし|落とし(?!て画面|たら画面)|おとし(?!て(?:画面|がめん)|たら(?:画面|がめん))|紛失|見当たら|みあたら|見つからない|みつからない|置き忘れ|忘れてき|盗まれ|ぬすまれ|盗られ|とられ|すられ|どこかに|どこ(?:か行|に置|へ))"
    r"|(?:なくし|無くし|失くし|落とし|紛失|盗まれ|盗られ|置き忘れ).{0,8}(?:スマホ|携帯|ケータイ|スマートフォン)(?!の(?:画面|中))",
    re.IGNORECASE,
)
_WATER = re.compile(r"水(?!曜)|濡れ|ぬれ|池に|川に|トイレ|洗面|流し|風呂|洗濯|こぼし|びしょ")
_NOT_LOST = re.compile(r"動かな|つかない|割れ|ヒビ|ひび|アプリ|写真|マーク|アイコン|アドレス|番号|ボタン|音が")
_BROKEN = re.compile(
    r"(?:壊|こわ|コワ)[れしシレ]|(?:動|うご|ウゴ)[かカ][なんず]|(?:使|つか|ツカ)[えエ](?:[なまん]|ず)|(?:割|わ)れ[たてま]|固ま|かたま|フリーズ|ふりーず|故障|こしょう|(?:点|つ)か(?:ない|なく|ん)|調子が?(?:悪|わる|おか)|ちょうしが?わる|電源が?(?:入|はい|つ)"
)
_NEGATED = re.compile(r"(?:詐欺|ウ[イィ]ルス|救急車|火事)(?:では|じゃ)(?:ない|ありません)|死にたいわけじゃ")
_ONLY_WORRIED = re.compile(
    r"詐欺(?:対策|よけ|防止|予防)|詐欺.{0,12}(?:引っかからない|見分け|怖くて|怖い|こわい|心配で)(?!.{0,12}(?:来|き)[たて])"
    r"|(?:たとき|時)のために|刺されてはいない|犬が|猫が|救急車が(?:通|うるさ|走)"
)
"""Talk about danger by somebody who is in none."""


def sign_of_danger(text: str) -> str | None:
    """The safety label whose signs the text shows; emergency before fraud before loss. None without any."""
    text = clean(text)
    usual = usual_spelling(text)
    return _sign(text) or (_sign(usual) if usual != text else None)


def _sign(text: str) -> str | None:
    if not text or _NEGATED.search(text) or _ONLY_WORRIED.search(text):
        return None
    if _EMERGENCY.search(text):
        return "safety_emergency"
    if _SCAM.search(text):
        return "safety_scam"
    if _LOST.search(text) and not is_no_loss(text):
        return "safety_lost_phone"
    return None


def is_no_loss(text: str) -> bool:
    """Whether "dropped" or "gone" is about water, a broken screen or something inside the phone."""
    return is_wet(text) or _NOT_LOST.search(clean(text)) is not None


def is_wet(text: str) -> bool:
    """Whether water is in it: then the phone is at hand, however it was dropped."""
    return _WATER.search(clean(text)) is not None


def is_broken(text: str) -> bool:
    """Whether it is told that the phone does not work, and not that it is gone: who can tell that has it at hand."""
    text = clean(text)
    return _BROKEN.search(text) is not None and _LOST.search(text) is None
