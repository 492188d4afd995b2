"""The staff's pages."""

import re

import pytest
from sqlalchemy import select

from admin.app import create_admin
from helpdesk import exporting
from helpdesk.callbacks.tables import Callback
from helpdesk.staff import accounts
from helpdesk.staff.tables import Reading
from tests.conftest import CLOSED, OPEN

PASSWORD = "a long password"


@pytest.fixture
def staff(desk):
    """A browser of somebody who is signed in."""
    with desk.database.transaction() as session:
        accounts.add(session, "田中", "staff", PASSWORD, OPEN)
    app = create_admin(desk.service.settings, desk.database, desk.watch)
    browser = app.test_client()
    assert sign_in(browser, "田中", PASSWORD).status_code == 302
    return browser


def token(page) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True)).group(1)


def sign_in(browser, name, password, **more):
    return browser.post(
        "/login", data={"name": name, "password": password, "csrf_token": token(browser.get("/login"))}, **more
    )


def page(browser, path) -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def call_about_wifi(desk):
    caller = desk.caller()
    caller.rings()
    caller.says("えーと ワイファイにつながらないんですけど")
    for answer in ("3", "4"):
        caller.presses(answer)
    while "直りましたか" not in caller.heard.said:
        caller.says("できました")
    caller.says("はい")


def test_staff_see_inquiry_topic_transcript_and_outcome_of_both_channels(desk, staff):
    call_about_wifi(desk)
    friend = desk.friend()
    friend.writes("音が出ません")
    friend.taps("着信の音")
    friend.taps("iPhone")
    friend.taps("直りました")
    listed = page(staff, "/")
    assert "Wi-Fi・電波" in listed and "音・着信音" in listed and listed.count(">解決</span>") == 2
    assert "03-****-5678" in listed and "1234-5678" not in listed
    shown = page(staff, "/inquiries/1")
    assert "えーと ワイファイにつながらないんですけど" in shown and "直ってよかったです" in shown and "解決" in shown
    assert "iPhone" in page(staff, "/inquiries/2")


def test_filters_find_by_channel_topic_outcome_words_and_number(desk, staff):
    call_about_wifi(desk)
    desk.friend().writes("音が出ません")
    for query, found in {
        "channel=line": 1,
        "topic=trouble_network": 1,
        "outcome=solved": 1,
        "text=ワイファイ": 1,
        "text=5678": 1,
        "text=ないよ": 0,
        "channel=x&topic=y": 0,
        "page=99": 2,
    }.items():
        assert f'role="status">{found}件' in page(staff, f"/?{query}"), query


def test_every_reading_is_logged_and_a_whole_number_is_shown_on_demand(desk, staff):
    call_about_wifi(desk)
    shown = page(staff, "/residents/1")
    assert "03-1234-5678" not in shown
    whole = staff.post("/residents/1/number", data={"csrf_token": token(staff.get("/residents/1"))})
    assert "03-1234-5678" in whole.get_data(as_text=True)
    page(staff, "/inquiries/1")
    with desk.database.reading() as session:
        assert {reading.kind for reading in session.scalars(select(Reading))} == {"resident", "number", "inquiry"}


def test_a_call_back_is_done_with_a_note_and_can_be_reopened(desk, staff):
    desk.watch.now = CLOSED
    caller = desk.caller()
    caller.rings()
    caller.presses("0")
    caller.presses("1")
    caller.presses("3")
    sign_in(staff, "田中", PASSWORD)
    todo = staff.get("/callbacks")
    assert "11/25(水) 12:00まで" in todo.get_data(as_text=True)
    staff.post("/callbacks/1/done", data={"csrf_token": token(todo), "note": "お元気でした"})
    done = staff.get("/callbacks?done=1")
    assert "お元気でした" in done.get_data(as_text=True) and "田中さん" in done.get_data(as_text=True)
    staff.post("/callbacks/1/open", data={"csrf_token": token(done)})
    with desk.database.reading() as session:
        assert session.scalars(select(Callback)).one().done_at is None


def test_an_overdue_call_back_is_marked_by_words_not_colour_alone(desk, staff):
    desk.watch.now = CLOSED
    caller = desk.caller()
    caller.rings()
    for key in ("0", "1", "3"):
        caller.presses(key)
    desk.watch.forward(days=1)
    sign_in(staff, "田中", PASSWORD)
    assert "遅れ: " in page(staff, "/callbacks")


def test_s2_a_safety_matter_is_flagged_in_the_list_at_once(desk, staff):
    caller = desk.caller()
    caller.rings()
    caller.says("画面にウイルスに感染したと出て電話しろと書いてある")
    listed = page(staff, "/")
    assert "⚠ 安全・緊急" in listed and "詐欺の心配" in listed


@pytest.mark.parametrize("path", ["/", "/inquiries/1", "/residents/1", "/callbacks", "/?text=x"])
def test_nothing_is_shown_without_signing_in(desk, path):
    call_about_wifi(desk)
    browser = create_admin(desk.service.settings, desk.database, desk.watch).test_client()
    response = browser.get(path)
    assert (
        response.status_code == 302
        and "/login" in response.location
        and "ワイファイ" not in response.get_data(as_text=True)
    )


def test_forms_without_their_token_change_nothing(desk, staff):
    assert staff.post("/callbacks/1/done", data={}).status_code == 400
    assert staff.post("/residents/1/number").status_code == 400
    assert staff.post("/login", data={"name": "田中", "password": PASSWORD}).status_code == 400


def test_nobody_is_sent_to_another_site_after_signing_in(desk, staff):
    browser = create_admin(desk.service.settings, desk.database, desk.watch).test_client()
    for wanted, place in (
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/callbacks", "/callbacks"),
    ):
        data = {"name": "田中", "password": PASSWORD, "csrf_token": token(browser.get("/login"))}
        assert browser.post("/login", query_string={"next": wanted}, data=data).location == place


def test_a_locked_account_and_signing_out_end_the_session(desk, staff):
    from helpdesk.staff.tables import StaffMember

    with desk.database.transaction() as session:
        session.scalars(select(StaffMember)).one().active = False
    assert staff.get("/").status_code == 302


def test_the_cookie_is_for_this_site_and_not_for_scripts(desk, staff):
    cookie = staff.get_cookie("helpdesk_staff")
    assert cookie.http_only and cookie.same_site == "Lax" and cookie.expires is not None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/inquiries/999", 404),
        ("/residents/999", 404),
        ("/nothing", 404),
        ("/?page=abc", 200),
        ("/inquiries/99999999999999999999", 404),
    ],
)
def test_errors_are_told_in_japanese(desk, staff, path, code):
    response = staff.get(path)
    assert response.status_code == code and "スマホ相談" in response.get_data(as_text=True)


def test_what_people_said_is_never_run_as_a_page(desk, staff):
    caller = desk.caller()
    caller.rings()
    caller.says("音が出ないんです<script>alert(1)</script>")
    assert "<script>" not in page(staff, "/inquiries/1")
    assert (
        "script-src" in staff.get("/").headers["Content-Security-Policy"]
        or "default-src 'self'" in staff.get("/").headers["Content-Security-Policy"]
    )


def test_w1_pages_name_their_language_fields_and_sizes(desk, staff):
    call_about_wifi(desk)
    for path in ("/", "/inquiries/1", "/residents/1", "/callbacks"):
        html = page(staff, path)
        assert '<html lang="ja">' in html and "<h1" in html and 'id="main"' in html and 'class="skip"' in html
        for field in re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', html):
            assert f'for="{field}"' in html, (path, field)
    style = staff.get("/static/staff.css").get_data(as_text=True)
    sizes = [int(size) for size in re.findall(r"font(?:-size)?: (\d+)px", style)]
    assert min(sizes) >= 16 and "min-height: 44px" in style and ":focus-visible" in style


def test_health_and_metrics_are_there_without_signing_in(desk, staff):
    browser = create_admin(desk.service.settings, desk.database, desk.watch).test_client()
    assert browser.get("/healthz").json == {"status": "ok"}
    assert set(browser.get("/readyz").json) == {"database", "nlu", "scheduler", "line", "twilio"}
    assert b"helpdesk_turns_total" in browser.get("/metrics").data


def test_what_had_to_be_asked_back_becomes_an_example_that_staff_confirm_once(desk, staff):
    caller = desk.caller()
    caller.rings()
    caller.says("わいはいが つながらないの 090-1234-5678", confidence="0.2")
    caller.says("はい")
    shown = page(staff, "/examples")
    assert "わいはいが" in shown and "1234" not in shown and "Wi-Fi・電波（本人が選んだもの）" in shown
    mark = token(staff.get("/examples"))
    assert staff.post("/examples/1", data={"csrf_token": mark, "label": "nonsense"}).status_code == 400
    for label in ("trouble_network", "trouble_sound"):
        assert staff.post("/examples/1", data={"csrf_token": mark, "label": label}).status_code == 302
    assert staff.post("/examples/2", data={"csrf_token": mark, "label": "trouble_sound"}).status_code == 404
    assert "いま確かめる言葉はありません" in page(staff, "/examples")
    with desk.database.reading() as session:
        assert [row["intent"] for row in exporting.examples(session)] == ["trouble_network"]


def test_an_example_that_is_put_aside_is_not_exported(desk, staff):
    caller = desk.caller()
    caller.rings()
    caller.says("わいはいがつながらないの", confidence="0.2")
    caller.says("はい")
    staff.post("/examples/1", data={"csrf_token": token(staff.get("/examples"))})
    with desk.database.reading() as session:
        assert list(exporting.examples(session)) == []
