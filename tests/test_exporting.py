"""What leaves for spreadsheets: Japanese that they read, no formula that they run, and the way back."""

import codecs
import csv
import io
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk.formulas import for_spreadsheet, from_spreadsheet
from helpdesk.people.tables import Resident
from helpdesk.programme.tables import Offering
from helpdesk.programme_file import importing
from helpdesk.talks.tables import Conversation, Inquiry
from tests.conftest import OPEN
from tests.wards import CHIYODA

ROOT = Path(__file__).parent.parent
FORMULAS = [
    '=HYPERLINK("http://x")',
    '＝HYPERLINK("http://x")',
    "+81",
    "＋81",
    "-1",
    "－1",
    "−1",
    "﹣1",
    "@SUM(1)",
    "＠SUM(1)",
    "﹫x",
]
AHEAD = ["", " ", "　", "\n", "\r\n", "\t", "\u200b", "\ufeff", "\u00a0 \n"]


def helpdesk(*words, database, **more):
    """The command as it is started from a shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELPDESK_", "TWILIO_", "LINE_"))}
    environment = kept | {
        "HELPDESK_DATABASE_URL": str(database.engine.url),
        "HELPDESK_CLOCK": OPEN.isoformat(),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.operations.cli", *words],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        check=False,
        **more,
    )


def inquire(database, *summaries):
    with database.transaction() as session:
        resident = Resident(created_at=OPEN)
        session.add(resident)
        session.flush()
        talk = Conversation(channel="voice", key="CA1", resident_id=resident.id, started_at=OPEN, last_at=OPEN)
        session.add(talk)
        session.flush()
        for summary in summaries:
            inquiry = {"channel": "voice", "opened_at": OPEN, "last_at": OPEN, "closed_at": OPEN, "summary": summary}
            session.add(Inquiry(resident_id=resident.id, conversation_id=talk.id, **inquiry))


def session_of(code, **more):
    start = OPEN + timedelta(days=14)
    values = {
        "kind": "class",
        "level": "basic",
        "title": "スマホ講習会",
        "venue": "区役所",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "capacity": 20,
    }
    return Offering(**(values | {"code": code, "bring": "", "cancelled": ""} | more))


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_spreadsheet_runs_what_somebody_said(formula, ahead):
    assert for_spreadsheet(ahead + formula) == "'" + ahead + formula


@pytest.mark.parametrize("plain", ["音が出ない", "1+1", "a=b", "", "'82年", "「=」の記号", 20, None, "（－）"])
def test_everything_else_stays_as_it_is(plain):
    assert for_spreadsheet(plain) == plain and (not isinstance(plain, str) or from_spreadsheet(plain) == plain)


@given(st.text(st.sampled_from("'=+-@＝＋－＠ 　\t\nあa1"), max_size=6) | st.text(max_size=12))
@example("'\n")
def test_the_way_back_is_exact(text):
    assert from_spreadsheet(for_spreadsheet(text)) == text


@pytest.mark.processes
@pytest.mark.parametrize("words", [("export", "inquiries"), ("programme", "export")])
def test_a_table_begins_with_the_byte_order_mark_and_reads_as_japanese(database, words):
    inquire(database, " ＝1+1", "音が出ない")
    with database.transaction() as session:
        session.add(session_of("C01", title="＋スマホ講習会"))
    out = helpdesk(*words, database=database).stdout
    assert out.startswith(codecs.BOM_UTF8) and out.count(codecs.BOM_UTF8) == 1
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"), newline="")))
    assert [row.get("summary") or row.get("title") for row in rows] == (
        ["' ＝1+1", "音が出ない"] if "inquiries" in words else ["'＋スマホ講習会"]
    )


@pytest.mark.processes
def test_json_lines_have_no_byte_order_mark_and_no_apostrophe(database):
    inquire(database, "=1")
    out = helpdesk("export", "inquiries", "--format", "jsonl", database=database).stdout
    assert out.startswith(b"{") and b'"=1"' in out


@pytest.mark.processes
@pytest.mark.parametrize("more", [(), ("--format", "jsonl")])
def test_a_reader_that_stops_ends_the_export_without_a_word(database, more):
    inquire(database, *("音が出ない、" * 20 for _ in range(3000)))
    reading, writing = os.pipe()
    os.close(reading)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELPDESK_", "TWILIO_", "LINE_"))}
    environment = kept | {"HELPDESK_DATABASE_URL": str(database.engine.url), "PYTHONPATH": str(ROOT)}
    for count in ("all", "none"):
        until = () if count == "all" else ("--to", "2020-01-01")
        done = subprocess.run(
            [sys.executable, "-m", "helpdesk.operations.cli", "export", "inquiries", *more, *until],
            env=environment,
            cwd=ROOT,
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
        assert done.stderr == b"" and done.returncode == 0
    os.close(writing)


AWKWARD = [
    "＝スマホ",
    "'=1",
    "''+",
    "-",
    "'82年",
    "a,b;c\td",
    '"引用"',
    "二行\n目",
    "@家",
    "ソ表構能",
    "𠮷野家",
    "＠",
    "= 1",
]


def test_the_programme_comes_back_exactly_as_it_left(any_database):
    with any_database.transaction() as session:
        for number, text in enumerate(AWKWARD):
            session.add(
                session_of(
                    f"C{number:02d}",
                    title=text,
                    bring=text,
                    cancelled=text if number % 2 else "",
                    published=bool(number % 3),
                )
            )
        session.add(session_of("-1", starts_at=OPEN.replace(second=5), ends_at=OPEN.replace(second=7)))
        session.flush()
        before = list(importing.as_rows(session))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=importing.COLUMNS)
    writer.writeheader()
    writer.writerows({name: for_spreadsheet(value) for name, value in row.items()} for row in before)
    rows, _ = importing.rows_of(out.getvalue().encode("utf-8-sig"), CHIYODA.venues)
    with any_database.transaction() as session:
        done = importing.keep(session, rows, now=OPEN)
        session.expire_all()
        assert (done.new, done.known) == (0, len(AWKWARD) + 1) and list(importing.as_rows(session)) == before
        assert {one.sequence for one in session.query(Offering)} == {0}
