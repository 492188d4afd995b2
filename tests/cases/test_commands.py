"""The cases of the command line and of rules that are asked directly.

Time words, the import's files, closed days, what is said.
"""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from flows.script.wording import every_line
from helpdesk.clock import TOKYO
from helpdesk.formulas import for_spreadsheet
from helpdesk.operations.cli import main
from helpdesk.programme.tables import Offering
from helpdesk.settings import settings as read_settings
from helpdesk.store.database import Database
from nlu.evaluation import read_time
from tests.cases.desk import CASES, family
from tests.wards import CHIYODA

TESTS = Path(__file__).parent.parent


def time_cases():
    for case in family("TIME"):
        if "command" in case:
            for number, (given, expected) in enumerate(zip(case["inputs"], case["expected"], strict=True)):
                yield pytest.param(given, expected, id=f"{case['id']}-{number}")


@pytest.mark.parametrize(("given", "expected"), list(time_cases()))
def test_time_words_are_read_exactly(given, expected):
    found = read_time(given)
    assert {name: found.get(name) for name in {"date", "part", *expected}} == {"date": None, "part": None, **expected}
    assert "dates" in expected or "dates" not in found or expected["date"] is None
    assert "time" in expected or "time" not in found


def test_closed_days_are_those_of_the_law():
    case = CASES["TIME-20"]
    assert [not CHIYODA.hours.is_open_day(date.fromisoformat(day)) for day in case["inputs"]["closed?"]] == case[
        "expected"
    ]["closed"]
    assert [
        CHIYODA.hours.next_open_day(date.fromisoformat(day)).isoformat()
        for day in case["inputs"]["next open day after"]
    ] == case["expected"]["next"]


def test_nothing_is_said_that_a_voice_reads_wrong():
    for name, line in every_line():
        told = "".join([line["ear"]] if isinstance(line["ear"], str) else line["ear"])
        assert not [sign for sign in CASES["VOICE-14"]["expected"]["lacks"] if sign in told], name


@pytest.fixture
def command(tmp_path, monkeypatch, settings):
    """Runs ``helpdesk …`` on an empty database of its own."""
    url = f"sqlite:///{tmp_path}/cases.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HELPDESK_DATABASE_URL", url)
    monkeypatch.setenv("HELPDESK_CLOCK", "2026-11-25T10:30:00+09:00")
    read_settings.cache_clear()
    database = Database(url)
    database.upgrade()
    yield lambda *arguments: CliRunner().invoke(main, list(arguments))
    read_settings.cache_clear()


def file_of(folder, given, name="programme.csv"):
    newline = {"CR": "\r"}.get(given.get("newline", ""), "\r\n")
    path = folder / name
    path.write_bytes("".join(line + newline for line in given["lines"]).encode(given["encoding"]))
    return str(path)


def kept(folder):
    with Database(f"sqlite:///{folder}/cases.db").reading() as session:
        found = session.scalars(select(Offering).order_by(Offering.id)).all()
        return [
            [f"{moment.astimezone(TOKYO):%Y-%m-%dT%H:%M}" for moment in (one.starts_at, one.ends_at)] for one in found
        ]


def files(*ids):
    return [
        pytest.param(CASES[name], number, id=f"{name}-{number}")
        for name in ids
        for number in range(len(CASES[name]["inputs"]))
    ]


@pytest.mark.parametrize(("case", "number"), files("CSV-01", "CSV-02", "CSV-03", "CSV-10"))
def test_files_are_read_as_spreadsheets_save_them(command, tmp_path, case, number):
    done = command("programme", "import", file_of(tmp_path, case["inputs"][number]))
    wanted = case["expected"]["sessions"]
    wanted = wanted[number] if isinstance(wanted, list) else wanted
    if wanted is None:
        assert done.exit_code != 0 and "starts_at" in done.output and not kept(tmp_path)
    elif isinstance(wanted, list):
        assert done.exit_code == 0 and kept(tmp_path) == [wanted], done.output
    else:
        assert done.exit_code == 0 and len(kept(tmp_path)) == wanted, done.output


@pytest.mark.parametrize(("case", "number"), files("CSV-04"))
def test_a_start_without_a_time_is_a_mistake(command, tmp_path, case, number):
    done = command("programme", "import", file_of(tmp_path, case["inputs"][number]))
    assert done.exit_code != 0 and not kept(tmp_path)
    assert all(word in done.output for word in case["expected"]["has"]), done.output


def test_a_code_without_its_zeros_makes_no_second_session(command, tmp_path):
    first, second = CASES["CSV-06"]["inputs"]
    assert command("programme", "import", file_of(tmp_path, first)).exit_code == 0
    again = command("programme", "import", file_of(tmp_path, second))
    assert len(kept(tmp_path)) == 1 or "001" in again.output


@pytest.mark.parametrize("what", [("export", "inquiries"), ("programme", "export")], ids=" ".join)
def test_an_export_begins_with_a_byte_order_mark(command, tmp_path, what):
    done = command(*what)
    assert done.exit_code == 0 and done.stdout_bytes.startswith(bytes.fromhex("EFBBBF"))


@pytest.mark.parametrize("words", CASES["CSV-09"]["inputs"])
def test_no_cell_is_a_formula(words):
    sheet = io.StringIO()
    csv.writer(sheet).writerow([for_spreadsheet(words)])
    cell = next(csv.reader(io.StringIO(sheet.getvalue())))[0]
    assert cell.lstrip()[0] not in "=+-@＝＋－＠", cell


ELSEWHERE = {
    "LINE-03": ("test_stays_right", "test_an_event_of_any_kind_is_accepted"),
    "LINE-06": ("test_stays_right", "test_buttons_of_another_tool_do_no_harm"),
    "BOOK-02": ("test_wishes", "test_an_offer_of_a_session_that_was_cancelled_books_nothing"),
    "BOOK-06": ("test_staff_programme", "test_a_cancelled_booking_is_not_revived"),
    "ICS-01": ("test_calendar_file", "test_long_lines_signs_and_line_breaks_reach_the_calendar_whole"),
    "ICS-02": ("test_calendar_file", "test_each_change_of_time_place_or_state_counts_up"),
    "STAFF-01": ("test_staff_search", "test_staff_01_it_is_found_however_it_is_written"),
    "STAFF-02": ("test_staff_attacks", "test_staff_02_no_record_of_that_number"),
    "STAFF-04": ("test_staff_sign_in_limits", "test_staff_04_a_colleague_behind_the_same_address_gets_in"),
    "STAFF-05": ("test_staff_access", "test_staff_05_labels_headings_tables_and_language"),
    "STAFF-06": ("test_staff_access", "test_staff_06_the_path_is_printed_on_a4_without_what_is_for_the_screen"),
    "RUN-01": ("test_slow_rasa", "test_nonsense_is_no_answer_and_the_embedded_classifier_answers"),
    "RUN-03": ("test_slow_rasa", "test_an_answer_that_comes_drop_by_drop_is_not_waited_for_and_the_breaker_counts_it"),
    "RUN-04": (
        "test_busy_database",
        "test_a_caller_is_put_through_within_eight_seconds_when_the_database_stays_locked",
    ),
    "RUN-05": ("test_clock_jumps", "test_every_job_runs_again_soon_after_the_clock_was_set"),
    "RUN-06": ("test_busy_database", "test_slow_clients_do_not_keep_a_call_from_being_answered"),
}
"""Cases that are played by a test of the room that they belong to: (file, test)."""


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_a_test(name):
    if name in ELSEWHERE:
        file, test = ELSEWHERE[name]
        (path,) = TESTS.rglob(f"{file}.py")
        assert f"def {test}" in path.read_text(encoding="utf-8")
    else:
        here = (
            "NAME",
            "TIME",
            "VOICE",
            "PRIV",
            "LINE-01",
            "LINE-05",
            "LINE-07",
            "LINE-09",
            "BOOK-01",
            "BOOK-03",
            "BOOK-04",
            "CSV",
        )
        assert name.startswith(here)
