"""The store, on SQLite and on PostgreSQL: what must hold when several processes work at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from flows.converse import converse
from flows.script.moment import Deployment
from flows.script.turns import Turn
from helpdesk import forgetting
from helpdesk.casebook import Casebook
from helpdesk.health.heartbeat import beat
from helpdesk.health.tables import Heartbeat
from helpdesk.outbox.messages import claim, due, put, settle
from helpdesk.outbox.tables import OutboxMessage
from helpdesk.people.residents import resident_at
from helpdesk.people.tables import Address, Resident
from helpdesk.search import for_staff as talks_door
from helpdesk.staff import accounts, audit
from helpdesk.staff.tables import Reading, StaffMember
from helpdesk.tables import Table
from helpdesk.talks.conversations import locked_conversation
from helpdesk.talks.tables import Inquiry, TurnRecord
from nlu.understanding import NOTHING, Understanding
from tests.conftest import OPEN
from tests.wards import CHIYODA

SOUND = Understanding("trouble_sound", 0.9, "embedded", (("trouble_sound", 0.9),))
TOGETHER = 8


def at_once(work, times=TOGETHER):
    """Run ``work`` in several threads that start together; their results."""
    gate = threading.Barrier(times)

    def one(number):
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_same_turn_from_eight_sides_is_answered_the_same_and_acts_once(any_database):
    turn = Turn("call:1", "voice", "CA1", "+81312345678", "said", "音が出ない", 1)
    replies = at_once(lambda _: converse(any_database, lambda: OPEN, Deployment(CHIYODA), turn, SOUND))
    assert len(set(replies)) == 1 and "申し訳" not in replies[0].ear[0]
    assert (count(any_database, TurnRecord), count(any_database, Inquiry), count(any_database, Resident)) == (1, 1, 1)


def test_without_the_lock_the_same_turn_would_collide(any_database, monkeypatch):
    """The twin of the test above: the guard taken away, the unique key alone turns doubles into errors."""

    def unlocked(session, channel, key, resident, now):
        session.commit()
        found = locked_conversation(session, channel, key, resident, now)
        session.commit()
        time.sleep(0.2)
        return found

    monkeypatch.setattr("helpdesk.casebook.locked_conversation", unlocked)
    turn = Turn("call:1", "voice", "CA1", "+81312345678", "said", "音が出ない", 1)
    replies = at_once(lambda _: converse(any_database, lambda: OPEN, Deployment(CHIYODA), turn, SOUND))
    assert any("申し訳" in reply.ear[0] for reply in replies)


def test_two_first_turns_make_one_resident(any_database):
    def meet(_):
        with any_database.transaction() as session:
            return resident_at(session, "line", "U1", OPEN).id

    assert len(set(at_once(meet))) == 1
    assert count(any_database, Resident) == 1 and count(any_database, Address) == 1


def test_a_message_is_claimed_by_one_sender(any_database):
    with any_database.transaction() as session:
        assert put(session, OPEN, "k", "line_push", "U1", {}) and not put(session, OPEN, "k", "line_push", "U1", {})

    def take(_):
        with any_database.transaction() as session:
            return claim(session, "k", OPEN) is not None

    assert sum(at_once(take)) == 1


def test_without_the_guarded_claim_it_would_go_out_several_times(any_database):
    """The twin: look, then take."""
    with any_database.transaction() as session:
        put(session, OPEN, "k", "line_push", "U1", {})

    def take(_):
        with any_database.reading() as session:
            free = session.scalars(select(OutboxMessage).where(OutboxMessage.key == "k")).one().claimed_at is None
        time.sleep(0.1)
        with any_database.transaction() as session:
            session.execute(update(OutboxMessage).values(claimed_at=OPEN))
        return free

    assert sum(at_once(take)) > 1


def test_a_claim_that_a_dead_process_left_is_taken_again(any_database):
    with any_database.transaction() as session:
        put(session, OPEN, "k", "line_push", "U1", {})
    with any_database.transaction() as session:
        assert claim(session, "k", OPEN)
    with any_database.transaction() as session:
        assert claim(session, "k", OPEN + timedelta(minutes=1)) is None
        assert due(session, OPEN + timedelta(minutes=3), OPEN, True) == ["k"]
        taken = claim(session, "k", OPEN + timedelta(minutes=3))
        assert taken is not None and taken.attempts == 2
        settle(session, taken.id, OPEN)
    with any_database.transaction() as session:
        assert claim(session, "k", OPEN + timedelta(hours=1)) is None


def test_a_process_that_dies_inside_a_turn_leaves_nothing_half_done(any_database):
    class Killed(BaseException):
        pass

    def die(case, reply):
        raise Killed

    turn = Turn("call:1", "voice", "CA1", "+81312345678", "said", "音が出ない", 1)
    with pytest.raises(Killed):
        converse(any_database, lambda: OPEN, Deployment(CHIYODA), turn, SOUND, die)
    assert (count(any_database, TurnRecord), count(any_database, Inquiry)) == (0, 0)
    assert "音" in converse(any_database, lambda: OPEN, Deployment(CHIYODA), turn, SOUND).ear[0]


def test_the_table_itself_allows_one_open_inquiry_a_talk(any_database):
    with any_database.transaction() as session:
        conversation = locked_conversation(session, "voice", "CA1", None, OPEN)
        Casebook(session, conversation, None, "voice", None, OPEN).open("trouble_sound")
    with pytest.raises(IntegrityError), any_database.transaction() as session:
        session.add(
            Inquiry(conversation_id=conversation.id, channel="voice", opened_at=OPEN, last_at=OPEN, outcome="open")
        )


def test_an_unknown_outcome_is_refused(any_database):
    with pytest.raises(IntegrityError), any_database.transaction() as session:
        conversation = locked_conversation(session, "voice", "CA1", None, OPEN)
        session.add(
            Inquiry(conversation_id=conversation.id, channel="voice", opened_at=OPEN, last_at=OPEN, outcome="nonsense")
        )


def test_times_come_back_as_they_were_in_tokyo(any_database):
    with any_database.transaction() as session:
        beat(session, "x", OPEN)
        beat(session, "x", OPEN + timedelta(seconds=1))
    with any_database.reading() as session:
        kept = session.scalars(select(Heartbeat)).one().at
    assert kept == OPEN + timedelta(seconds=1) and kept.utcoffset() == timedelta(hours=9)


def test_every_reading_of_a_history_is_logged_and_search_finds_words_and_numbers(any_database):
    converse(
        any_database,
        lambda: OPEN,
        Deployment(CHIYODA),
        Turn("a", "voice", "CA1", "+81312345678", "said", "音が 100% 出ない", 1),
        SOUND,
    )
    with any_database.transaction() as session:
        accounts.add(session, "tanaka", "staff", "long enough", OPEN)
    with any_database.transaction() as session:
        reader = session.scalars(select(StaffMember)).one().id
        for words, found in (
            ("100%", 1),
            ("5678", 1),
            ("03-1234-5678", 1),
            ("9999", 0),
            ("%", 1),
            ("_", 0),
            ("０３－１２３４", 1),
        ):
            assert talks_door.inquiries(session, talks_door.Filters(text=words)).total == found, words
        page = talks_door.inquiries(session, talks_door.Filters(topic="trouble_sound"))
        assert talks_door.inquiry(session, page.rows[0].id) and talks_door.resident(session, page.rows[0].resident_id)
        audit.log_reading(session, reader, OPEN, "inquiry", page.rows[0].id)
        audit.log_reading(session, reader, OPEN, "resident", page.rows[0].resident_id)
        assert talks_door.inquiry(session, 999) is None
    with any_database.reading() as session:
        assert [reading.kind for reading in session.scalars(select(Reading).order_by(Reading.id))] == [
            "inquiry",
            "resident",
        ]


def test_forgetting_leaves_nothing_of_a_person(any_database):
    for key, number in (("CA1", "+81312345678"), ("CA2", "+81300000000")):
        converse(
            any_database,
            lambda: OPEN,
            Deployment(CHIYODA),
            Turn(key, "voice", key, number, "said", "音が出ない", 1),
            SOUND,
        )
    with any_database.transaction() as session:
        resident = session.scalars(select(Address).where(Address.value == "+81312345678")).one().resident_id
        put(session, OPEN, "sms", "sms", "+81312345678", {"body": "x"})
        assert forgetting.forget(session, resident, OPEN) == 1
        assert forgetting.forget(session, 999, OPEN) is None
    assert [count(any_database, t) for t in (Resident, Inquiry, TurnRecord, OutboxMessage)] == [1, 1, 1, 0]
    with any_database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM conversations")) == 1


def test_accounts_keep_a_hash_and_refuse_wrong_passwords(any_database):
    with any_database.transaction() as session:
        assert isinstance(accounts.add(session, "tanaka", "staff", "short", OPEN), accounts.PasswordTooShort)
        assert isinstance(accounts.add(session, "tanaka", "staff", "long enough", OPEN), accounts.Made)
        assert isinstance(accounts.add(session, "tanaka", "staff", "long enough", OPEN), accounts.NameTaken)
        assert accounts.sign_in(session, "tanaka", "long enough") is not None
        assert (
            accounts.sign_in(session, "tanaka", "wrong password") is None
            and accounts.sign_in(session, "nobody", "x") is None
        )
        assert "long enough" not in session.scalars(select(StaffMember)).one().password_hash


def test_two_records_are_never_joined_by_themselves(any_database):
    converse(
        any_database,
        lambda: OPEN,
        Deployment(CHIYODA),
        Turn("a", "voice", "CA1", "+81312345678", "said", "音", 1),
        SOUND,
    )
    converse(any_database, lambda: OPEN, Deployment(CHIYODA), Turn("b", "line", "U1", "U1", "said", "音", None), SOUND)
    converse(any_database, lambda: OPEN, Deployment(CHIYODA), Turn("c", "voice", "CA2", None, "said", "音", 1), SOUND)
    assert count(any_database, Resident) == 2


def test_silence_is_kept_as_a_turn_without_words(any_database):
    converse(any_database, lambda: OPEN, Deployment(CHIYODA), Turn("a", "voice", "CA1", None, "silent", "", 1), NOTHING)
    with any_database.reading() as session:
        kept = session.scalars(select(TurnRecord)).one()
    assert (kept.heard, kept.text, kept.intent) == ("silent", "", None)


def test_migrations_and_tables_agree(any_database):
    """What the migrations build is what the classes say: tables, columns, types, keys, indexes."""
    with any_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
