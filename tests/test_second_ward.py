"""Another ward is answered from its folder alone (``tests/wards_invented``): its name, hours, places and own words."""

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner

from bot.wiring import deployment_of
from helpdesk.clock import TOKYO
from helpdesk.operations.cli import main
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering
from helpdesk.settings import SettingsError
from helpdesk.ward.profile import read_ward
from nlu.understand import Understander
from tests.conftest import make_desk, settings_of_a_test
from tests.places import ROOT

FOLDER = ROOT / "tests" / "wards_invented" / "minato_hama"


@pytest.fixture
def far_desk(tmp_path, database, embedded, settings):
    """The helpdesk of the invented ward, with two sessions."""
    made = make_desk(
        settings_of_a_test(tmp_path).model_copy(update={"ward": FOLDER}), database, Understander(None, embedded)
    )
    with database.transaction() as session:
        for code, venue, start in (("K1", "灯台会館", (2026, 12, 2, 10)), ("K2", "汐見センター", (2026, 12, 5, 14))):
            at = datetime(*start, tzinfo=TOKYO)
            one = Offering(
                code=code, kind="class", level="basic", title=code, venue=venue, starts_at=at, ends_at=at + timedelta(hours=2), capacity=9
            )  # fmt: skip
            session.add(one)
            session.flush()
            cut(session, one)
    return made


def at(*when):
    return datetime(2026, 11, *when, tzinfo=TOKYO)


def test_its_own_greeting_and_its_own_hours(far_desk):
    far_desk.watch.now = at(24, 9, 45)  # a Tuesday: open here, closed in Chiyoda
    assert "港浜区の、何でも相談です" in far_desk.caller().rings().said
    caller = far_desk.caller()
    caller.rings()
    assert "おつなぎ" in caller.presses("0").said
    far_desk.watch.now = at(24, 16, 30)  # closed here, open in Chiyoda
    friend = far_desk.friend()
    friend.does("follow")
    assert "港浜区デジタル何でも相談です" in friend.shown and "9時30分から16時" in friend.shown
    assert "10時から17時" not in friend.shown and "千代田" not in friend.shown


def test_it_is_open_on_saturday_and_closed_on_monday(far_desk):
    far_desk.watch.now = at(28, 11)
    caller = far_desk.caller()
    caller.rings()
    assert "おつなぎ" in caller.presses("0").said
    far_desk.watch.now = at(30, 11)
    caller = far_desk.caller()
    caller.rings()
    assert "おつなぎ" not in caller.presses("0").said


def test_its_own_places_are_heard_and_told(far_desk):
    caller = far_desk.caller()
    caller.rings()
    assert "灯台会館" in caller.says("基礎の講習会をみさき駅の近くで予約したい").said
    caller = far_desk.caller()
    caller.rings()
    said = caller.says("汐見で基礎の講習会を予約したいです").said
    assert "汐見センター" in said and "12月5日" in said


def test_the_way_to_its_place(far_desk):
    friend = far_desk.friend()
    friend.writes("灯台会館にはどう行けばいいですか")
    assert "みさき駅の海側の出口から歩いて4分です" in friend.shown


def test_the_check_names_what_is_missing(tmp_path):
    check = lambda folder: CliRunner().invoke(main, ["ward", "check", str(folder)])  # noqa: E731
    done = check(FOLDER)
    assert done.exit_code == 0 and "港浜区デジタル何でも相談" in done.output and "会場 2か所" in done.output
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in FOLDER.iterdir():
        (broken / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (broken / "places.yml").write_text("灯台会館: [灯台]\n", encoding="utf-8")
    assert "汐見センター" in check(broken).output
    (broken / "venues.yml").unlink()
    failed = check(broken)
    assert failed.exit_code == 1 and "venues.yml" in failed.output and failed.output.count("\n") == 1


def test_a_line_that_nobody_says_stops_the_start(tmp_path, settings):
    folder = tmp_path / "ward"
    folder.mkdir()
    for path in FOLDER.iterdir():
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "lines.yml").write_text("greeting.opne: {ear: [あ。], eye: [あ。]}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"greeting\.opne"):
        deployment_of(settings.model_copy(update={"ward": folder}))


def test_two_places_share_no_word():
    for folder in (FOLDER, ROOT / "wards" / "chiyoda"):
        words = [word for _, found in read_ward(folder).place_words for word in found]
        assert len(words) == len(set(words))
