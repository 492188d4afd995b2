"""Ten thousand odd webhooks on both channels: no traceback, none lost, none doubled.

What they are made of is in ``LINE`` and ``VOICE``.
"""

import json
import logging
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.web import create_web
from helpdesk.booking.tables import SEATED, Booking
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.programme.tables import Slot
from helpdesk.talks.tables import Conversation, TurnRecord
from tests import odd

SEED = 10_000
LINE = {
    "odd words": 1300, "forged": 500, "doubled": 400, "reordered": 400, "truncated": 350, "wrong types": 650,
    "unknown events": 250, "other messages": 250, "postbacks": 300, "missing fields": 200, "fields twice": 120,
    "unknown fields": 120, "several events": 100, "encodings": 100, "at once": 120, "huge": 40,
}  # fmt: skip
VOICE = {
    "odd words": 1400, "odd keys": 800, "odd numbers": 500, "forged": 500, "doubled": 300, "late": 250,
    "missing fields": 200, "fields twice": 150, "unknown fields": 150, "odd calls": 150, "confidences": 150,
    "dialled": 80, "status": 60, "fallback": 60, "at once": 100,
}  # fmt: skip
"""The last word of each: how many requests. "doubled" and "at once" count each delivery."""
FRIENDS, CALLS = 60, 60
FINE, REFUSED = (200, 204), (400, 403, 404, 405, 413)


class Floods:
    """Sends, and keeps what must be in the history: for each talk the turns that were accepted."""

    def __init__(self, desk: Any) -> None:
        self.desk, self.dice, self.sent = desk, random.Random(SEED), 0
        self.answers: Counter[int] = Counter()
        self.expected: Counter[str] = Counter()
        self.newest: dict[str, int] = {}
        self.friends = [desk.friend(number + 1) for number in range(FRIENDS)]
        self.callers = [desk.caller(self.dice.choice(odd.CALLERS)) for _ in range(CALLS)]
        self.validator = RequestValidator(desk.service.settings.voice_signing_token())

    def count(self, response: Any) -> bool:
        self.sent += 1
        self.answers[response.status_code] += 1
        return response.status_code in FINE

    # LINE

    def text(self, friend: Any, words: str | None = None) -> dict[str, Any]:
        message = {
            "id": str(self.dice.randrange(10**9)),
            "type": "text",
            "text": odd.words(self.dice) if words is None else words,
            "quoteToken": "q",
        }
        return friend.event("message", message=message)

    def deliver(self, friend: Any, *events: Any, new: int | None = None, **more: Any) -> None:
        if self.count(friend.deliver(*events, **more)):
            self.expected[friend.user] += len(events) if new is None else new

    def line(self, kind: str) -> None:
        dice, friend = self.dice, self.dice.choice(self.friends)
        event = self.text(friend)
        raw = json.dumps({"destination": "U" + "0" * 32, "events": [event]}, ensure_ascii=dice.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
        if kind == "odd words":
            self.deliver(friend, event)
        elif kind == "forged":
            self.refused(
                friend.deliver(
                    event, signature=dice.choice(["", "forged", "A" * 5000, "=" * 44, "\xe3\x81\x82", "null"])
                )
            )
        elif kind == "truncated":
            self.refused(friend.deliver(body=raw[: dice.randrange(len(raw))]))
        elif kind == "wrong types":
            made = odd.spoiled(
                dice,
                event
                if dice.random() < 0.7
                else friend.event("postback", postback={"data": dice.choice(odd.POSTBACKS)}),
            )
            self.deliver(friend, made, new=0 if made.get("mode") == "standby" else 1)
        elif kind == "unknown events":
            self.deliver(friend, friend.event(dice.choice(odd.EVENTS)))
        elif kind == "other messages":
            self.deliver(
                friend,
                friend.event(
                    "message", message={"id": "1", "type": dice.choice(odd.MESSAGES), "text": dice.choice(odd.WRONG)}
                ),
            )
        elif kind == "postbacks":
            self.deliver(friend, friend.event("postback", postback={"data": dice.choice(odd.POSTBACKS)}))
        elif kind == "missing fields":
            self.deliver(friend, odd.lessened(dice, event))
        elif kind == "fields twice":
            twice = raw.replace(b'"type": "message"', b'"type": "follow", "type": "message"').replace(
                b'"mode":', b'"mode": 5, "mode":'
            )
            self.deliver(friend, body=twice, new=1)
        elif kind == "unknown fields":
            self.deliver(
                friend,
                {
                    **event,
                    "constructor": {"prototype": 1},
                    odd.words(dice): dice.choice(odd.WRONG),
                    "source": {**event["source"], "x": []},
                },
            )
        elif kind == "encodings":
            coded = raw.decode("utf-8", "replace").encode(dice.choice(odd.ENCODINGS), "replace")
            self.judged_by_itself(friend, coded)
        elif kind == "huge":
            self.huge(friend, event)
        else:
            raise AssertionError(kind)

    def judged_by_itself(self, friend: Any, body: bytes) -> None:
        """JSON in another encoding is read or refused; read, it is a turn unless the sender's id was harmed."""
        before = self.turns_of(friend.user)
        fine = self.count(friend.deliver(body=body))
        more = self.turns_of(friend.user) - before
        assert more in ((0, 1) if fine else (0,))
        self.expected[friend.user] += more

    def huge(self, friend: Any, event: dict[str, Any]) -> None:
        which = self.dice.randrange(3)
        if which == 0:
            self.refused(friend.deliver(body=b'{"events":[' + b" " * 2_200_000 + b"]}"))
        elif which == 1:
            self.refused(friend.deliver(body=b"[" * 100_000))
        else:
            self.deliver(friend, {**event, "padding": "x" * 500_000, "deep": json.loads("[" * 400 + "]" * 400)})

    def refused(self, response: Any) -> None:
        self.count(response)
        assert response.status_code in REFUSED, response.status_code

    def several(self, size: int) -> None:
        one, other = self.dice.sample(self.friends, 2)
        events = [
            self.text(one),
            5,
            None,
            {},
            self.text(other),
            {"type": "message"},
            *[self.text(one) for _ in range(size)],
        ]
        if self.count(one.deliver(*events)):
            self.expected[one.user] += 1 + size
            self.expected[other.user] += 1

    def doubled(self) -> None:
        friend = self.dice.choice(self.friends)
        event = self.text(friend)
        self.deliver(friend, event)
        self.deliver(friend, {**event, "deliveryContext": {"isRedelivery": True}}, new=0)

    def reordered(self, how_many: int) -> None:
        made = [(friend, self.text(friend)) for friend in self.dice.choices(self.friends, k=how_many)]
        self.dice.shuffle(made)
        for friend, event in made:
            self.deliver(friend, event)

    # telephone

    def post(
        self,
        caller: Any,
        path: str,
        signature: str | None = None,
        leave_out: tuple[str, ...] = (),
        more: Any = (),
        **params: str,
    ) -> Any:
        form = {
            "CallSid": caller.call,
            "AccountSid": "AC" + "1" * 32,
            "From": caller.number,
            "To": "+81355550000",
            "CallStatus": "in-progress",
            **params,
        }
        pairs = [(name, value) for name, value in form.items() if name not in leave_out] + list(more)
        made = (
            self.validator.compute_signature(self.desk.service.settings.public_url + path, MultiDict(pairs))
            if signature is None
            else signature
        )
        body = urlencode(pairs, errors="surrogatepass")
        return self.desk.web.post(
            path, data=body, content_type="application/x-www-form-urlencoded", headers={"X-Twilio-Signature": made}
        )

    def turn(self, caller: Any, n: str | None = None, late: bool = False, **more: Any) -> None:
        """A turn of a call: in its place, or with a number that nobody gave (then it is the next)."""
        newest = self.newest.setdefault(caller.call, 0)
        number = str(newest + 1) if n is None else n
        if self.count(self.post(caller, f"/voice/turn?n={number}", **more)) and not late:
            self.newest[caller.call] = newest + 1
            self.expected[caller.call] += 1

    def voice(self, kind: str) -> None:
        dice, caller = self.dice, self.dice.choice(self.callers)
        said = {"SpeechResult": odd.words(dice).encode("utf-8", "ignore").decode(), "Confidence": "0.9"}
        if kind == "odd words":
            self.turn(caller, **said)
        elif kind == "odd keys":
            self.turn(caller, Digits=dice.choice(odd.KEYS))
        elif kind == "odd numbers":
            self.turn(
                caller,
                n=dice.choice(odd.NUMBERS),
                **(said if dice.random() < 0.5 else {"Digits": dice.choice(odd.KEYS)}),
            )
        elif kind == "forged":
            path = dice.choice(
                [
                    "/voice/incoming",
                    "/voice/turn?n=1",
                    "/voice/dialled?n=1",
                    "/voice/status",
                    "/voice/fallback",
                    "/voice/whisper?call=CA1",
                ]
            )
            self.refused(
                self.post(caller, path, signature=dice.choice(["", "forged", "A" * 5000, "\xe3\x81\x82"]), **said)
            )
        elif kind == "late":
            newest = self.newest.get(caller.call, 0)
            self.turn(caller, n=str(dice.randint(1, newest)), late=True, **said) if newest else self.turn(
                caller, **said
            )
        elif kind == "missing fields":
            self.turn(
                caller,
                leave_out=tuple(dice.sample(["From", "To", "AccountSid", "CallStatus"], dice.randint(1, 4))),
                **said,
            )
        elif kind == "fields twice":
            self.turn(
                caller,
                more=[("SpeechResult", odd.words(dice)), ("Digits", "²"), ("From", "x"), ("CallSid", "CA" + "9" * 32)],
                **said,
            )
        elif kind == "unknown fields":
            self.turn(
                caller,
                more=[(odd.words(dice), odd.words(dice)), ("StirVerstat", "²"), ("__proto__", "1"), ("Digits[]", "1")],
                **said,
            )
        elif kind == "odd calls":
            call = dice.choice(["", "C" * 65, "CA\0", "CA/../x", "あ", "²", "CA 1", "CA\n", "*", "9" * 300])
            self.refused(self.post(caller, "/voice/turn?n=1", CallSid=call, **said))
        elif kind == "confidences":
            self.turn(caller, **{**said, "Confidence": dice.choice(odd.CONFIDENCES)})
        elif kind in ("dialled", "status", "fallback"):
            self.around(caller, kind)
        else:
            raise AssertionError(kind)

    def around(self, caller: Any, kind: str) -> None:
        dice, newest = self.dice, self.newest.setdefault(caller.call, 0)
        if kind == "dialled":
            outcome = dice.choice(["completed", "busy", "no-answer", "²", "", "x" * 5000])
            if self.count(self.post(caller, f"/voice/dialled?n={newest + 1}", DialCallStatus=outcome)):
                self.newest[caller.call], self.expected[caller.call] = newest + 1, self.expected[caller.call] + 1
        elif kind == "status":
            known = self.expected[caller.call] > 0
            ended = dice.choice(["completed", "busy", "ringing", "²", ""])
            new = f"{caller.call}:left" not in self.newest and ended in ("completed", "busy") and known
            if self.count(self.post(caller, "/voice/status", CallStatus=ended)) and new:
                self.newest[f"{caller.call}:left"], self.expected[caller.call] = 1, self.expected[caller.call] + 1
        else:
            error = odd.words(dice)
            new = f"{caller.call}:{error}" not in self.newest
            if (
                self.count(
                    self.post(
                        caller, "/voice/fallback", ErrorUrl=error.encode("utf-8", "ignore").decode(), ErrorCode="²"
                    )
                )
                and new
            ):
                self.newest[f"{caller.call}:{error}"], self.expected[caller.call] = 1, self.expected[caller.call] + 1

    def doubled_turn(self) -> None:
        caller = self.dice.choice(self.callers)
        number, said = (
            str(self.newest.get(caller.call, 0) + 1),
            {"SpeechResult": odd.words(self.dice), "Confidence": "0.9"},
        )
        self.turn(caller, **said)
        self.turn(caller, n=number, late=True, **said)

    # at once

    def at_once(self, threads: ThreadPoolExecutor, channel: str) -> None:
        """The same delivery from four sides in one moment."""
        if channel == "line":
            friend = self.dice.choice(self.friends)
            event = self.text(friend)
            found = list(threads.map(lambda _: friend.deliver(event), range(4)))
            self.expected[friend.user] += 1
        else:
            caller = self.dice.choice(self.callers)
            number, said = self.newest.get(caller.call, 0) + 1, odd.words(self.dice)
            found = list(
                threads.map(lambda _: self.post(caller, f"/voice/turn?n={number}", SpeechResult=said), range(4))
            )
            self.newest[caller.call] = number
            self.expected[caller.call] += 1
        assert all(self.count(response) for response in found)

    def turns_of(self, talk: str) -> int:
        with self.desk.database.reading() as session:
            return (
                session.scalar(
                    select(func.count(TurnRecord.id))
                    .join(Conversation, Conversation.id == TurnRecord.conversation_id)
                    .where(Conversation.key == talk)
                )
                or 0
            )


def steps(floods: Floods, threads: ThreadPoolExecutor) -> list[Any]:
    """Everything to send, in a seeded order."""
    made: list[Any] = []
    for kind, times in LINE.items():
        if kind == "doubled":
            made += [floods.doubled] * (times // 2)
        elif kind == "reordered":
            made += [lambda: floods.reordered(8)] * (times // 8)
        elif kind == "several events":
            made += [lambda: floods.several(3)] * times
        elif kind == "at once":
            made += [lambda: floods.at_once(threads, "line")] * (times // 4)
        else:
            made += [lambda kind=kind: floods.line(kind)] * times
    for kind, times in VOICE.items():
        if kind == "doubled":
            made += [floods.doubled_turn] * (times // 2)
        elif kind == "at once":
            made += [lambda: floods.at_once(threads, "voice")] * (times // 4)
        else:
            made += [lambda kind=kind: floods.voice(kind)] * times
    floods.dice.shuffle(made)
    return made


@pytest.fixture
def floods(programme, monkeypatch):
    # Each test client keeps cookies: one for each request is what the providers are.
    app = create_web(programme.service, deliver=programme.service.delivering.deliver)
    programme.web = type(
        "Fresh", (), {"post": staticmethod(lambda *args, **more: app.test_client().post(*args, **more))}
    )()
    return Floods(programme)


@pytest.mark.parametrize("number", ["9" * 40, str(2**63), "²", "①"])
@pytest.mark.parametrize("button", ["a=offer:{}&c=yes", "a=booking.pick&c=s:{}", "c=w:{}"])
def test_a_number_in_a_button_that_no_record_can_have_is_answered(floods, caplog, button, number):
    friend = floods.friends[0]
    floods.deliver(friend, friend.event("postback", postback={"data": button.format(number)}))
    assert not [record for record in caplog.records if record.exc_info] and floods.turns_of(friend.user) == 1


@pytest.mark.slow
def test_ten_thousand_odd_webhooks_leave_no_traceback_none_lost_none_doubled(floods, caplog):
    assert sum(LINE.values()) + sum(VOICE.values()) >= 10_000
    caplog.set_level(logging.WARNING)
    started = time.monotonic()
    for friend in floods.friends:
        floods.deliver(friend, friend.event("follow"))
    for caller in floods.callers:
        if floods.count(floods.post(caller, "/voice/incoming")):
            floods.expected[caller.call] += 1
    with ThreadPoolExecutor(4) as threads:
        for step in steps(floods, threads):
            step()
    sys.stdout.write(
        f"\nseed {SEED}: {floods.sent} requests in {time.monotonic() - started:.0f} s, "
        f"answered {dict(floods.answers)}, {sum(floods.expected.values())} turns\n"
    )

    failed = Counter(
        (record.exc_text or record.getMessage()).strip().splitlines()[-1]
        for record in caplog.records
        if record.levelno >= logging.ERROR or record.exc_info
    )
    assert not failed, failed
    assert floods.sent >= 10_000 and set(floods.answers) <= {*FINE, *REFUSED}
    with floods.desk.database.reading() as session:
        kept = Counter(
            dict(
                session.execute(
                    select(Conversation.key, func.count(TurnRecord.id))
                    .join(TurnRecord, TurnRecord.conversation_id == Conversation.id)
                    .group_by(Conversation.key)
                ).all()
            )
        )
        rows = list(session.scalars(select(OutboxMessage)))
        held = Counter(session.scalars(select(Booking.slot_id).where(Booking.state.in_(SEATED))))
        taken = {slot.id: slot.taken for slot in session.scalars(select(Slot))}
    assert {talk: (kept[talk], number) for talk, number in floods.expected.items() if kept[talk] != number} == {}, (
        "(kept, accepted)"
    )
    assert set(kept) <= set(floods.expected)
    assert taken == {slot: held[slot] for slot in taken}
    replies = [row for row in rows if row.kind != "sms"]
    assert len(floods.desk.line.sent) == sum(row.sent_at is not None for row in replies), "each answer left once"
