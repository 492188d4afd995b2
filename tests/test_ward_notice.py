"""The ward's notice of today, on both channels."""


def test_by_telephone(desk):
    caller = desk.caller()
    caller.rings()
    assert "急ぎのお知らせは、ありません" in caller.says("区からのお知らせはありますか").said
    assert "ほかに" in caller.says("いいえ").said


def test_on_line(desk):
    friend = desk.friend()
    friend.writes("今日のお知らせを教えて")
    assert "急ぎのお知らせはありません" in friend.shown
    friend.taps("はい、話します")
    assert "ご案内" in friend.shown or "電話" in friend.shown
