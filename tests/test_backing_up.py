"""A copy of the database and the way back, on both kinds of database."""

import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from helpdesk.health import backing_up
from helpdesk.operations.cli import main
from helpdesk.people.tables import Address, Resident
from helpdesk.programme.tables import Offering
from helpdesk.programme_file import importing
from helpdesk.programme_file.sample import sample
from helpdesk.settings import settings as read_settings
from helpdesk.store.database import Database
from tests.conftest import OPEN
from tests.wards import CHIYODA


@pytest.fixture
def url(any_database):
    """A database with people and sessions in it."""
    with any_database.transaction() as session:
        importing.keep(session, list(sample(2026, CHIYODA)))
        session.add(
            Resident(created_at=OPEN, name="髙橋花子", addresses=[Address(kind="phone", value="+819055557777")])
        )
    return any_database.engine.url.render_as_string(hide_password=False)


def emptied(database):
    if database.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(database.engine.url.database, isolation_level=None)) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                connection.execute(f"DROP TABLE {name}")
        return
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def test_a_restored_database_has_what_the_copy_had(any_database, url, tmp_path):
    before = backing_up.rows(any_database)
    backing_up.back_up(url, tmp_path / "copy")
    emptied(any_database)
    assert before["offerings"] == 58 and backing_up.restore(url, tmp_path / "copy") == before == backing_up.rows(
        any_database
    )
    with any_database.transaction() as session:
        assert session.scalars(select(Resident)).one().addresses[0].value == "+819055557777"
        session.add(Resident(created_at=OPEN))  # numbers go on after those that are taken
        session.flush()
        assert len({one.id for one in session.scalars(select(Resident))}) == 2


def test_tables_without_rows_are_empty_and_rows_go_only_when_told(any_database, url, tmp_path):
    backing_up.back_up(url, tmp_path / "copy")
    with any_database.transaction() as session:
        session.scalars(select(Offering).where(Offering.code == "見本-K01")).one().title = "書き換えた"
    with pytest.raises(backing_up.BackupError, match="--yes"):
        backing_up.restore(url, tmp_path / "copy")
    with any_database.reading() as session:
        assert session.scalars(select(Offering).where(Offering.code == "見本-K01")).one().title == "書き換えた"
    backing_up.restore(url, tmp_path / "copy", over=True)
    with any_database.reading() as session:
        assert session.scalars(select(Offering).where(Offering.code == "見本-K01")).one().title == "スマホ講習会 基礎編"
    emptied(any_database)
    any_database.upgrade()
    assert backing_up.restore(url, tmp_path / "copy")["offerings"] == 58


def test_a_copy_of_an_older_release_is_brought_to_this_one(any_database, url, tmp_path):
    with any_database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE offerings DROP COLUMN sequence")
        connection.exec_driver_sql("ALTER TABLE offerings DROP COLUMN changed_at")
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    backing_up.back_up(url, tmp_path / "copy")
    emptied(any_database)
    assert backing_up.restore(url, tmp_path / "copy")["offerings"] == 58
    with any_database.reading() as session:
        assert {one.sequence for one in session.scalars(select(Offering))} == {0}


@pytest.mark.parametrize(
    "content",
    [b"", b"code,kind\n", b"SQLite format 3\0", b"PGDMP", b"SQLite format 3\0" + b"x" * 5000, b"PGDMP" + b"x" * 5000],
)
def test_a_file_that_is_no_copy_changes_nothing_and_is_one_line(any_database, url, tmp_path, content):
    before = backing_up.rows(any_database)
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(backing_up.BackupError) as raised:
        backing_up.restore(url, tmp_path / "copy", over=True)
    assert "\n" not in str(raised.value) and backing_up.rows(any_database) == before


def test_half_a_copy_changes_nothing(any_database, url, tmp_path):
    before = backing_up.rows(any_database)
    backing_up.back_up(url, tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(backing_up.BackupError):
        backing_up.restore(url, tmp_path / "half", over=True)
    assert backing_up.rows(any_database) == before


def test_a_database_of_something_else_is_no_copy(tmp_path):
    with sqlite3.connect(tmp_path / "other") as other:
        other.execute("CREATE TABLE music (title)")
    with pytest.raises(backing_up.BackupError, match="no backup of the helpdesk"):
        backing_up.restore(f"sqlite:///{tmp_path}/desk.db", tmp_path / "other")


def test_the_command_tells_what_came_back(any_database, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HELPDESK_DATABASE_URL", url)
    read_settings.cache_clear()

    def run(*words):
        return CliRunner().invoke(main, list(words))

    assert run("backup", "copy").exit_code == 0
    refused = run("restore", "copy")
    assert refused.exit_code == 1 and refused.output.count("\n") == 1 and "--yes" in refused.output
    done = run("restore", "copy", "--yes")
    assert done.exit_code == 0 and "1 residents" in done.output
    (tmp_path / "notes").write_text("nothing")
    refused = run("restore", "notes", "--yes")
    assert refused.exit_code == 1 and refused.output.count("\n") == 1 and "no backup" in refused.output
    read_settings.cache_clear()
    database = Database(url)
    assert backing_up.rows(database)["offerings"] == 58
    database.close()
