"""The ward of the tests."""

from pathlib import Path

from helpdesk.ward.profile import read_ward

CHIYODA = read_ward(Path(__file__).parent.parent / "wards" / "chiyoda")
