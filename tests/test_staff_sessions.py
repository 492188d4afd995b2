"""Sessions of staff: what ended opens nothing, what is only open does not live on."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from helpdesk.operations.cli import main
from helpdesk.staff import accounts
from helpdesk.staff import sessions as staff_sessions
from helpdesk.staff.tables import StaffMember, StaffSession
from tests.conftest import OPEN
from tests.staff_desk import PASSWORD, Browser


def opens(browser, path="/"):
    return browser.get(path).status_code == 200


def test_after_signing_out_a_copy_of_the_cookie_opens_nothing(office, manager):
    copy = Browser(office).takes_cookie(manager.cookie)
    assert opens(copy)
    manager.post("/logout", token=manager.token("/"))
    for path in ("/", "/callbacks", "/examples", "/programme/"):
        assert copy.get(path).status_code == 302
    assert not opens(manager)


def test_whoever_is_deactivated_or_gets_another_password_is_out_everywhere(desk, office, manager, colleague):
    elsewhere = Browser(office, "10.0.0.7")
    elsewhere.signs_in("田中")
    with desk.database.transaction() as session:
        assert accounts.set_password(session, "田中", "another password", OPEN) == accounts.Changed()
    assert not opens(colleague) and not opens(elsewhere) and opens(manager)
    assert (
        colleague.signs_in("田中").status_code == 401
        and colleague.signs_in("田中", "another password").status_code == 302
    )
    with desk.database.transaction() as session:
        assert accounts.deactivate(session, "田中", OPEN) == accounts.Changed()
    assert not opens(colleague) and colleague.signs_in("田中", "another password").status_code == 401
    with desk.database.transaction() as session:
        accounts.activate(session, "田中")
    assert not opens(colleague), "the session of before stays ended"
    assert colleague.signs_in("田中", "another password").status_code == 302


def test_a_role_that_was_taken_away_is_gone_at_the_next_page(desk, colleague):
    assert colleague.get("/readings").status_code == 403
    with desk.database.transaction() as session:
        accounts.set_role(session, "田中", "manager")
    assert colleague.get("/readings").status_code == 200
    with desk.database.transaction() as session:
        accounts.set_role(session, "田中", "staff")
    assert colleague.get("/readings").status_code == 403


def test_sixty_idle_minutes_end_a_session_and_clicks_keep_it(desk, manager):
    for _ in range(4):
        desk.watch.forward(minutes=59)
        assert opens(manager)
    desk.watch.forward(minutes=60, seconds=1)
    assert not opens(manager)


POLLS = [{"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "same-origin"}, {"Accept": "text/event-stream"},
         {"X-Requested-With": "fetch"}, {"Accept": "application/json"},
         {"Sec-Fetch-Mode": "navigate", "Sec-Purpose": "prefetch"}]  # fmt: skip


@pytest.mark.parametrize("headers", POLLS)
def test_an_open_page_that_asks_by_itself_keeps_nothing_alive(desk, manager, headers):
    for _ in range(7):
        desk.watch.forward(minutes=10)
        last = manager.get("/callbacks", headers=headers)
    assert last.status_code == 302


def test_a_form_keeps_the_session_alive(desk, manager):
    token = manager.token("/")
    for _ in range(3):
        desk.watch.forward(minutes=50)
        assert (
            manager.post("/residents/9/path/again", token=token, headers={"Sec-Fetch-Mode": "navigate"}).status_code
            == 404
        )
    assert opens(manager)


def test_a_new_key_at_each_sign_in_and_what_was_there_before_is_gone(office):
    browser = Browser(office)
    browser.get("/login")
    planted = browser.cookie
    token = browser.token()
    browser.signs_in()
    first = browser.cookie
    assert first != planted and not opens(Browser(office).takes_cookie(planted))
    browser.signs_in()
    assert browser.cookie != first and not opens(Browser(office).takes_cookie(first)), (
        "signing in again ends the session of before"
    )
    assert browser.post("/residents/9/path/again", token=token).status_code == 400, (
        "a token from before signing in is worth nothing"
    )


def test_the_database_keeps_no_key(desk, manager):
    with desk.database.reading() as session:
        kept = session.scalars(select(StaffSession)).one()
        assert len(kept.key_hash) == 64 and kept.address == "10.0.0.1" and kept.ended_at is None
    with office_session(manager) as cookie:
        assert cookie["_user_id"] != kept.key_hash and len(cookie["_user_id"]) >= 40


def office_session(browser):
    return browser.http.session_transaction()


def test_a_session_on_both_databases(any_database):
    with any_database.transaction() as session:
        accounts.add(session, "林", "manager", PASSWORD, OPEN)
        member = session.scalars(select(StaffMember)).one()
        key, other = (staff_sessions.begin(session, OPEN, member, "::1") for _ in range(2))
    with any_database.transaction() as session:
        assert staff_sessions.member_of(session, OPEN, key).name == "林"
        assert staff_sessions.member_of(session, OPEN, key + "x") is None
        staff_sessions.end(session, OPEN, key)
        assert (
            staff_sessions.member_of(session, OPEN, key) is None
            and staff_sessions.member_of(session, OPEN, other) is not None
        )
        staff_sessions.note_click(session, OPEN, key)
        assert staff_sessions.member_of(session, OPEN, key) is None
        assert staff_sessions.signed_in_from(session, "林", "::1") and not staff_sessions.signed_in_from(
            session, "林", "::2"
        )


def helpdesk(*words, password=None):
    return CliRunner().invoke(main, ["staff", *words], env={"HELPDESK_STAFF_PASSWORD": password} if password else None)


@pytest.fixture
def shell(desk, monkeypatch):
    monkeypatch.setattr("helpdesk.operations.staff.settings", lambda: desk.service.settings)
    return helpdesk


def test_accounts_by_command(shell):
    assert shell("add", "林", "--role", "manager", password=PASSWORD).exit_code == 0
    assert shell("add", "森", password=PASSWORD).exit_code == 0
    assert shell("list").output.splitlines() == ["林\tmanager\tactive", "森\tstaff\tactive"]
    assert shell("deactivate", "森").exit_code == 0 and "森\tstaff\tdeactivated" in shell("list").output
    assert shell("activate", "森").exit_code == 0 and shell("role", "森", "manager").exit_code == 0
    assert (
        shell("password", "森", password="short").exit_code == 1
        and shell("password", "森", password="a longer one").exit_code == 0
    )
    assert shell("deactivate", "林").exit_code == 0
    for words in (("deactivate", "森"), ("role", "森", "staff")):
        refused = shell(*words)
        assert refused.exit_code == 1 and "last active manager" in refused.output and refused.output.count("\n") == 1
    for words in (("deactivate", "x"), ("activate", "x"), ("role", "x", "staff")):
        assert "no account x" in shell(*words).output
    assert (
        shell("add", "山田　太郎", password=PASSWORD).exit_code == 0
        and shell("add", "山\n田", password=PASSWORD).exit_code == 1
    )
    assert (
        shell("add", " 林", password=PASSWORD).exit_code == 1
        and shell("add", "x" * 81, password=PASSWORD).exit_code == 1
    )


def test_of_two_managers_who_deactivate_each_other_one_is_left(any_database):
    from tests.racing import at_once

    with any_database.transaction() as session:
        for name in ("林", "森"):
            accounts.add(session, name, "manager", PASSWORD, OPEN)

    def deactivate(name):
        with any_database.transaction() as session:
            return accounts.deactivate(session, name, OPEN)

    for _ in range(5):
        assert sorted(type(one).__name__ for one in at_once(deactivate, ["林", "森"])) == ["Changed", "LastManager"]
        with any_database.transaction() as session:
            for name in ("林", "森"):
                accounts.activate(session, name)
