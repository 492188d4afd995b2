"""What people say around their name: courtesy, "my name is", how it is spelled, what it is not."""

import re

LONGEST = 400
"""Letters that are looked at; a name is said early."""
BRACKETS = re.compile(r"[(（\[［「『【]([^()（）\[\]［］「」『』【】]{0,80})[)）\]］」』】]")
SENTENCES = re.compile(r"[。、，,.．!！?？\n…]+")
_COURTESY = re.compile(
    r"(?:どうぞ|どうか|以上です?|それでは|では)?(?:よろしく|宜しく|お願い|おねがい|ありがと|すみません|すいません|ごめん|失礼|しつれい|申し訳|お世話|おせわ|お手数|こんにちは|こんばんは|おはよう"
    r"|もしもし|はじめまして|初めまして|お待たせ|恐れ入)"
    r"(?:お願い|おねがい)?(?:いた|致|もうし|申し上|申しあ)?[ぁ-ん]{0,14}(?:ます|ません|ました|です|でした|ください)?(?:が|けど|けれども|ね|ねー)?"
)
_LITTLE = re.compile(
    r"(?:は[ーあ]?い|ええ|うん|そう(?:です)?(?:ね[ーえ]?)?|えーっ?と(?:ですね)?|えっと|ええと|えと|あの[ーう]?(?:ですね)?|その[ー]?|うーん|んー|あ[ー]?|ああ|えー|まあ|で"
    r"|それで|私|わたし|わたくし|僕|俺|自分|本人"
    r"|(?:お)?(?:名前|なまえ)(?:ですか|ですね|は|が)?|氏名(?:は)?|フルネーム(?:で(?:す)?か?|は|で)?|下の名前(?:は|も)?(?:ですか)?|予約(?:の)?名(?:は)?|名義は"
    r"|苗字は?|名字は?|漢字(?:は|で|では)?|平仮名で?|ひらがなで?|カタカナで?|(?:今年)?[0-9〇一二三四五六七八九十]+(?:歳|才)(?:です|になります)?|年は[^ ]*|以上(?:です)?)"
)
_FILLERS = re.compile(
    r"^(?:(?:あの[ー](?:う)?|あのう(?=[^ぁ-ん])|あの(?=[^ぁ-ん])|えーっ?と(?:ですね)?|えっと(?:ですね)?|ええと(?:ですね)?|えと(?=[^ぁ-ん])|ですから|だから|すみません"
    r"|すいません|もしもし|こちら(?:は)?|どうも(?!と)|うーんと?|んーと?)[ 　]*)+"
)
_BEFORE = re.compile(
    r"^(?:(?:私|わたくし|わたし|母|父|主人|夫|妻|家内|本人|娘|息子)(?:の(?:ほう|方)?)?(?:(?:お)?名前)?(?:は|が|、| )"
    r"|(?:母|父|主人|夫|妻|家内|本人|私|娘|息子)の(?=[^ぁ-ん])|(?:私|わたし|わたくし)(?=[^ぁ-んの]))?"
    r"(?:(?:私|わたし|わたくし|母|父|主人|夫|妻|家内|本人)の)?(?:お?名前|おなまえ|なまえ|氏名|フルネーム|苗字|名字|みょうじ|名|予約名)(?:は|が|で|も|、| )(?:です|ですね)?|"
    r"^(?:私|わたくし|わたし)(?:は|が|、| )|^(?:母|父|主人|夫|妻|家内|本人|私|娘|息子)の(?=[^ぁ-ん])"
)
_SAID_TO_BE = (
    r"(?:と|って|っちゅう)(?:申|もう)し(?:ます|まして)|(?:と|って)(?:い|言|云)(?:います|いまして)|(?:と|って)(?:い|言|云)う(?:もの|者|名前|ん|の)?(?=です|で|だ|$)"
    r"|(?:って|と)(?:いい|呼び|よび)ます|(?:と|って)(?:言|い)いまして?|になります|でございます|であります|の(?:名前|名義)(?:で|です)|名義(?:で|です)"
)
_AFTER = re.compile(
    rf"(?:{_SAID_TO_BE}|で[ーえ]*す|っす|でお?願い(?:いた|致)?し(?:ます|たい(?:です|んですけど)?)|でおねがい(?:いた)?します|で予約(?:を)?お願いします"
    rf"|で(?:す)?(?:お願い|おねがい)|だよ|だわ|だけど|やけど|なんですが?|なんですけど|と(?:お願い)?(?:します|いたします))"
    r"(?:けれども|けれど|けども|けど|が|よ|ね[ーえ]?|わ|の|な)*(?: ?(?:はい|ええ|うん))?$"
)
_BARE_AFTER = re.compile(r"(?<=[^ぁ-ん])(?:(?<=[^ぁ-ん]{2})って|で|だ|よ|ね|や|じゃ|は|の(?:ほう|方))$")
"""Only behind other letters than hiragana: たけだ, かえで, みね end so themselves."""
_TITLE = re.compile(r"[ ]?(?:さん|さま|様|くん|君(?<=..君)|ちゃん|氏)$")
_RATHER = re.compile(
    r"[ 、]?(?:じゃ|では|で)(?:なくて?|なしに|ない(?:です|んです)?(?:よ|わ)?|ありません|ございません)[ 、。]*"
)
"""「佐藤ではなく」: what stands before is denied."""
_PART = r"(?:偏|へん|ヘン|つくり|かんむり|冠|にんべん|ニンベン|さんずい|サンズイ|きへん|ぎょうにんべん|くさかんむり|うかんむり|しんにょう|しんにゅう|おおざと|こざと)"
_SPELLED = re.compile(
    rf"^(?:(?:はしご|梯子|ハシゴ)(?:だか|高|たか|ダカ|タカ)|(?:たつ|立つ|立|タツ)(?:さき|崎|サキ|ザキ|ざき)|[^の]{{0,8}}{_PART}(?:に[^の]{{1,8}})?"
    rf"|(?:つち|土)(?:よし|吉)|(?:さむらい|士)よし|口の高い?|くちだか"
    r"|(?:普通|ふつう|簡単|かんたん|難しい|むずかしい|旧字|きゅうじ|旧字体|新字|新しい|ひらがな|平仮名|カタカナ|漢字|一文字|大きい|小さい)(?:の(?:ほう|方|字))?)(?:の|に)"
)
_SPELLING_ONLY = re.compile(
    rf"(?:(?:はしご|梯子|ハシゴ)(?:だか|高|たか|ダカ)|(?:たつ|立つ|タツ)(?:さき|崎|ざき|ザキ)|[^の]{{0,6}}{_PART}(?:に[^の]{{1,8}})?"
    rf"|.{{0,10}}(?:という|って(?:いう)?|の)(?:字|漢字)|漢字で?.{{0,12}}|.{{1,8}}に.{{1,8}}(?:で|と書いて|って書いて|と書く))(?:です|ね|です(?:ね|けど))*"
)
_SPELLED_LONG = (
    re.compile(r"^.{1,10}に.{1,12}(?:で|と書いて|って書いて)(?P<name>[^です].+)$"),
    re.compile(r"^.{2,12}の(?P<name>[一-鿿㐀-䶿﨎-﨩々]{2,8})$"),
    re.compile(r"^(?=.{5,})[^ぁ-ん]{0,4}[ぁ-ん]+[^の]*の(?P<name>[^ぁ-ん].*)$"),
)


def without_politeness(said: str) -> str:
    """The words between "my name is" and "please"."""
    said = _BEFORE.sub("", _FILLERS.sub("", said.strip(" 　")), count=1).strip(" 　")
    for _ in range(4):
        shorter = _BARE_AFTER.sub("", _AFTER.sub("", said)).strip(" 　")
        if shorter == said:
            break
        said = shorter
    return _TITLE.sub("", said).strip(" 　")


def is_courtesy(part: str) -> bool:
    """「よろしくお願いします」, 「はい」, 「72歳です」: no part of a name."""
    said = part.strip(" 　")
    return not said or bool(_COURTESY.fullmatch(said) or _LITTLE.fullmatch(said))


def halves(said: str) -> tuple[str, str]:
    """What is denied and what is said instead: 「佐藤ではなく加藤です」; nothing is denied in most answers."""
    found = list(_RATHER.finditer(said))
    return (said[: found[-1].start()], said[found[-1].end() :]) if found else ("", said)


def is_spelling(part: str) -> bool:
    """「はしごだかです」: how it is written, and nothing else."""
    return bool(_SPELLING_ONLY.fullmatch(part.strip(" 　")))


def without_spelling(said: str) -> list[str]:
    """What may be the name when the explanation of its letters is left out, the likeliest first."""
    shorter = _SPELLED.sub("", said)
    found = [shorter] if shorter != said else []
    return found + [match["name"] for pattern in _SPELLED_LONG if (match := pattern.match(said))]
