"""What somebody tries who wants in, or wants the pages to break: each row is one attack."""

import io
import re
from urllib.parse import quote, urlsplit

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from helpdesk.booking.attendees import attendee
from helpdesk.booking.tables import Booking
from helpdesk.callbacks.tables import Callback
from helpdesk.people.residents import resident_at
from helpdesk.people.tables import Resident
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering
from helpdesk.search import for_staff as talks_door
from helpdesk.settings import Settings
from helpdesk.staff.tables import Reading
from helpdesk.store.database import Database
from helpdesk.talks.tables import Conversation, Inquiry, TurnRecord
from helpdesk.teaching.tables import Example
from tests.conftest import OPEN, Watch
from tests.staff_desk import PASSWORD, Browser, open_desk

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}"
SECRET = "三丁目の鍵の話"


def short(value):
    """A row's name that fits on a line."""
    return ascii(value)[:40]


class Site:
    """The staff pages over a database with one person who says evil things."""

    def __init__(self, folder):
        self.settings = Settings(
            _env_file=None, HELPDESK_DATABASE_URL=f"sqlite:///{folder}/desk.db", HELPDESK_SECRET_KEY="k" * 40
        )
        self.database, self.watch, self.service = Database(self.settings.database_url), Watch(), self
        self.database.upgrade()
        with self.database.transaction() as session:
            for number in ("+819012345678", "+819087654321"):
                resident_at(session, "phone", number, OPEN).name = EVIL
            talk = Conversation(
                channel="voice", key="CA1", resident_id=1, started_at=OPEN, last_at=OPEN, ended_at=OPEN, talk={}
            )
            session.add(talk)
            session.flush()
            asked = Inquiry(
                conversation_id=talk.id,
                resident_id=1,
                channel="voice",
                opened_at=OPEN,
                last_at=OPEN,
                closed_at=OPEN,
                summary=EVIL + SECRET,
                device=EVIL[:20],
            )
            session.add(asked)
            session.flush()
            session.add(
                TurnRecord(
                    key="t1",
                    conversation_id=talk.id,
                    inquiry_id=asked.id,
                    at=OPEN,
                    heard="said",
                    text=EVIL,
                    answered=EVIL,
                    likeliest=[],
                    reply={},
                )
            )
            session.add(Callback(inquiry_id=asked.id, number="+819012345678", created_at=OPEN, due_at=OPEN, note=EVIL))
            session.add(
                Example(
                    inquiry_id=asked.id, channel="voice", text=EVIL, offered=[], chosen="trouble_sound", created_at=OPEN
                )
            )
            start = OPEN.replace(day=30)
            session.add(
                offering := Offering(
                    code="K1",
                    kind="class",
                    level="basic",
                    title=EVIL,
                    venue="区役所",
                    starts_at=start,
                    ends_at=start.replace(hour=13),
                    capacity=5,
                )
            )
            session.flush()
            cut(session, offering)
            person = attendee(session, session.get(Resident, 1), EVIL, EVIL, EVIL)
            made = Booking(number="12345", attendee_id=person.id, offering_id=offering.id, slot_id=offering.slots[0].id,
                           state="booked", channel="voice",
                           contact_kind="phone", contact="+819012345678", created_at=OPEN, changed_at=OPEN)  # fmt: skip
            session.add(made)
            offering.slots[0].taken = 1
        self.app = open_desk(self)

    def browser(self, name=None, address="10.0.0.1"):
        browser = Browser(self.app, address)
        if name:
            assert browser.signs_in(name).status_code == 302
        return browser

    def count(self, table):
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return Site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def boss(site):
    return site.browser("鈴木")


@pytest.fixture
def stranger(site):
    return site.browser()


PAGES = ["/", "/inquiries/1", "/residents/1", "/callbacks", "/examples", "/programme/", "/programme/1", "/?text=script"]


# Markup in names and messages


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_what_people_say_is_never_markup(boss, path):
    shown = boss.page(path)
    assert "<script" not in shown and "<img" not in shown and 'href="javascript' not in shown and "'49" not in shown


@pytest.mark.parametrize(
    "words", [EVIL, "</title><script>", "'-alert(1)-'", "{{config}}", "%3Cscript%3E", "<svg/onload=x>"], ids=short
)
def test_what_is_searched_for_comes_back_as_text(boss, words):
    shown = boss.get("/", query_string={"text": words, "channel": words, "topic": words, "outcome": words}).get_data(
        as_text=True
    )
    assert not re.search(r"<(script(?! src=)|svg|img)", shown) and "SECRET_KEY" not in shown


def test_a_note_with_markup_stays_text(site, boss):
    boss.post("/callbacks/1/done", {"note": EVIL}, token=boss.token("/"))
    assert "<script" not in boss.page("/callbacks?done=1") and "&lt;script" in boss.page("/callbacks?done=1")
    boss.post("/callbacks/1/open", token=boss.token("/"))


def test_pages_run_no_script_and_are_in_no_frame(boss):
    for path in [*PAGES, "/nothing"]:
        headers = boss.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert (
            "default-src 'self'" in policy
            and "unsafe" not in policy
            and "frame-ancestors 'none'" in policy
            and "form-action 'self'" in policy
        )
        assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(
            r" on[a-z]+=|<script|style=",
            re.sub(r"&[a-z#0-9]+;", "", boss.get(path).get_data(as_text=True)).split("onerror=alert")[0],
        )


# Other sites that send forms


@pytest.mark.parametrize("path", ["/callbacks/1/done", "/callbacks/1/open", "/residents/1/number", "/residents/1/join",
                                  "/residents/1/apart", "/residents/1/path", "/residents/1/path/again",
                                  "/examples/1", "/programme/1/book", "/programme/bookings/1/cancel",
                                  "/logout"])  # fmt: skip
@pytest.mark.parametrize("token", [None, "", "x" * 91, "another"], ids=short)
def test_a_form_without_this_sessions_token_does_nothing(site, boss, path, token):
    if token == "another":
        token = site.browser().token()
    data = {} if token is None else {"csrf_token": token}
    assert boss.http.post(path, data=data, environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 400
    with site.database.reading() as session:
        assert session.get(Booking, 1).state == "booked" and session.get(Callback, 1).done_at is None
    assert boss.get("/").status_code == 200


@pytest.mark.parametrize("body", [{"json": {"note": "x"}}, {"data": "note=x", "content_type": "text/plain"}])
def test_a_form_in_another_wrapping_does_nothing(site, boss, body):
    assert boss.http.post("/callbacks/1/done", **body).status_code == 400
    with site.database.reading() as session:
        assert session.get(Callback, 1).done_at is None


def test_a_get_changes_nothing_though_it_looks_like_a_form(boss):
    for path in (
        "/callbacks/1/done",
        "/programme/bookings/1/cancel",
        "/logout",
        "/residents/1/number",
        "/residents/1/join?other=2",
    ):
        assert boss.get(path).status_code == 405


@pytest.mark.parametrize(
    "override", [{"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}]
)
def test_the_method_is_the_one_that_came(site, boss, override):
    assert boss.get("/callbacks/1/done?_method=POST", headers=override).status_code == 405
    with site.database.reading() as session:
        assert session.get(Callback, 1).done_at is None


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "GARBAGE"])
def test_other_methods_are_refused(boss, method):
    assert boss.http.open("/residents/1", method=method).status_code in (400, 405)


# Sent elsewhere after signing in

ELSEWHERE = ["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
             "https:evil.example", "javascript:alert(1)", "/%5cevil.example", "/%2fevil.example", "/\n/evil.example",
             "\n//evil.example", "/callbacks\r\nSet-Cookie: a=b", "/\t/evil.example", "/.//evil.example",
             "/x/..//evil.example", "@evil.example",
             "/callbacks\x00", "/" + "a" * 5000, "/％2f", "/\u2028/evil", " /callbacks", "data:text/html,x", "/logout",
             "/residents/1/number", "/nothing", "http:///evil", "/;//evil"]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=short)
def test_nobody_is_sent_elsewhere(site, wanted):
    browser = site.browser()
    answer = browser.http.post(
        "/login",
        query_string={"next": wanted},
        data={"name": "鈴木", "password": PASSWORD, "csrf_token": browser.token()},
        environ_base={"REMOTE_ADDR": "10.0.0.1"},
    )
    if "\x00" in wanted:
        assert answer.status_code == 400
    else:
        assert answer.status_code == 302 and answer.location == "/" and "a=b" not in str(answer.headers)


@pytest.mark.parametrize(
    "wanted", ["/callbacks", "/callbacks?done=1", "/residents/1", "/programme/", "/?text=%E3%81%82&page=2"], ids=short
)
def test_a_page_of_ours_is_reached_after_signing_in(site, wanted):
    browser = site.browser()
    asked = browser.get(wanted)
    assert asked.status_code == 302
    back = browser.http.post(
        asked.location,
        data={"name": "鈴木", "password": PASSWORD, "csrf_token": browser.token()},
        environ_base={"REMOTE_ADDR": "10.0.0.1"},
    )
    assert (
        back.status_code == 302
        and urlsplit(back.location).path == urlsplit(wanted).path
        and not urlsplit(back.location).netloc
    )


# The Host


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1", "[::1]"], ids=short)
def test_another_host_is_never_written_into_a_page(stranger, host):
    answer = stranger.get(
        "/callbacks",
        headers={
            "Host": host,
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "https",
            "X-Original-URL": "/x",
        },
    )
    assert (
        answer.status_code == 302
        and answer.location.startswith("/login")
        and "evil" not in answer.get_data(as_text=True)
    )


@pytest.mark.parametrize("host", ["a" * 64, "a" * 10_000, "a..b", "a b", "\xe9", ""], ids=short)
def test_a_host_that_is_none_is_a_400_or_ignored(stranger, host):
    assert stranger.get("/login", environ_overrides={"HTTP_HOST": host}).status_code in (
        (200,) if host == "" else (400,)
    )


# Cookies


def test_a_cookie_of_another_key_or_with_another_member_opens_nothing(site, boss):
    forged = SecureCookieSessionInterface().get_signing_serializer(site.app)
    for key in ("1", "1:abc", "", "x" * 43, "' OR 1=1 --", 1, None, ["1"], {"a": 1}):
        answer = site.browser().takes_cookie(forged.dumps({"_user_id": key, "_fresh": True})).get("/")
        assert answer.status_code == 302, key
    for value in ("", "x", boss.cookie[:-1], boss.cookie + "x", "." * 50, "é", "a" * 9000):
        assert site.browser().takes_cookie(quote(value)).get("/").status_code == 302, value[:20]


def test_a_cookie_after_signing_out_is_worth_nothing(site):
    browser = site.browser("鈴木")
    copy = site.browser().takes_cookie(browser.cookie)
    browser.post("/logout", token=browser.token("/"))
    assert copy.get("/residents/1").status_code == 302 and SECRET not in copy.get("/").get_data(as_text=True)


def test_a_cookie_that_was_planted_is_not_the_one_after_signing_in(site):
    victim, enemy = site.browser(), site.browser()
    enemy.get("/login")
    victim.takes_cookie(enemy.cookie)
    victim.signs_in("鈴木")
    assert enemy.get("/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/static/staff.css", "/static/nothing.css", "/nothing"], ids=short
)
def test_health_and_static_pages_set_no_cookies(stranger, boss, path):
    boss.page("/")  # from the first page on a browser has the token of its forms
    for browser in (stranger, boss):
        assert "Set-Cookie" not in browser.get(path).headers


def test_pages_with_personal_data_are_kept_nowhere(boss, stranger):
    for path in [*PAGES, "/residents/99", "/nothing"]:
        assert boss.get(path).headers["Cache-Control"] == "no-store", path
    assert (
        stranger.get("/residents/1").headers["Cache-Control"] == "no-store"
        and boss.get("/").headers["Referrer-Policy"] == "same-origin"
    )


# Ways around the sign-in

TRICKS = ["//residents/1", "/residents//1", "/residents/1/", "/./residents/1", "/login/../residents/1",
          "/static/../residents/1", "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py",
          "/static/../../helpdesk/settings.py", "/static//etc/passwd", "/static/%00", "/static/staff.css%00.png",
          "/residents/1%00", "/residents/1;x", "/residents/1.json", "/RESIDENTS/1",
          "/residents/%31", "/residents/0x1", "/residents/1e0", "/residents/-1", "/residents/+1", "/static/..\\app.py",
          "/%2e%2e/%2e%2e/etc/passwd", "/residents/１"]  # fmt: skip


@pytest.mark.parametrize("path", TRICKS, ids=short)
def test_no_spelling_of_an_address_goes_around_the_sign_in(stranger, path):
    answer = stranger.get(path, follow_redirects=False)
    shown = answer.get_data(as_text=True)
    assert (
        answer.status_code in (302, 308, 400, 404)
        and SECRET not in shown
        and "root:" not in shown
        and "def create_admin" not in shown
        and "SecretStr" not in shown
    )
    if answer.status_code in (302, 308):
        assert not urlsplit(answer.location).netloc or urlsplit(answer.location).netloc == "localhost"


# Numbers that are none

NUMBERS = [
    "²",
    "②",
    "①",
    "٢",
    "１",
    "二",
    "9" * 20,
    "9" * 5000,
    "-1",
    "1.0",
    "1e3",
    "0x1",
    " ",
    "1\n",
    "1_0",
    "+1",
    "NaN",
    "𝟙",
    "2147483648",
    "1;DROP TABLE staff",
    "\u0000",
    "½",
    "Ⅷ",
]


@pytest.mark.parametrize("number", NUMBERS, ids=short)
def test_a_number_that_is_none_is_never_a_failure(boss, number):
    token = boss.token("/")
    for kind in ("inquiries", "residents", "programme"):
        assert boss.get(f"/{kind}/{quote(number)}").status_code in (200, 302, 308, 400, 404)
    for path in ("/", "/callbacks", "/examples"):
        assert boss.get(path, query_string={"page": number}).status_code in (200, 400)
    for path, field in (
        ("/residents/1/join", "other"),
        ("/programme/1/book", "slot"),
        ("/programme/bookings/77/move", "slot"),
        ("/programme/bookings/77/cancel", "offering"),
    ):
        fields = {"name": "林", "reading": "はやし", field: number}
        assert boss.post(path, fields, token=token).status_code in (302, 400), (path, number)
    for path in ("/residents/1/join", "/callbacks/1/done", "/examples/1", "/residents/1/path", "/programme/1/book"):
        assert boss.post(path.replace("1", quote(number)), token=token).status_code in (302, 308, 400, 404, 405)


@pytest.mark.parametrize(
    "number",
    [
        "②",
        "²",
        "①",
        "٢",
        "9" * 20,
        "99",
        "０９０－９９９９－９９９９",
        "abc",
        "٠٩٠١٢٣٤٥٦٧٨",
        "090-1234-567②",
        "𝟚",
        "2.0",
        "+2",
    ],
    ids=short,
)
def test_staff_02_no_record_of_that_number(site, boss, number):
    answer = boss.post("/residents/1/join", {"other": number}, token=boss.token("/"), follow_redirects=True)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "その電話番号か記録番号の記録はありません" in shown
    with site.database.reading() as session:
        assert session.get(Resident, 2).joined_to_id is None


@pytest.mark.parametrize("number", ["２", "2", " 2 ", "０９０－８７６５－４３２１"], ids=short)
def test_an_ordinary_number_in_either_width_is_read(site, boss, number):
    token = boss.token("/")
    assert "合わせました" in boss.post(
        "/residents/1/join", {"other": number}, token=token, follow_redirects=True
    ).get_data(as_text=True)
    assert "別の記録に戻しました" in boss.post("/residents/2/apart", token=token, follow_redirects=True).get_data(
        as_text=True
    )


# Words for the database


@pytest.mark.parametrize(
    "words",
    [
        "' OR 1=1 --",
        "'; DROP TABLE staff; --",
        '" OR ""="',
        "1) UNION SELECT password_hash FROM staff --",
        "%",
        "_",
        "%%%",
        "\\",
        "\\%",
        "[a-z]",
        "a*",
        "NULL",
        "％",
        "＿",
    ],
    ids=short,
)
def test_a_search_is_words_alone(site, boss, words):
    shown = boss.get("/", query_string={"text": words}).get_data(as_text=True)
    assert 'role="status">0件' in shown and "argon2" not in shown
    assert site.browser().signs_in(words, words).status_code == 401


def test_a_null_sign_is_refused_everywhere(boss, stranger):
    assert boss.get("/?text=%00").status_code == 400 and boss.get("/?%00=x").status_code == 400
    assert boss.post("/callbacks/1/done", {"note": "a\0b"}, token=boss.token("/")).status_code == 400
    assert stranger.post("/login", {"name": "a\0", "password": "x"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "text=%ED%A0%80",
        "text=%FF%FE",
        "text=%E3%81",
        "text=%F0%9F%98%80",
        "page=%D9%A2",
        "text=" + "%E3%81%82" * 3000,
        "&".join(f"text={n}" for n in range(2000)),
        "=",
        "&&&",
    ],
    ids=short,
)
def test_odd_bytes_in_an_address_are_no_failure(boss, query):
    assert boss.get("/?" + query).status_code == 200


# Much of everything


@pytest.mark.parametrize("size", [300_000, 10_000_000])
def test_an_oversized_form_or_upload_is_refused(site, boss, size):
    token = boss.token("/")
    assert boss.post("/callbacks/1/done", {"note": "x" * size}, token=token).status_code == 413
    assert boss.post("/callbacks/1/done", {"file": (io.BytesIO(b"x" * size), "a.png")}, token=token).status_code == 413
    assert site.browser().post("/login", {"name": "x" * size, "password": "x"}).status_code == 413
    with site.database.reading() as session:
        assert session.get(Callback, 1).done_at is None


def test_a_form_of_very_many_fields_is_no_failure(boss):
    assert boss.post("/callbacks/99/done", {f"f{n}": "x" for n in range(5000)}, token=boss.token("/")).status_code in (
        404,
        413,
    )
    assert (
        boss.post(
            "/callbacks/99/done", {f"f{n}": (io.BytesIO(b"x"), "a") for n in range(1200)}, token=boss.token("/")
        ).status_code
        == 413
    )


@pytest.mark.parametrize("field", ["name", "password"])
def test_overlong_names_and_passwords_are_told_so(stranger, field):
    shown = stranger.post("/login", {"name": "鈴木", "password": PASSWORD, field: "x" * 5000})
    assert (
        shown.status_code == 200
        and "長すぎます" in shown.get_data(as_text=True)
        and stranger.get("/").status_code == 302
    )


def test_overlong_words_are_cut_before_they_are_kept(site, boss):
    boss.post("/callbacks/1/done", {"note": "あ" * 5000}, token=boss.token("/"))
    with site.database.reading() as session:
        assert len(session.get(Callback, 1).note) == 400
    boss.post("/callbacks/1/open", token=boss.token("/"))
    boss.post("/programme/1/book", {"name": "な" * 5000, "reading": "な" * 5000, "slot": "1"}, token=boss.token("/"))
    with site.database.reading() as session:
        assert all(len(one.attendee.name or "") <= 120 for one in session.scalars(select(Booking)))


# What errors and refusals tell


def test_a_failure_tells_nothing_of_the_inside(site, boss, monkeypatch):
    def broken(*_):
        raise RuntimeError("secret path /srv/desk and SELECT password_hash")

    monkeypatch.setattr(talks_door, "inquiries", broken)
    shown = boss.get("/")
    assert (
        shown.status_code == 500
        and "SELECT" not in shown.get_data(as_text=True)
        and "Traceback" not in shown.get_data(as_text=True)
    )


def test_a_database_that_is_away_is_told_in_japanese(site, boss, monkeypatch):
    def away(*_):
        raise RuntimeError("down")

    monkeypatch.setattr(site.database, "reading", away)
    shown = boss.get("/")
    assert shown.status_code == 500 and "うまく動きませんでした" in shown.get_data(as_text=True)


def test_a_wrong_name_and_a_wrong_password_look_alike(site):
    one, other = (
        re.sub(r'value="[^"]*"', "", site.browser(address="10.7.0.1").signs_in(name, "wrong").get_data(as_text=True))
        for name in ("鈴木", "いない人")
    )
    assert one == other


def test_a_refused_page_is_no_reading(site, stranger):
    before = site.count(Reading)
    for path in ("/residents/1", "/inquiries/1", "/residents/1/path", "/programme/1"):
        stranger.get(path)
    stranger.post("/residents/1/number", token=stranger.token())
    assert site.count(Reading) == before


def test_lists_never_show_a_whole_number(boss):
    for path in PAGES:
        shown = boss.page(path)
        assert (
            "1234-5678" not in shown
            and "9012345678" not in shown
            and "12345678" not in shown.replace("090-****-5678", "")
        )
