"""The year's programme: every mistake of a file is named, nothing is kept with one, a second import changes by code."""

import csv
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from helpdesk.booking import bookings, waiting
from helpdesk.booking.attendees import attendee
from helpdesk.booking.outcomes import Booked, Full, Via
from helpdesk.booking.tables import Booking
from helpdesk.clock import TOKYO
from helpdesk.operations.cli import main
from helpdesk.programme.finding import Wish, fitting
from helpdesk.programme.tables import Offering, Slot
from helpdesk.programme_file import importing as programme
from helpdesk.programme_file.sample import fiscal_year, sample
from helpdesk.settings import settings as read_settings
from tests.conftest import OPEN
from tests.wards import CHIYODA

SOON = OPEN + timedelta(days=7)
HEADER = ",".join(programme.NEEDED)
GOOD = "K{n:02d},class,basic,スマホ講習会 基礎編,神保町出張所,2026-12-{d:02d}T14:00,2026-12-{d:02d}T16:00,20"


def rows(count):
    return [GOOD.format(n=n, d=n % 28 + 1) for n in range(1, count + 1)]


BROKEN = {
    3: ("K02,class,basic,t,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,", "capacity は"),
    6: ("K05,lesson,basic,t,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,20", "kind は"),
    9: ("K08,class,walk,t,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,20", "level は"),
    14: ("K13,class,basic,t,新宿区役所,2026-12-03T14:00,2026-12-03T16:00,20", "知らない会場"),
    18: ("K17,class,basic,t,神保町出張所,12月3日,2026-12-03T16:00,20", "starts_at は"),
    22: ("K21,class,basic,t,神保町出張所,2026-12-03T14:00,2026-12-03,20", "ends_at に時刻がありません"),
    27: ("K26,class,basic,t,神保町出張所,2026-12-03T16:00,2026-12-03T14:00,20", "終わりが始まりより前"),
    31: ("K30,class,basic,t,神保町出張所,2026-12-03T14:00,2026-12-04T16:00,20", "日が違います"),
    36: ("K01,class,basic,t,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,20", "2行目にもあります"),
    41: (",class,basic,t,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,20", "code が空"),
    48: ("K47,class,basic,,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,20", "title が空"),
    55: ("K54,class,basic,t,神保町出張所,2026-12-03T14:00,2026-12-03T16:00,-3", "capacity は"),
}


def broken_file():
    lines = rows(60)
    for number, (line, _) in BROKEN.items():
        lines[number - 2] = line
    return "\n".join([HEADER, *lines]) + "\n"


def test_a_broken_file_of_sixty_rows_names_all_twelve_mistakes_and_changes_nothing(database):
    with pytest.raises(programme.NotImported) as raised:
        programme.rows_of(broken_file().encode(), CHIYODA.venues)
    faults = raised.value.faults
    assert len(faults) == 12
    for fault, (number, (_, words)) in zip(faults, BROKEN.items(), strict=True):
        assert fault.startswith(f"{number}行目: ") and words in fault


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.setenv("HELPDESK_DATABASE_URL", f"sqlite:///{tmp_path}/cli.db")
    monkeypatch.setenv("HELPDESK_CLOCK", "2026-11-24T11:00:00+09:00")
    read_settings.cache_clear() if hasattr(read_settings, "cache_clear") else None
    runner = CliRunner()

    def run(*words):
        return runner.invoke(main, [str(word) for word in words])

    assert run("db", "upgrade").exit_code == 0
    yield run
    read_settings.cache_clear() if hasattr(read_settings, "cache_clear") else None


def test_import_export_and_import_again(cli, tmp_path):
    file = tmp_path / "year.csv"
    file.write_text(broken_file(), encoding="utf-8")
    failed = cli("programme", "import", file)
    assert failed.exit_code == 1 and "12件" in failed.output and "Traceback" not in failed.output
    assert len(cli("programme", "export").output.splitlines()) == 1
    file.write_text("\ufeff" + "\n".join([HEADER, *rows(60)]), encoding="utf-8")
    assert "新しいもの60件、書き換え0件" in cli("programme", "import", file).output
    exported = cli("programme", "export").output
    assert len(exported.splitlines()) == 61
    file.write_text(exported.replace("基礎編", "基礎編（午後）"), encoding="utf-8")
    assert "新しいもの0件、書き換え60件" in cli("programme", "import", file).output
    assert cli("programme", "export").output.count("基礎編（午後）") == 60
    file.write_bytes("講習会".encode("euc-jp") + b"\xff")
    assert "UTF-8" in cli("programme", "import", file).output
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "列がありません" in cli("programme", "import", file).output


def test_the_sample_is_a_whole_fiscal_year_over_all_places_and_marked(cli):
    for expected in ("新しいもの58件、書き換え0件", "新しいもの0件、書き換え58件"):
        assert expected in cli("programme", "sample").output
    exported = cli("programme", "export").output
    found = list(csv.DictReader(exported.removeprefix("\ufeff").splitlines()))
    assert len(programme.rows_of(exported.encode(), CHIYODA.venues)[0]) == 58
    count = {kind: sum(row["kind"] == kind for row in found) for kind in ("class", "consultation", "event")}
    assert count == {"class": 20, "consultation": 20, "event": 18}
    assert {row["venue"] for row in found} == set(CHIYODA.venues) and {row["sample"] for row in found} == {"yes"}
    days = [datetime.fromisoformat(row["starts_at"]) for row in found]
    assert {fiscal_year(day.date()) for day in days} == {2026} and all(day.weekday() < 5 for day in days)


def test_the_database_refuses_a_session_without_places_or_time(any_database):
    good = next(iter(sample(2026, CHIYODA)))
    for bad in ({"capacity": 0}, {"ends_at": good["starts_at"]}, {"kind": "party"}):
        with pytest.raises(Exception, match="(?i)check"), any_database.transaction() as session:
            session.add(Offering(**{**good, **bad}))
            session.flush()
    with any_database.transaction() as session:
        programme.keep(session, [good])
    with any_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Offering)) == 1
        assert session.scalars(select(Offering)).one().starts_at.astimezone(TOKYO) == good["starts_at"]


def test_who_asks_when_hears_the_next_session_that_was_meant(desk):
    with desk.database.transaction() as session:
        programme.keep(session, list(sample(2026, CHIYODA)))
    caller = desk.caller()
    caller.rings()
    heard = caller.says("次の基礎の講習会はいつありますか")
    day = programme_day(desk, "class", "basic")
    assert day in heard.said and "基礎の講習会" in heard.said and "どれにしますか" in heard.said
    friend = desk.friend()
    friend.writes("相談会の日程を教えてください")
    assert friend.shown.count("見本の相談会") == 3 and "どれにしますか" in friend.shown


def programme_day(desk, kind, level):
    with desk.database.reading() as session:
        start = fitting(session, desk.watch(), Wish(kind, level))[0].starts_at
    return f"{start.month}月{start.day}日"


def test_past_hidden_and_cancelled_sessions_are_not_offered(database):
    rows = list(sample(2026, CHIYODA))
    now = datetime(2026, 11, 24, 11, 0, tzinfo=TOKYO)
    with database.transaction() as session:
        programme.keep(session, rows)
        first, second, third = (session.get_one(Offering, place.offering) for place in fitting(session, now, Wish()))
        first.published, second.cancelled = False, "講師の急病"
        session.flush()
        assert fitting(session, now, Wish())[0].offering == third.id
        assert all(one.starts_at > now for one in fitting(session, now, Wish(), limit=99))


def test_a_consultation_is_cut_into_slots_of_the_length_that_was_chosen(database):
    rows = [row for row in sample(2026, CHIYODA) if row["kind"] == "consultation"][:1]
    for minutes, times in (
        (30, ["10:00", "10:30", "11:00", "11:30"]),
        (40, ["10:00", "10:40", "11:20"]),
        (120, ["10:00"]),
    ):
        with database.transaction() as session:
            programme.keep(session, rows, minutes)
        with database.reading() as session:
            slots = session.scalars(select(Slot).order_by(Slot.number)).all()
            assert [f"{slot.starts_at:%H:%M}" for slot in slots] == times and sum(slot.capacity for slot in slots) == 4


def test_a_smaller_room_keeps_who_is_booked_and_offers_nothing_more(database):
    row = next(row for row in sample(2026, CHIYODA) if row["kind"] == "class") | {
        "starts_at": SOON,
        "ends_at": SOON + timedelta(hours=2),
        "capacity": 3,
    }
    with database.transaction() as session:
        programme.keep(session, [row])
        slot = session.scalars(select(Slot)).one()
        for name in ("あ", "い", "う"):
            assert isinstance(
                bookings.book(session, OPEN, attendee(session, None, name, name), slot.id, Via("staff")), Booked
            )
        programme.keep(session, [row | {"capacity": 1}])
    with database.transaction() as session:
        slot = session.scalars(select(Slot)).one()
        assert (slot.capacity, slot.taken, slot.extra) == (1, 3, 2)
        for _ in range(2):
            bookings.cancel(session, OPEN, session.scalars(select(Booking).where(Booking.state == "booked")).first())
        session.refresh(slot)
        assert (slot.taken, slot.extra) == (1, 0)
        assert isinstance(
            bookings.book(session, OPEN, attendee(session, None, "え", "え"), slot.id, Via("staff")), Full
        )


def told(database, row):
    """What an import of one row says, after people booked it."""
    with database.transaction() as session:
        return programme.keep(session, [row], now=OPEN).remarks


@pytest.fixture
def booked(any_database):
    """A class for three with three people in it, and one who waits; its row."""
    row = next(row for row in sample(2026, CHIYODA) if row["kind"] == "class") | {
        "code": "K1",
        "starts_at": SOON,
        "ends_at": SOON + timedelta(hours=2),
        "capacity": 3,
    }
    with any_database.transaction() as session:
        programme.keep(session, [row])
        slot = session.scalars(select(Slot)).one()
        for name in ("あ", "い", "う"):
            assert isinstance(
                bookings.book(session, OPEN, attendee(session, None, name, name), slot.id, Via("staff")), Booked
            )
        waiting.wait(session, OPEN, attendee(session, None, "え", "え"), slot.offering_id, Via("staff"))
    return row


CHANGES = [
    ({"starts_at": SOON + timedelta(hours=1)}, "日時が変わりました（2026年12月1日 11:00から13:00→2026年12月1日 12:00から13:00）"),
    ({"venue": "和泉橋出張所"}, "会場が変わりました"), ({"cancelled": "講師の急病"}, "中止になりました"), ({"published": False}, "公開されなくなりました"),
    ({"capacity": 1}, "席が2人ぶん足りません（定員3人→1人）"), ({"level": "applied"}, "内容が変わりました（講習会 基礎編→講習会 応用編）"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_an_import_says_whom_it_concerns_and_leaves_the_bookings(any_database, booked, change, words):
    assert told(any_database, booked) == ()
    (remark,) = told(any_database, booked | change)
    assert (
        remark.startswith("予約のあるかたが3人います: K1 は")
        and words in remark
        and "空き待ちのかたも1人います" in remark
    )
    assert told(any_database, booked | change) == ()
    with any_database.reading() as session:
        assert [one.state for one in session.scalars(select(Booking).order_by(Booking.id))] == [
            "booked",
            "booked",
            "booked",
            "waiting",
        ]


def test_what_concerns_nobody_is_not_told(any_database, booked):
    assert told(any_database, booked | {"title": "新しい名前", "bring": "老眼鏡", "capacity": 5}) == ()
    assert (
        told(
            any_database,
            booked
            | {"code": "K2", "starts_at": SOON + timedelta(days=1), "ends_at": SOON + timedelta(days=1, hours=1)},
        )
        == ()
    )
