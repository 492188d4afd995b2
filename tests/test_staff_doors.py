"""Every address × nobody, staff, manager × GET, POST: what admin/doors.py declares is what happens."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from admin.doors import DOORS, UndeclaredDoor, guard_doors
from helpdesk.people.tables import Resident
from helpdesk.staff import accounts
from helpdesk.staff.tables import StaffMember
from tests.staff_desk import Browser

MANAGERS_ALONE = {"readings.readings"}
OPEN_TO_ALL = {"static", "healthz", "readyz", "metrics", "signing_in.login", "signing_in.logout"}


def furnished(desk):
    """Something behind every address: a person with an inquiry, a call-back, an example, a booking and a path."""
    friend = desk.friend()
    for words in (
        "何から始めたらいいですか",
        "持っています",
        "孫と話したい",
        "ない",
        "電話だけ",
        "神保町で午後",
        "はい",
        "山田花子",
    ):
        friend.writes(words)
    caller = desk.caller("+819012345678")
    caller.rings()
    caller.says("わいはいがつながらないの", confidence="0.2")
    caller.says("はい")
    return desk


def addresses(app):
    """(endpoint, path, methods) of each rule, with the first record in every place."""
    return [
        (
            rule.endpoint,
            re.sub(r"<record:[a-z_]+>", "1", rule.rule)
            .replace("<path:filename>", "staff.css")
            .replace("<what>", "cancel"),
            rule.methods - {"OPTIONS", "HEAD"},
        )
        for rule in app.url_map.iter_rules()
    ]


def test_each_address_is_declared_and_what_is_open_is_what_must_be(office):
    assert {endpoint for endpoint, _, _ in addresses(office)} == set(DOORS)
    assert {name for name, who in DOORS.items() if who == "everybody"} == OPEN_TO_ALL
    assert {name for name, who in DOORS.items() if who == "manager"} == MANAGERS_ALONE


@pytest.mark.parametrize("who", ["nobody", "staff", "manager"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_address_opens_for_whom_it_is_declared(programme, office, who, method):
    furnished(programme)
    browser = Browser(office)
    if who != "nobody":
        browser.signs_in({"staff": "田中", "manager": "鈴木"}[who])
    token = browser.token("/login") if who == "nobody" else browser.token("/")
    known = {(path, method) for _, path, methods in addresses(office) for method in methods}
    for endpoint, path, methods in sorted(addresses(office)):
        if endpoint in ("signing_in.logout", "signing_in.login"):
            continue
        answer = browser.get(path) if method == "GET" else browser.post(path, token=token)
        told = (who, method, path, answer.status_code)
        if method not in methods:
            assert answer.status_code == 405 or (path, method) in known, told
        elif DOORS[endpoint] == "everybody":
            assert answer.status_code == 200, told
        elif who == "nobody":
            assert answer.status_code == 302 and answer.location.startswith("/login"), told
        elif DOORS[endpoint] == "manager" and who != "manager":
            assert answer.status_code == 403 and "管理者だけ" in answer.get_data(as_text=True), told
        else:
            assert answer.status_code in (200, 302, 404) and not (answer.location or "").startswith("/login"), told


def test_what_is_refused_is_not_offered_either(programme, colleague, manager):
    furnished(programme)
    colleague.page("/residents/1")
    assert "閲覧の記録" in manager.page("/") and "閲覧の記録" not in colleague.page("/")
    assert "田中" in manager.page("/readings")
    assert colleague.get("/readings").status_code == 403


def test_staff_join_records_and_take_them_apart(programme, colleague):
    furnished(programme)
    assert colleague.post("/residents/1/join", {"other": "2"}, token=colleague.token("/residents/1")).status_code == 302
    with programme.database.reading() as session:
        follower = session.scalars(select(Resident.id).where(Resident.joined_to_id.is_not(None))).one()
    assert colleague.post(f"/residents/{follower}/apart", token=colleague.token("/")).status_code == 302
    with programme.database.reading() as session:
        assert session.get(Resident, follower).joined_to_id is None


def test_an_address_that_nobody_declared_does_not_start(office):
    undeclared = Flask("other")
    undeclared.add_url_rule("/secret", "secret", lambda: "x")
    with pytest.raises(UndeclaredDoor, match="secret"):
        guard_doors(undeclared)


def test_an_account_whose_role_is_odd_may_do_no_more_than_staff(desk, office, colleague):
    with desk.database.transaction() as session:
        assert {one.role for one in accounts.everybody(session)} == {"staff", "manager"}
        assert session.scalars(select(StaffMember).where(StaffMember.name == "田中")).one().role == "staff"
    assert colleague.get("/readings?role=manager").status_code == 403
