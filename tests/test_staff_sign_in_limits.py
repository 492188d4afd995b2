"""Guessing passwords is hopeless, and nobody elsewhere keeps a member of staff out."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpdesk.staff import accounts, sign_in_limits
from helpdesk.staff import sessions as staff_sessions
from helpdesk.staff.sign_in_limits import EVERYWHERE_TRIES, GAP, TRIES, count_try
from helpdesk.staff.tables import SignInTries, StaffMember
from tests import passwords
from tests.conftest import OPEN
from tests.racing import at_once, transaction
from tests.staff_desk import PASSWORD, Browser, open_desk


def test_ten_wrong_passwords_then_a_wait_in_plain_words(desk, office):
    browser = Browser(office)
    assert [browser.signs_in("田中", f"wrong {n}").status_code for n in range(14)] == [401] * 10 + [429] * 4
    told = browser.signs_in("田中")
    assert told.status_code == 429 and int(told.headers["Retry-After"]) in range(295, 302)
    assert "5分ほど待ってから" in told.get_data(as_text=True) and 'name="password"' in told.get_data(as_text=True)
    desk.watch.forward(minutes=5)
    assert browser.signs_in("田中").status_code == 302


def test_a_name_without_account_is_treated_the_same(office):
    browser = Browser(office)
    assert [browser.signs_in("だれか", "wrong").status_code for _ in range(12)] == [401] * 10 + [429] * 2


def test_staff_04_a_colleague_behind_the_same_address_gets_in(office):
    browser = Browser(office)
    for number in range(12):
        assert browser.signs_in(f"x{number}", "wrong").status_code == 401
    for _ in range(12):
        browser.signs_in("田中", "wrong")
    assert browser.signs_in("鈴木").status_code == 302


def test_an_enemy_elsewhere_keeps_nobody_out_at_her_own_address(desk, office):
    at_work = Browser(office, "10.0.0.1")
    assert at_work.signs_in("田中").status_code == 302
    for machine in range(8):
        for _ in range(12):
            Browser(office, f"192.0.2.{machine}").signs_in("田中", "wrong")
    assert Browser(office, "10.0.0.1").signs_in("田中").status_code == 302


def test_many_addresses_that_try_one_name_are_slowed_down_together(desk, office):
    codes = Counter(
        Browser(office, f"192.0.2.{n}").signs_in("田中", "wrong").status_code for n in range(EVERYWHERE_TRIES + 20)
    )
    assert codes == {401: EVERYWHERE_TRIES, 429: 20}
    desk.watch.forward(seconds=GAP.total_seconds())
    stranger = Browser(office, "198.51.100.1")
    assert stranger.signs_in("田中").status_code == 302, "she comes from somewhere new: delayed, not locked out"
    assert Browser(office, "198.51.100.1").signs_in("田中").status_code == 302, "from now on this is an address of hers"
    told = Browser(office, "198.51.100.2").signs_in("田中")
    assert told.status_code == 429 and "10秒ほど待って" in told.get_data(as_text=True)


def test_the_right_password_forgets_what_went_wrong_before(office):
    browser = Browser(office)
    for _ in range(3):
        assert [browser.signs_in("田中", "wrong").status_code for _ in range(9)] == [401] * 9
        assert browser.signs_in("田中").status_code == 302


def test_behind_a_proxy_the_address_is_the_visitors(desk, settings):
    app = open_desk(desk, settings.model_copy(update={"admin_proxies": 1}))
    enemy, member = ({"X-Forwarded-For": f"10.9.9.9, {address}"} for address in ("192.0.2.1", "192.0.2.2"))
    browser = Browser(app, "127.0.0.1")
    for _ in range(12):
        browser.signs_in("田中", "wrong", headers=enemy)
    assert (
        browser.signs_in("田中", headers=enemy).status_code == 429
        and browser.signs_in("田中", headers=member).status_code == 302
    )


def test_without_a_proxy_a_forwarded_address_is_not_believed(office):
    browser = Browser(office)
    codes = [
        browser.signs_in("田中", "wrong", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(12)
    ]
    assert codes == [401] * 10 + [429] * 2


def tries(database, count=count_try):
    def one(_):
        with transaction(database) as session:
            return count(session, OPEN, "田中", "10.0.0.1") is None

    return sum(at_once(one, range(60)))


def test_sixty_tries_in_one_moment_are_all_counted(any_database):
    assert tries(any_database) == TRIES
    with any_database.reading() as session:
        assert sorted(session.scalars(select(SignInTries.tries))) == [10, 60]


def test_sixty_forms_in_one_moment_get_ten_answers(office):
    browser = Browser(office)
    token, cookie = browser.token(), browser.cookie

    def one(number):
        return (
            Browser(office)
            .takes_cookie(cookie)
            .post("/login", {"name": "田中", "password": f"wrong {number}"}, token=token)
            .status_code
        )

    assert Counter(at_once(one, range(60))) == {401: 10, 429: 50}


def look_first(session, now, key):
    """The guard taken away: read, think, then write what was read plus one."""
    found = session.get(SignInTries, key)
    before = found.tries if found else None
    session.commit()
    time.sleep(0.02)
    if before is None:
        from helpdesk.store.database import insert_unless_there

        insert_unless_there(session, SignInTries, {"key": key, "tries": 1, "since": now, "last_at": now})
        return 1, now
    session.execute(update(SignInTries).where(SignInTries.key == key).values(tries=before + 1))
    return before + 1, now


def test_twin_reading_first_lets_more_through(any_database, monkeypatch):
    monkeypatch.setattr(sign_in_limits, "count_up", look_first)
    assert tries(any_database) > TRIES


def test_strangers_at_once_take_one_turn_after_the_other(any_database):
    def one(number):
        with transaction(any_database) as session:
            return count_try(session, OPEN, "田中", f"192.0.2.{number}") is None

    assert sum(at_once(one, range(60))) == EVERYWHERE_TRIES


@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(hours=-1)])
def test_the_window_ends_also_when_the_clock_was_set_back(any_database, later):
    with any_database.transaction() as session:
        for _ in range(12):
            count_try(session, OPEN, "田中", "10.0.0.1")
        assert count_try(session, OPEN + later, "田中", "10.0.0.1") is None


def test_old_counts_are_thrown_away(any_database):
    with any_database.transaction() as session:
        for number in range(20):
            count_try(session, OPEN, f"x{number}", "10.0.0.1")
        count_try(session, OPEN + timedelta(hours=3), "田中", "10.0.0.1")
        assert len(session.scalars(select(SignInTries)).all()) == 2


def test_a_password_that_changes_between_look_and_sign_in_opens_nothing(any_database):
    with any_database.transaction() as session:
        accounts.add(session, "田中", "staff", PASSWORD, OPEN)
    with any_database.reading() as session:
        seen = accounts.sign_in(session, "田中", PASSWORD)
    with any_database.transaction() as session:
        accounts.set_password(session, "田中", "another password", OPEN)
    with any_database.transaction() as session:
        assert accounts.still(session, seen) is None
        assert session.scalars(select(StaffMember)).one() and not staff_sessions.signed_in_from(session, "田中", "x")


def test_hashing_is_dear_in_service():
    """The tests' own hasher is cheap; what the service uses is not (OWASP: 19 MiB twice, or more)."""
    real = passwords.AS_IN_SERVICE
    assert real.memory_cost >= 19 * 1024 and real.time_cost >= 2 and str(real.type).endswith("ID")
