"""The house as its pages tell it: the map of the imports, the rooms, every command."""

import re

import click
import pytest

from helpdesk.operations.cli import House, main
from tests.places import ROOT
from tools import house_map

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CONTRIBUTING.md")
NOT_YET = {
    "helpdesk/outreach/kinds.yml", "helpdesk/outreach/sources.py",
}  # fmt: skip
"""What CONTRIBUTING.md already tells of the next rooms; each name goes when the thing is there (a test says so)."""


def test_the_map_is_drawn_from_the_code_as_it_is():
    assert house_map.FILE.read_text(encoding="utf-8") == house_map.page(), "make map draws it anew"


def test_arrows_that_follow_from_others_are_left_out_and_circles_are_not():
    assert house_map.fewest({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}
    assert house_map.fewest({"a": {"b"}, "b": {"a"}}) == {"a": {"b"}, "b": {"a"}}


def rooms_of(package: str) -> set[str]:
    """The folders of a package; of bot's channels each one."""
    folders = {path.name for path in (ROOT / package).iterdir() if path.is_dir() and not path.name.startswith("__")}
    return folders - {"channels"} | {"channels/line", "channels/voice"} if "channels" in folders else folders


@pytest.mark.parametrize("package", house_map.PACKAGES)
def test_the_readme_names_the_rooms_that_there_are(package):
    [row] = [line.split("|") for line in README.splitlines() if line.startswith(f"| `{package}/`")]
    assert {name.rstrip("/") for name in re.findall(r"`([^`]+)`", row[3])} == rooms_of(package)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    code = "\n".join([*re.findall(r"`([^`]+)`", text), *re.findall(r"^    (.+)$", text, re.M)])
    there = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= there
    for words in re.findall(r"\bhelpdesk ((?:[a-z]+(?:[ \n]|\b))+)", code):
        if f"helpdesk {' '.join(words.split()[:2])}" not in NOT_YET:
            _find(words.split())


def _find(words):
    """The command that begins with these words, as far as they are commands."""
    group, context = main, click.Context(main, obj=House())
    for word in words:
        found = group.get_command(context, word)
        assert found is not None, f"helpdesk {' '.join(words)}"
        if not isinstance(found, click.Group):
            return
        group = found


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = {
        name.rstrip("/") for name in re.findall(r"`([a-z_]+/[\w./*-]+)`", text) if not re.search(r"[A-Z]{2}", name)
    }
    named = {name for name in named if (ROOT / name.partition("/")[0]).is_dir() and not name.startswith("var/")}
    assert [name for name in sorted(named - NOT_YET) if not list(ROOT.glob(name))] == []
    assert len(named) > 8


def test_what_is_not_there_yet_is_not_there():
    files = {name for name in NOT_YET if "/" in name}
    assert [name for name in sorted(files) if (ROOT / name).exists()] == []
    for words in NOT_YET - files:
        assert main.get_command(click.Context(main, obj=House()), words.split()[1]) is None, words
