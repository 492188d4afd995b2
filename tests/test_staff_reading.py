"""Opening a page writes nothing but who read what; pages are drawn when the database is free."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import template_rendered
from sqlalchemy import event, func, select, text

from helpdesk.callbacks.tables import Callback
from helpdesk.learning.tables import LearningPath
from helpdesk.programme.tables import Slot
from helpdesk.staff.tables import Reading
from helpdesk.store.base import Table
from helpdesk.store.database import Database
from helpdesk.talks.tables import Conversation, Inquiry
from helpdesk.teaching.tables import Example
from tests.conftest import OPEN
from tests.small_programme import fill
from tests.test_staff_doors import addresses, furnished


def contents(database):
    with database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Table.metadata.sorted_tables if table.name != "readings"
        }  # fmt: skip


@contextmanager
def statements(database):
    """What is written meanwhile."""
    heard = []

    def hear(_connection, _cursor, statement, *_more):
        if statement.split()[0].upper() not in ("SELECT", "PRAGMA", "BEGIN"):
            heard.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(database.engine, "before_cursor_execute", hear)


def pages_of(app):
    return [path for endpoint, path, methods in addresses(app) if "GET" in methods and endpoint != "static"]


def make_stale(desk):
    """The session that the path leads to is over or full."""
    fill(desk, "K1")
    fill(desk, "K4")
    for code in ("S1", "S2", "K2", "T1", "T2", "T3", "K3"):
        fill(desk, code)


def test_no_page_writes_anything_but_readings_when_it_is_opened(programme, office, manager):
    furnished(programme)
    make_stale(programme)
    before = contents(programme.database)
    with statements(programme.database) as heard:
        for path in pages_of(office):
            assert manager.get(path).status_code in (200, 302), path
    assert contents(programme.database) == before
    assert heard and all(statement.startswith("INSERT INTO readings") for statement in heard), heard
    with programme.database.reading() as session:
        assert sorted(session.scalars(select(Reading.kind))) == ["inquiry", "resident", "resident", "session"]


def test_every_page_is_drawn_while_somebody_else_can_write(programme, office, manager, settings):
    furnished(programme)
    other = Database(settings.database_url)
    drawn = []

    def take_the_lock(_app, template, context, **_more):
        with other.engine.connect() as connection:  # begins with BEGIN IMMEDIATE
            connection.execute(text("UPDATE heartbeats SET name = name"))
        drawn.append(template.name)

    event.listen(other.engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 50"))
    environment = office.jinja_env
    real = environment.get_template

    def while_drawing(name, *more, **named):
        template = real(name, *more, **named)
        take_the_lock(office, template, {})
        return template

    environment.get_template = while_drawing
    template_rendered.connect(take_the_lock, office)
    for path in [*pages_of(office), "/?text=さとう"]:
        assert manager.get(path).status_code in (200, 302), path
    shown = manager.post("/residents/2/number", token=manager.token("/"))
    assert shown.status_code == 200 and "090-1234-5678" in shown.get_data(as_text=True)
    assert {"resident.html", "path.html", "session.html", "inquiry.html", "callbacks.html", "programme.html"} <= set(
        drawn
    )
    other.close()


def test_a_stale_path_is_shown_as_such_and_planned_again_by_a_button(programme, manager):
    furnished(programme)
    with programme.database.reading() as session:
        owner = session.scalars(select(LearningPath)).one().resident_id
        slots = [
            row["slot"]
            for row in session.scalars(select(LearningPath)).one().steps
            if row["slot"] and row["state"] == "planned"
        ]
    assert slots
    for page in (f"/residents/{owner}", f"/residents/{owner}/path"):
        assert "計画し直す" not in manager.page(page)
    with programme.database.transaction() as session:
        for slot in session.scalars(select(Slot).where(Slot.id.in_(slots))):
            slot.taken = slot.capacity
    for page in (f"/residents/{owner}", f"/residents/{owner}/path"):
        assert "計画し直す" in manager.page(page) and "満席になったか、終わった会が入っています" in manager.page(page)
    told = manager.post(f"/residents/{owner}/path/again", token=manager.token("/"), follow_redirects=True).get_data(
        as_text=True
    )
    assert "計画し直しました" in told and "計画し直す</button>" not in told
    with programme.database.reading() as session:
        old, new = session.scalars(select(LearningPath).order_by(LearningPath.id))
        assert (
            old.replaced_at and new.why == "full" and not {row["slot"] for row in new.steps if row["slot"]} & set(slots)
        )
    again = manager.post(f"/residents/{owner}/path/again", token=manager.token("/"), follow_redirects=True).get_data(
        as_text=True
    )
    assert "いまのままで大丈夫" in again
    with programme.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LearningPath)) == 2


def test_without_a_path_there_is_nothing_to_plan_again(programme, manager):
    caller = programme.caller("+819012345678")
    caller.rings()
    caller.says("音が出ないんです")
    told = manager.post("/residents/1/path/again", token=manager.token("/"), follow_redirects=True).get_data(
        as_text=True
    )
    assert "受講フローがまだありません" in told
    assert manager.post("/residents/99/path/again", token=manager.token("/")).status_code == 404


def test_a_reading_that_cannot_be_written_shows_nothing(programme, manager, monkeypatch):
    furnished(programme)

    def broken(*_):
        raise RuntimeError("full")

    monkeypatch.setattr("helpdesk.staff.audit.log_reading", broken)
    for path in ("/inquiries/1", "/residents/1", "/residents/1/path", "/programme/1"):
        answer = manager.get(path)
        assert (
            answer.status_code == 500
            and "うまく動きませんでした" in answer.get_data(as_text=True)
            and "孫" not in answer.get_data(as_text=True)
        )


def many(desk, count):
    with desk.database.transaction() as session:
        for number in range(count):
            talk = Conversation(
                channel="voice", key=f"many{number}", started_at=OPEN, last_at=OPEN, ended_at=OPEN, talk={}
            )
            session.add(talk)
            session.flush()
            inquiry = Inquiry(
                conversation_id=talk.id,
                channel="voice",
                opened_at=OPEN,
                last_at=OPEN,
                closed_at=OPEN,
                summary=f"相談その{number}。",
                outcome="callback",
            )
            session.add(inquiry)
            session.flush()
            session.add(
                Callback(
                    inquiry_id=inquiry.id,
                    number="+81312345678",
                    created_at=OPEN,
                    due_at=OPEN + timedelta(minutes=number),
                )
            )
            session.add(
                Example(
                    inquiry_id=inquiry.id,
                    channel="voice",
                    text=f"言葉その{number}。",
                    offered=[],
                    chosen="trouble_sound",
                    created_at=OPEN,
                )
            )


@pytest.mark.parametrize(
    ("path", "words"), [("/callbacks", "相談その210。"), ("/examples", "言葉その210。"), ("/", "相談その0。")]
)
def test_the_211th_is_reached_by_pages(desk, manager, path, words):
    many(desk, 211)
    shown, pages = manager.page(path), 1
    while words not in shown:
        ahead = [link for link in re.findall(r'href="([^"]*page=(\d+)[^"]*)"', shown) if int(link[1]) == pages + 1]
        assert ahead, f"no way on from page {pages}"
        shown, pages = manager.page(ahead[0][0].replace("&amp;", "&")), pages + 1
    assert pages == 8


def test_done_call_backs_have_pages_too(desk, manager):
    many(desk, 40)
    with desk.database.transaction() as session:
        for one in session.scalars(select(Callback)):
            one.done_at, one.done_by = OPEN, "田中"
    assert 'href="/callbacks?page=2&amp;done=1"' in manager.page("/callbacks?done=1") and "40件" in manager.page(
        "/callbacks?done=1"
    )
    assert manager.page("/callbacks?done=1&page=2").count("「これから」に戻す") == 10
    for odd in ("0", "-1", "²", "٢", "9" * 20, "9" * 5000, "x", "1.5"):
        assert "40件" in manager.page(f"/callbacks?done=1&page={odd}")
