"""What leaves the outbox when a process dies while it sends, or a provider does not say how it went."""

from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from werkzeug import Response

from bot.gateways.line import LineApi
from bot.gateways.protocols import Refused, Sent, Unknown
from bot.gateways.twilio import TwilioSms
from bot.sending import Delivering
from flows.script.moment import Deployment
from helpdesk.outbox import messages as outbox
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.store.database import Database
from tests.conftest import OPEN, Watch
from tests.fakes import FakeLine, FakeSms
from tests.test_admin import staff, token  # noqa: F401  (a fixture)
from tests.wards import CHIYODA

TEXT = {"messages": [{"type": "text", "text": "こんにちは"}]}
MOBILE, FRIEND = "+819012345678", "U" + "1" * 32


class Killed(BaseException):
    """The process dies here, as kill -9 does: nothing after it runs."""


class DiesAfter:
    """A way out whose process is killed once, after the message was handed over (or before)."""

    def __init__(self, inner, sent: bool) -> None:
        self.inner, self.sent, self.alive = inner, sent, False

    def _die(self, send):
        if self.alive:
            return send()
        self.alive = True
        if self.sent:
            send()
        raise Killed

    def send(self, to, body):
        return self._die(lambda: self.inner.send(to, body))

    def reply(self, token, messages):
        return self._die(lambda: self.inner.reply(token, messages))

    def push(self, to, messages, retry_key):
        return self._die(lambda: self.inner.push(to, messages, retry_key))


@pytest.fixture
def watch():
    return Watch()


def delivering(database, watch, line=None, sms=None):
    return Delivering(database, watch, line or FakeLine(), sms or FakeSms(), Deployment(CHIYODA))


def put(database, kind="sms", recipient=MOBILE, now=OPEN, **more):
    payload = {"body": "こんにちは"} if kind == "sms" else TEXT
    with database.transaction() as session:
        outbox.put(session, now, "k", kind, recipient, payload, **more)


def row(database) -> OutboxMessage:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage)).one()


def later(sender, watch, **more) -> None:
    """Time passes and the scheduler looks several times."""
    for _ in range(3):
        watch.forward(**(more or {"minutes": 3}))
        sender.deliver_due()


@pytest.mark.parametrize("sent", [True, False])
def test_an_sms_whose_process_died_is_never_sent_again_and_ends_as_unknown(any_database: Database, watch, sent):
    put(any_database)
    sms = FakeSms()
    sender = delivering(any_database, watch, sms=DiesAfter(sms, sent))
    with pytest.raises(Killed):
        sender.deliver("k")
    later(sender, watch)
    assert len(sms.sent) == sent
    kept = row(any_database)
    assert kept.unknown_at is not None and kept.sent_at is None and kept.claimed_at is None and kept.last_error


@pytest.mark.parametrize("sent", [True, False])
def test_a_push_whose_process_died_is_repeated_under_its_key(any_database: Database, watch, sent):
    put(any_database, "line_push", FRIEND)
    line = FakeLine()
    sender = delivering(any_database, watch, line=DiesAfter(line, sent))
    with pytest.raises(Killed):
        sender.deliver("k")
    later(sender, watch)
    assert len(line.sent) == 1 and row(any_database).sent_at is not None and row(any_database).unknown_at is None


@pytest.mark.parametrize("sent", [True, False])
def test_a_reply_whose_process_died_is_repeated_with_its_token_and_never_pushed_beside_it(
    any_database: Database, watch, sent
):
    put(any_database, "line_reply", FRIEND, reply_token="t" * 32)
    line = FakeLine()
    sender = delivering(any_database, watch, line=DiesAfter(line, sent))
    with pytest.raises(Killed):
        sender.deliver("k")
    later(sender, watch, seconds=15)
    assert [kind for kind, _, _ in line.sent] == ["reply"]
    assert row(any_database).sent_at is not None, "the token was refused because it had been used"


def test_a_reply_that_is_found_after_its_token_died_is_unknown_when_the_token_is_refused(any_database: Database, watch):
    put(any_database, "line_reply", FRIEND, reply_token="t" * 32)
    line = FakeLine()
    sender = delivering(any_database, watch, line=DiesAfter(line, True))
    with pytest.raises(Killed):
        sender.deliver("k")
    later(sender, watch, minutes=10)
    assert len(line.sent) == 1 and row(any_database).unknown_at is not None and row(any_database).sent_at is None


def test_a_slow_sender_that_comes_back_after_its_claim_was_called_unknown_tells_what_is_known(
    any_database: Database, watch
):
    put(any_database)
    with any_database.transaction() as session:
        claimed = outbox.claim(session, "k", watch())
    watch.forward(minutes=5)
    delivering(any_database, watch).deliver_due()
    assert row(any_database).unknown_at is not None
    with any_database.transaction() as session:
        outbox.settle(session, claimed.id, watch())
    assert (
        row(any_database).sent_at is not None
        and row(any_database).unknown_at is None
        and row(any_database).given_up_at is None
    )


def test_an_sms_with_an_unknown_result_is_unknown_at_once(any_database: Database, watch):
    put(any_database)
    sms = FakeSms(failures=[Unknown("ReadTimeout")])
    sender = delivering(any_database, watch, sms=sms)
    assert not sender.deliver("k")
    later(sender, watch)
    assert sms.sent == [] and row(any_database).unknown_at is not None and row(any_database).last_error == "ReadTimeout"


def test_a_reply_with_an_unknown_result_is_repeated_with_the_same_token(any_database: Database, watch):
    put(any_database, "line_reply", FRIEND, reply_token="t" * 32)
    line = FakeLine(failures=[Unknown("LINE 500")])
    sender = delivering(any_database, watch, line=line)
    assert not sender.deliver("k")
    later(sender, watch, seconds=12)
    assert [kind for kind, _, _ in line.sent] == ["reply"] and row(any_database).sent_at is not None


@pytest.mark.parametrize(("kind", "recipient"), [("sms", MOBILE), ("line_push", FRIEND)])
def test_a_clock_that_goes_back_does_not_freeze_what_waits(any_database: Database, watch, kind, recipient):
    """Written, claimed or put off at 11:00; then it is 10:00."""
    put(any_database, kind, recipient)
    watch.forward(hours=-1)
    line, sms = FakeLine(), FakeSms()
    sender = delivering(any_database, watch, line=line, sms=sms)
    sender.clock_went_back()
    watch.forward(seconds=30)
    sender.deliver_due()
    assert len(line.sent) + len(sms.sent) == 1


def test_a_claim_from_before_the_clock_went_back_is_left_behind_too(any_database: Database, watch):
    for kind, recipient in (("line_push", FRIEND), ("sms", MOBILE)):
        with any_database.transaction() as session:
            outbox.put(session, OPEN, kind, kind, recipient, TEXT | {"body": "こんにちは"})
            assert outbox.claim(session, kind, watch())
    watch.forward(hours=-1)
    line, sms = FakeLine(), FakeSms()
    sender = delivering(any_database, watch, line=line, sms=sms)
    sender.clock_went_back()
    later(sender, watch, minutes=1)
    assert len(line.sent) == 1 and sms.sent == []
    with any_database.reading() as session:
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "sms")).one().unknown_at is not None


def test_what_was_put_off_is_tried_again_when_the_clock_went_back(any_database: Database, watch):
    put(any_database, "line_push", FRIEND)
    watch.forward(minutes=59)
    line = FakeLine(failures=[Refused("LINE 500", again=True)])
    sender = delivering(any_database, watch, line=line)
    sender.deliver("k")
    watch.forward(hours=-1)
    sender.clock_went_back()
    watch.forward(seconds=10)
    assert sender.deliver_due() == 1


def test_what_is_planned_for_another_day_waits_for_it_when_the_clock_goes_back(any_database: Database, watch):
    put(any_database, not_before=OPEN + timedelta(days=1))
    watch.forward(hours=-1)
    sms = FakeSms()
    sender = delivering(any_database, watch, sms=sms)
    sender.clock_went_back()
    watch.forward(minutes=5)
    assert sender.deliver_due() == 0
    watch.forward(days=1, hours=1)
    assert sender.deliver_due() == 1


def twilio(server: HTTPServer) -> TwilioSms:
    return TwilioSms("AC1", "token", "+81300000000", server.url_for("").rstrip("/"))


def slow(_request):
    import time

    time.sleep(1.5)
    return Response("{}", status=201)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (lambda _: Response('{"code": 21211, "message": "x", "status": 400}', status=400), Refused),
        (lambda _: Response('{"code": 20429, "message": "x", "status": 429}', status=429), Refused),
        (lambda _: Response("<html>Bad Gateway</html>", status=502), Unknown),
        (lambda _: Response('{"code": 20500, "message": "x", "status": 500}', status=500), Unknown),
        (lambda _: Response("<html>welcome</html>", status=201), Unknown),
        (slow, Unknown),
    ],
)
def test_what_twilio_says_decides_whether_an_sms_is_known_to_be_sent(
    httpserver: HTTPServer, monkeypatch, answer, outcome
):
    monkeypatch.setattr("bot.gateways.twilio.TIMEOUT", 0.5)
    httpserver.expect_request("/2010-04-01/Accounts/AC1/Messages.json").respond_with_handler(answer)
    found = twilio(httpserver).send(MOBILE, "こんにちは")
    assert isinstance(found, outcome)
    if isinstance(found, Refused):
        assert found.again is ("429" in found.reason)


def test_an_sms_that_never_reached_twilio_is_tried_again():
    found = TwilioSms("AC1", "token", "+81300000000", "http://127.0.0.1:9").send(MOBILE, "x")
    assert isinstance(found, Refused) and found.again


def test_a_reply_with_an_error_of_lines_own_is_unknown_and_a_push_is_tried_again(httpserver: HTTPServer):
    base = httpserver.url_for("").rstrip("/")
    for path in ("reply", "push"):
        httpserver.expect_request(f"/v2/bot/message/{path}").respond_with_json({"message": "x"}, status=500)
    line = LineApi("token", base, base)
    assert isinstance(line.reply("t" * 32, TEXT["messages"]), Unknown)
    pushed = line.push(FRIEND, TEXT["messages"], "6a3e2f60-0000-4000-8000-000000000000")
    assert isinstance(pushed, Refused) and pushed.again
    gone = LineApi("token", "http://127.0.0.1:9", base).reply("t" * 32, TEXT["messages"])
    assert isinstance(gone, Refused) and gone.again, "it never arrived: the token still holds"


def test_a_token_that_was_used_is_told_from_other_refusals(httpserver: HTTPServer):
    base = httpserver.url_for("").rstrip("/")
    httpserver.expect_ordered_request("/v2/bot/message/reply").respond_with_json(
        {"message": "Invalid reply token"}, status=400
    )
    httpserver.expect_ordered_request("/v2/bot/message/reply").respond_with_json(
        {"message": "The request body has 1 error(s)"}, status=400
    )
    line = LineApi("token", base, base)
    found = [line.reply("t" * 32, TEXT["messages"]) for _ in range(2)]
    assert [isinstance(one, Refused) and one.stale_token for one in found] == [True, False]


def test_staff_see_what_nobody_knows_and_close_it(desk, staff):  # noqa: F811
    caller = desk.caller(MOBILE)
    caller.rings()
    with desk.database.transaction() as session:
        outbox.put(session, OPEN, "k", "sms", MOBILE, {"body": "12月1日の講習会のご予約です。"})
    desk.sms.failures = [Unknown("ReadTimeout")]
    desk.service.delivering.deliver_due()

    shown = staff.get("/callbacks").get_data(as_text=True)
    assert (
        "送れたか分からない知らせ" in shown
        and "090-****-5678" in shown
        and "12月1日の講習会" in shown
        and MOBILE not in shown
    )
    assert "11/24(火) 11:00" in shown
    number = row(desk.database).id
    pressed = staff.post(f"/callbacks/unknown/{number}", data={"csrf_token": token(staff.get("/callbacks"))})
    assert pressed.status_code == 302
    assert "12月1日の講習会" not in staff.get("/callbacks").get_data(as_text=True)
    assert row(desk.database).seen_by == "田中" and row(desk.database).unknown_at is not None
    assert isinstance(desk.sms.send(MOBILE, "x"), Sent)
