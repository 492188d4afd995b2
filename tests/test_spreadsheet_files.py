"""Files as officers' spreadsheets save them, through the command: read, or refused in plain words with nothing kept."""

from datetime import datetime

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from helpdesk.clock import TOKYO
from helpdesk.operations.cli import main
from helpdesk.programme.tables import Offering
from helpdesk.programme_file.day_times import NoDayTime, day_time
from helpdesk.settings import settings as read_settings
from helpdesk.store.database import Database

HEADER = "code,kind,level,title,venue,starts_at,ends_at,capacity"
ROW = "C01,class,basic,スマホ講習会,区役所,2026-12-08T14:00,2026-12-08T16:00,20"
OTHER = "C02,class,applied,スマホ講習会,麹町出張所,2026-12-09T14:00,2026-12-09T16:00,20"
HAND = "2026-12-08T14:00", "2026-12-08T16:00"


def with_times(start, end):
    return f"C01,class,basic,スマホ講習会,区役所,{start},{end},20"


def seats(row, cell):
    return row.rpartition(",")[0] + "," + cell


def file(*lines, encoding="utf-8", newline="\r\n"):
    return "".join(line + newline for line in lines).encode(encoding)


class Machine:
    """The command line with a database of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.database = Database(f"sqlite:///{folder}/cli.db")
        assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0

    def imports(self, content):
        path = self.folder / "year.csv"
        path.write_bytes(content)
        done = CliRunner().invoke(main, ["programme", "import", str(path)])
        assert "Traceback" not in done.output and (done.exception is None or isinstance(done.exception, SystemExit)), (
            done.output
        )
        return done

    def sessions(self):
        with self.database.reading() as session:
            return list(session.scalars(select(Offering).order_by(Offering.code)))

    def times(self):
        return [(f"{one.starts_at:%Y-%m-%dT%H:%M}", f"{one.ends_at:%Y-%m-%dT%H:%M}") for one in self.sessions()]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    monkeypatch.setenv("HELPDESK_DATABASE_URL", f"sqlite:///{tmp_path}/cli.db")
    monkeypatch.setenv("HELPDESK_CLOCK", "2026-11-25T10:30:00+09:00")
    read_settings.cache_clear()
    made = Machine(tmp_path)
    yield made
    made.database.close()
    read_settings.cache_clear()


DAY_TIMES = [
    ("2026/12/8 14:00", "2026/12/8 16:00"), ("2026-12-08 14:00", "2026-12-08 16:00"),
    ("2026/12/08 14:00:00", "2026/12/08 16:00:00"), ("２０２６／１２／８　１４：００", "２０２６／１２／８　１６：００"),
    ("2026年12月8日 14時", "2026年12月8日16時00分"), ("令和8年12月8日 14時", "令和8年12月8日 16時"),
    ("令和８年１２月８日（火）午後２時", "令和８年１２月８日（火曜日）午後４時"), ("R8.12.8 14:00", "R8/12/8 16:00"),
    ("2026/12/8(火) 14:00", "2026/12/8 火 16:00"), ("2026/12/8 2:00 PM", "2026/12/8 PM 4:00"),
    ("2026/12/8 午後2:00", "2026/12/8 午後4:00"), ("20261208T1400", "20261208T160000"),
    ("2026.12.8 14:00", "2026-W50-2T16:00"), ("2026-12-08T05:00Z", "2026-12-08T16:00+09:00"),
    ("2026−12−8 14:00", "2026－12－8 16:00"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "end"), DAY_TIMES)
def test_a_day_with_a_time_is_read_as_it_is_written(machine, start, end):
    done = machine.imports(file(HEADER, with_times(start, end)))
    assert done.exit_code == 0, done.output
    assert machine.times() == [HAND]


def test_hours_of_one_digit_noon_and_half_past(machine):
    for start, end, kept in (
        ("2026-12-08 9:00", "2026-12-08 正午", ("09:00", "12:00")),
        ("2026/12/8 午前9時半", "2026/12/8 12:30 PM", ("09:30", "12:30")),
    ):
        assert machine.imports(file(HEADER, with_times(start, end))).exit_code == 0
        assert machine.times() == [("2026-12-08T" + kept[0], "2026-12-08T" + kept[1])]


NO_DAY_TIMES = [
    ("2026-12-08", "時刻がありません"), ("20261208", "時刻がありません"), ("2026-W50-2", "時刻がありません"), ("2026/12/8", "時刻がありません"),
    ("令和8年12月8日", "時刻がありません"), ("２０２６／１２／８", "時刻がありません"), ("2026/12/8(火)", "時刻がありません"),
    ("46364.5833333333", "数になっています"), ("46364", "数になっています"), ("14:00", "形です"), ("12/8 14:00", "形です"),
    ("12/8/2026 14:00", "形です"), ("26/12/8 14:00", "形です"), ("2026/2/30 14:00", "暦にない"), ("2026/12/8(水) 14:00", "火曜日です"),
    ("2026/12/8 25:00", "時計にない"), ("2026/12/8 午後12:00", "午前か午後か"), ("2026/12/8 14:00 PM", "午前か午後か"),
    ("2026/12/8 ²:00", "読めません"), ("2026/12/8 2時頃", "読めません"), ("#######", "形です"), ("0026/12/8 14:00", "の年は"),
    ("2026/12/114:00", "形です"), ("", "形です"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "words"), NO_DAY_TIMES)
def test_what_is_no_day_with_a_time_is_named_and_nothing_is_kept(machine, start, words):
    done = machine.imports(file(HEADER, ROW.replace("C01", "C09"), with_times(start, HAND[1])))
    assert done.exit_code == 1 and machine.sessions() == []
    fault = next(line for line in done.output.splitlines() if line.startswith("3行目: starts_at"))
    assert words in fault and (start in fault or not start)


TABBED = [line.replace(",", "\t") for line in (HEADER, ROW)]
SEMICOLONS = [line.replace(",", ";") for line in (HEADER, ROW)]
READ = {
    "cp932": (file(HEADER, ROW.replace("スマホ講習会", "機能一覧表ソ構"), encoding="cp932"), ["機能一覧表ソ構"]),
    "cp932 ends with a backslash byte": (file(HEADER, ROW.replace("スマホ講習会", '"予定表"'), encoding="cp932"), ["予定表"]),
    "utf-8 with a mark": (file(HEADER, ROW, encoding="utf-8-sig"), None),
    "utf-16 with tabs": (file(*TABBED, encoding="utf-16"), None),
    "utf-16 with commas": (file(HEADER, ROW, encoding="utf-16"), None),
    "utf-16, big end first": (b"\xfe\xff" + file(*TABBED, encoding="utf-16-be"), None),
    "utf-16 without a mark": (file(*TABBED, encoding="utf-16-le"), None),
    "tabs in cp932": (file(*TABBED, encoding="cp932"), None),
    "semicolons": (file(*SEMICOLONS), None),
    "a note about the separator": (file("sep=;", *SEMICOLONS), None),
    "CR": (file(HEADER, ROW, newline="\r"), None),
    "LF": (file(HEADER, ROW, newline="\n"), None),
    "no line break at the end": (file(HEADER, ROW).rstrip(), None),
    "rows of commas at the end": (file(HEADER, ROW, ",,,,,,,", ",,,,,,,", "　,,,,,,,"), None),
    "empty lines": (file("", HEADER, "", ROW, "", ""), None),
    "empty columns": (file(HEADER + ",,,", ROW + ",,,"), None),
    "rows shorter than the header": (file(HEADER + ",bring,published", ROW), None),
    "spaces": (file(HEADER, "　C01　,class ,basic,スマホ講習会 ,区役所　,2026-12-08T14:00 ,2026-12-08T16:00, 20 "), None),
    "full width": (file(HEADER, seats(ROW.replace("C01,class,basic", "Ｃ０１,ｃｌａｓｓ,Ｂａｓｉｃ"), "２０")), None),
    "names of columns": (file(" Code ,ＫＩＮＤ,level,Title,venue,Starts At,ends-at,capacity", ROW), None),
    "columns in another order": (file(",".join(reversed(HEADER.split(","))), ",".join(reversed(ROW.split(",")))), None),
    "everything in quotes": (file(*('"' + line.replace(",", '","') + '"' for line in (HEADER, ROW))), None),
    "20人": (file(HEADER, ROW + "人"), None),
    "20.0": (file(HEADER, ROW + ".0"), None),
    "定員20名": (file(HEADER, seats(ROW, "定員２０名")), None),
    "TRUE": (file(HEADER + ",published,sample", ROW + ",TRUE,FALSE"), None),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_however_it_was_saved(machine, name):
    content, titles = READ[name]
    done = machine.imports(content)
    assert done.exit_code == 0, done.output
    (one,) = machine.sessions()
    assert (one.code, one.kind, one.level, one.title, one.venue, one.capacity) == (
        "C01",
        "class",
        "basic",
        (titles or ["スマホ講習会"])[0],
        "区役所",
        20,
    )
    assert machine.times() == [HAND]


REFUSED = {
    "a book that was renamed": (b"PK\x03\x04\x14\0\x06\0", ["CSVではなく", "名前を付けて保存"]),
    "an old book": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ["CSVではなく"]),
    "a web page": (b"\xef\xbb\xbf<html><table>", ["CSVではなく"]),
    "nothing": (b"", ["空です"]),
    "a mark and nothing": (b"\xef\xbb\xbf\r\n\r\n", ["空です"]),
    "only a header": (file(HEADER), ["行がありません"]),
    "only commas": (file(",,,", ",,,"), ["行がありません"]),
    "a headline": (file("令和8年度 スマホ講習会予定,,,,,,,", "", HEADER, ROW), ["1行目", "令和8年度 スマホ講習会予定", "3行目"]),
    "no header": (file(ROW, OTHER), ["1行目", "列がありません"]),
    "a column missing": (file(HEADER.replace(",venue", ""), ROW.replace(",区役所", "")), ["1行目", "venue"]),
    "a column twice": (file(HEADER + ",Title", ROW + ",x"), ["1行目", "title"]),
    "a letter that is NUL": (file(HEADER, ROW.replace("講習会", "講\0習会")), ["2行目", "title", "U+0000"]),
    "a letter of one machine alone": (file(HEADER, ROW.replace("講習会", "\ue000")), ["2行目", "title", "U+E000"]),
    "a letter that was lost": (file(HEADER, ROW.replace("講習会", "\ufffd")), ["2行目", "title"]),
    "no text at all": (b"\xff\xfe\x00\xd8" + b"\x81" * 9, ["文字コード"]),
    "an open quote": (file(HEADER, ROW, OTHER.replace("スマホ", '"スマホ')), ["3行目", "引用符"]),
    "a comma too many": (file(HEADER, ROW.replace("講習会", "講習会,初級")), ["2行目", "列が多すぎます", "20"]),
    "no number": (file(HEADER, seats(ROW, "2²")), ["2行目", "capacity", "2²"]),
    "about so many": (file(HEADER, seats(ROW, "20人くらい")), ["2行目", "capacity", "20人くらい"]),
    "a place unknown": (file(HEADER, ROW.replace("区役所", "新宿区役所")), ["2行目", "venue", "新宿区役所"]),
    "zeros lost in one row": (file(HEADER, ROW.replace("C01", "001"), OTHER.replace("C02", "1")),
                              ["3行目", "code 1", "2行目", "001"]),
    "a row of sums": (file(HEADER, ROW, "合計,,,,,,,20"), ["3行目: title が空", "3行目: kind"]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_named_in_plain_words(machine, name):
    content, words = REFUSED[name]
    done = machine.imports(content)
    assert done.exit_code == 1 and machine.sessions() == []
    assert all(word in done.output for word in words), done.output
    assert "何も取り込んでいません" in done.output


def test_the_line_of_a_mistake_is_the_line_of_the_file(machine):
    bring = HEADER + ",bring"
    done = machine.imports(
        file(bring, ROW + ',"スマートフォン\r\n充電器\r\n老眼鏡"', "", ",,,,,,,,", OTHER.replace("applied", "expert"))
    )
    assert done.exit_code == 1 and "7行目: level は class では" in done.output and "expert" in done.output


def test_line_breaks_in_a_cell_are_kept_as_one_kind(machine):
    assert machine.imports(file(HEADER + ",bring", ROW + ',"スマートフォン\r\n充電器"')).exit_code == 0
    assert [one.bring for one in machine.sessions()] == ["スマートフォン\n充電器"]


def test_a_column_that_is_not_used_is_named(machine):
    done = machine.imports(file(HEADER + ",担当者,備考", ROW + ",田中,"))
    assert (
        done.exit_code == 0
        and "列「担当者」は使いません" in done.output
        and "列「備考」" in done.output
        and len(machine.sessions()) == 1
    )


@pytest.mark.parametrize(("first", "second"), [("001", "1"), ("1", "001"), ("010", "10"), ("001", "００１")])
def test_zeros_that_a_spreadsheet_ate_make_no_second_session(machine, first, second):
    assert machine.imports(file(HEADER, ROW.replace("C01", first))).exit_code == 0
    done = machine.imports(file(HEADER, seats(ROW.replace("C01", second), "15")))
    assert done.exit_code == 0 and [(one.code, one.capacity) for one in machine.sessions()] == [(first, 15)]
    assert ("先頭の0が消えた" in done.output) == (second != "００１")


def test_a_code_without_its_zeros_for_another_time_is_refused(machine):
    machine.imports(file(HEADER, ROW.replace("C01", "001")))
    done = machine.imports(file(HEADER, OTHER.replace("C02", "1")))
    assert done.exit_code == 1 and "2行目" in done.output and "001" in done.output and len(machine.sessions()) == 1


def test_the_same_session_under_another_code_is_kept_and_named(machine):
    done = machine.imports(file(HEADER, ROW, ROW.replace("C01", "C02")))
    assert done.exit_code == 0 and "3行目: C02 は、2行目の C01 と" in done.output
    done = machine.imports(file(HEADER, ROW.replace("C01", "C03")))
    assert done.exit_code == 0 and "2行目: C03 は、取り込みずみの C0" in done.output and len(machine.sessions()) == 3
    assert "同じ" not in machine.imports(file(HEADER, OTHER)).output


def test_a_column_that_is_not_in_the_file_stays_as_it_is(machine):
    machine.imports(file(HEADER + ",bring,cancelled", ROW + ",スマートフォン,講師の急病"))
    machine.imports(file(HEADER, ROW))
    assert [(one.bring, one.cancelled) for one in machine.sessions()] == [("スマートフォン", "講師の急病")]
    machine.imports(file(HEADER + ",bring,cancelled", ROW + ",,"))
    assert [(one.bring, one.cancelled) for one in machine.sessions()] == [("", "")]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: (HEADER + "\n" + text).encode())
    | st.lists(
        st.sampled_from([*ROW.split(","), "", "'", "=", "\0", "２０", '"', "\r\n", "\n", ";", "\t", "²", "2026"]),
        max_size=30,
    ).map(lambda cells: (HEADER + "\n" + ",".join(cells)).encode())
)
@pytest.mark.slow
def test_no_file_whatever_ends_in_anything_but_words(machine, content):
    done = machine.imports(content)
    assert done.exit_code in (0, 1) and ("取り込みました" in done.output or "何も取り込んでいません" in done.output)


FORMS = [
    "{0.year}/{0.month}/{0.day} {0.hour}:{0.minute:02d}",
    "{0.year}-{0.month:02d}-{0.day:02d} {0.hour}:{0.minute:02d}:00", "{0.year}年{0.month}月{0.day}日{0.hour}時{0.minute}分",
    "{0:%Y%m%dT%H%M}", "{0:%G-W%V-%uT%H:%M}", "{0:%Y.%m.%d %H:%M}", "{0:%Y/%m/%d %I:%M %p}",
]  # fmt: skip


@given(st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)), st.sampled_from(FORMS), st.booleans())
def test_every_moment_is_read_as_it_was_written(moment, form, wide):
    moment = moment.replace(second=0, microsecond=0)
    written = form.format(moment)
    written = written.translate({0x21 + n: 0xFF01 + n for n in range(94)}) if wide else written
    assert day_time(written) == moment.replace(tzinfo=TOKYO)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31)), st.sampled_from(FORMS))
def test_no_day_alone_is_read_as_midnight(moment, form):
    day = form.split("{0.hour")[0].split("T%H")[0].split(" %")[0]
    with pytest.raises(NoDayTime, match="時刻がありません"):
        day_time((day + "}" * (day.count("{") - day.count("}"))).format(moment))
