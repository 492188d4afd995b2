"""What must never be stored is hidden, in whatever letters it was said (elder-ux S3)."""

import time

import pytest
from sqlalchemy import select

from helpdesk.masking import MASK, mask
from helpdesk.talks.tables import TurnRecord

SECRETS = [
    ("暗証番号は5 5 5 5です", "5 5"),
    ("暗証番号はいちにさんよんです", "いちにさんよん"),
    ("暗証番号は いちにさんよん", "いちに"),
    ("パスワードはさくら2024です", "さくら"),
    ("裏の三桁は 一二三", "一二三"),
    ("マイナンバーは一二三四五六七八九〇一二", "一二三"),
    ("暗証番号は1234です", "1234"),
    ("カードは4111 1111 1111 1111", "4111"),
    ("マイナンバー123456789012", "123456789012"),
    ("1234が暗証番号です", "1234"),
    ("いちにさんよんが暗証番号です", "いちに"),
    ("暗証番号、えーと、5、6、7、8です", "5、6"),
    ("アンショウバンゴウハ イチニサンヨン", "イチニ"),
    ("ﾊﾟｽﾜｰﾄﾞﾊsakura99", "sakura99"),
    ("暗証番号は①②③④", "①②"),
    ("暗証番号は一二三四", "一二三四"),
    ("暗証番号はゼロゼロナナナナです", "ゼロゼロ"),
    ("暗証番号がですね、ごーろくななはちなんです", "ごーろく"),
    ("パスワードはhanako", "hanako"),
    ("パスワードは hanako 1950 です", "1950"),
    ("カード番号はよんいちいちいち", "よんいち"),
    ("暗証番号はまるまるいちに", "まるまる"),
    ("口座番号は1234567です", "1234567"),
    ("電話は090-1234-5678です", "5678"),
    ("ぜろきゅうぜろいちにさんよんごろくななはち", "いちにさん"),
    ("暗証番号は、はい、1、2、3、4", "1、2"),
    ("暗証番号は 4 4 いちにさんよん", "いちにさん"),
    ("パスワードはひまわりです", "ひまわり"),
    ("PINは1234", "1234"),
    ("ピンコードは9999です", "9999"),
    ("セキュリティコードは123", "123"),
    ("認証コードは123456", "123456"),
    ("暗証番号は٢٣٤٥です", "٢٣"),
    ("暗証番号は五五五五", "五五"),
    ("暗証番号は5の5の5の5です", "5の5"),
    ("パスワードは「sakura」です", "sakura"),
    ("確認コードが届いて、123456でした", "123456"),
    ("マイナンバーカードの暗証番号は1234です", "1234"),
    ("私のPINは 1 2 3 4 です", "1 2"),
    ("5555、これが暗証番号です", "5555"),
    ("暗証番号四桁はいちにさんよん", "いちにさん"),
    ("hanako@example.jp", "hanako"),
    ("パスワードはabc", "abc"),
    ("暗証番号いちにさんよん", "いちに"),
    ("暗証番号は、たぶん8642だったと思います", "8642"),
]  # fmt: skip
PLAIN = [
    "12月22日に予約したい",
    "午後3時15分から",
    "予約番号は12345です",
    "千五百円",
    "72歳です",
    "暗証番号を忘れた",
    "暗証番号が4桁",
    "暗証番号を3回間違えました",
    "パスワードがわかりません",
    "パスワードを忘れました",
    "パスワードは必要ですか",
    "パスワードは何ですか",
    "ピンクの画面です",
    "ピントが合わない",
    "機種はiPhone16",
    "2026年12月1日",
    "にしださんにいちど聞いた",
    "さんにんでいきます",
    "一二三です",
    "いちにさんよん",
    "よくわかりません",
    "マイナンバーカードの申請",
    "カードを落とした",
    "暗証番号がわからない",
    "パスワードを変えたい",
    "暗証番号を聞かれた",
    "12345",
    "基礎の講習会を12月22日に",
    "F-53Bと書いてあります",
    "パスワードはどこですか",
    "パスワードはない",
    "暗証番号の変更のしかた",
    "確認です",
    "ショッピング",
    "12時30分から14時15分まで",
    "5階の3番の部屋",
]  # fmt: skip


@pytest.mark.parametrize(("said", "hidden"), SECRETS)
def test_a_secret_is_hidden(said, hidden):
    assert hidden not in mask(said) and MASK in mask(said)


@pytest.mark.parametrize("said", PLAIN)
def test_what_is_no_secret_stays(said):
    assert mask(said) == said


def test_only_the_secret_is_hidden():
    assert mask("暗証番号は5 5 5 5です。12月22日に予約したい") == f"暗証番号は{MASK}です。12月22日に予約したい"
    assert "iPhone16" in mask("暗証番号はいちにさんよんです、機種はiPhone16")


@pytest.mark.parametrize(
    "said",
    [
        "暗証番号は5 5 5 5です",
        "暗証番号はいちにさんよんです",
        "パスワードはさくら2024です",
        "いちにさんよんが暗証番号です",
    ],
)
@pytest.mark.parametrize("channel", ["voice", "line"])
def test_nothing_of_it_is_kept(desk, said, channel):
    if channel == "voice":
        caller = desk.caller()
        caller.rings()
        caller.says(said)
    else:
        desk.friend().writes(said)
    with desk.database.reading() as session:
        kept = "\n".join(f"{turn.text}{turn.answered}{turn.reply}" for turn in session.scalars(select(TurnRecord)))
    assert MASK in kept
    assert not any(secret in kept for secret in ("5 5 5 5", "いちにさんよん", "さくら2024"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "暗証番号は",
        "いちにの",
        "1 ",
        "パスワード",
        "にいにい",
        "a@",
        "あ",
        "しいしち",
        "1234が暗証番号",
        "0123-",
        "ー",
        "は",
        "パスワードはさくら",
        "えーと",
        "pin",
        "a.",
        "カード",
        "a" * 7 + "@",
    ],
)
def test_masking_takes_four_times_as_long_for_four_times_the_text(unit):
    took = []
    for length in (20_000, 80_000):
        text = (unit * length)[:length]
        start = time.perf_counter()
        mask(text)
        took.append(time.perf_counter() - start)
    assert took[0] < 0.5 and took[1] < max(10 * took[0], 0.1)
