"""What staff do about call-backs: wishes that joined one, and SMS to numbers that were only told."""

import re

import pytest
from sqlalchemy import select

from helpdesk.outbox.tables import ShortMessage
from helpdesk.talks.tables import Conversation
from scheduler import jobs
from tests.conftest import CLOSED
from tests.staff_desk import Browser, open_desk
from tests.test_admin import page, token


@pytest.fixture
def staff(desk):
    """A browser of somebody who signed in when nobody answers the telephone any more."""
    desk.watch.now = CLOSED
    browser = Browser(open_desk(desk))
    browser.signs_in("田中")
    return browser.http


def asks(desk, number, *answers):
    caller = desk.caller(number)
    caller.rings()
    caller.says("折り返し電話をください")
    for answer in answers:
        caller.plays(answer)


def test_staff_release_an_sms_to_a_number_that_was_only_told_with_one_button(desk, staff):
    desk.watch.now = CLOSED
    asks(desk, "anonymous", "#08011112222", "#1", "#5")
    jobs.send_due(desk.service)
    assert desk.sms.sent == []
    shown = staff.get("/callbacks")
    words = shown.get_data(as_text=True)
    assert "確かめていません" in words and "080-****-2222" in words
    button = re.search(r'action="(/callbacks/texts/\d+)"', words).group(1)
    for _ in range(2):
        staff.post(button, data={"csrf_token": token(shown)})
        jobs.send_due(desk.service)
    assert [number for number, _ in desk.sms.sent] == ["+818011112222"] and "お電話します" in desk.sms.sent[0][1]
    assert "確かめていません" not in page(staff, "/callbacks")
    assert staff.post("/callbacks/texts/999", data={"csrf_token": token(shown)}).status_code == 302
    assert len(desk.sms.sent) == 1


def test_staff_see_the_wishes_that_joined_a_call_back(desk, staff):
    desk.watch.now = CLOSED
    for _ in range(3):
        asks(desk, "+81312345678", "#1", "#5")
    asks(desk, "+81312345678", "いえ、09011112222にお願いします", "はい", "#3")
    words = page(staff, "/callbacks")
    assert words.count("<section") == 3 and words.count("ほかのご希望") == 1
    assert "090-****-2222" in words
    assert "折り返し 11/25(水)" in page(staff, "/inquiries/4")


def test_an_sms_that_was_left_out_is_told_to_staff(desk, staff):
    desk.watch.now = CLOSED
    note = "SMSは、上限に達したため送っていません"
    asks(desk, "+819012345678", "#1", "#5")
    with desk.database.transaction() as session:
        talk = session.scalars(select(Conversation.id)).first()
        for number in range(5):
            session.add(
                ShortMessage(
                    key=f"before:{number}",
                    number="+819012345678",
                    conversation_id=talk,
                    body="",
                    state="sent",
                    created_at=CLOSED,
                )
            )
    asks(desk, "+819012345678", "#1", "#5")
    jobs.send_due(desk.service)
    assert len(desk.sms.sent) == 1
    assert note not in page(staff, "/inquiries/1") and note in page(staff, "/inquiries/2")
