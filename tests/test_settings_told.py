"""What a deployment may choose is told where people look for it, and nothing else is."""

import re

import pytest

from helpdesk.settings import Settings
from tests.places import ROOT

NAMES = sorted(str(field.alias) for field in Settings.model_fields.values())
_NAME = re.compile(r"\b(?:HELPDESK|TWILIO|LINE|RASA)_[A-Z0-9_]+\b")
BESIDE = {"HELPDESK_STAFF_PASSWORD", "HELPDESK_PYTHON310", "HELPDESK_EMITTED"}
"""Read by one command, by make and by the tests alone."""


@pytest.mark.parametrize("file", [".env.example", "README.md"])
def test_each_setting_is_told(file):
    told = set(_NAME.findall((ROOT / file).read_text(encoding="utf-8")))
    assert [name for name in NAMES if name not in told] == []


@pytest.mark.parametrize("file", [".env.example", "README.md"])
def test_nothing_is_told_that_nobody_reads(file):
    told = set(_NAME.findall((ROOT / file).read_text(encoding="utf-8")))
    assert told - {*NAMES, *BESIDE} == set()


def test_the_defaults_told_are_those_of_the_code(monkeypatch, tmp_path):
    """The README's tables: a cell with the names, a cell with the defaults in the same order."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    by_name = {field.alias: getattr(Settings(_env_file=None), key) for key, field in Settings.model_fields.items()}
    compared = 0
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        names = _NAME.findall(cells[1]) if len(cells) > 3 else []
        for name, told in zip(names, re.split(r",\s*", cells[2]) if names else [], strict=True):
            if told != "none":
                assert str(by_name[name]) == told.strip("`"), name
                compared += 1
            else:
                assert by_name[name] is None, name
    assert compared >= 15
