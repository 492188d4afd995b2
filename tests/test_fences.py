"""The rules of the house: rooms import downwards, flows hold no Japanese, functions and lines stay short."""

import ast
import re
import shutil
import subprocess
import sys

import pytest

from flows.registry import FLOWS
from flows.script.facts import Facts
from helpdesk.ward.topics import topics
from tests.places import ROOT

PACKAGES = ("admin", "bot", "flows", "helpdesk", "nlu", "scheduler")
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
LONGEST_FUNCTION, LONGEST_LINE, LONGEST_FILE = 40, 120, 300
MIGRATIONS = "helpdesk/migrations"
"""What was run on other people's databases is never written again."""


def python_files(*packages):
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def lint(folder):
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.mark.processes
@pytest.mark.slow
def test_rooms_import_downwards():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("flows/script/dates.py", "from flows import dispatch"),
        ("flows/guides/guide.py", "import sqlalchemy"),
        ("helpdesk/people/residents.py", "from helpdesk.booking import bookings"),
        ("admin/words.py", "from flows.script import dates"),
        ("nlu/text.py", "from helpdesk import clock"),
    ],
)
def test_a_room_that_breaks_a_rule_is_found(tmp_path, file, line):
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.npz", "static")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    broken = tmp_path / file
    broken.write_text(f"{broken.read_text(encoding='utf-8')}\n\ndef later():\n    {line}\n", encoding="utf-8")
    done = lint(tmp_path)
    assert done.returncode != 0 and "BROKEN" in done.stdout, done.stdout + done.stderr


def test_flows_hold_no_japanese_outside_docstrings():
    found = []
    for path in python_files("flows"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
        for node in ast.walk(tree):
            told = node.value if isinstance(node, ast.Constant) and id(node) not in docs else None
            if isinstance(told, str) and JAPANESE.search(told):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_functions_are_short():
    found = []
    for path in python_files(*PACKAGES):
        if MIGRATIONS in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found.append(f"{path.relative_to(ROOT)} {node.name} {lines}")
    assert found == []


def test_lines_and_files_are_short():
    wide, long = [], []
    for path in python_files(*PACKAGES, "bench", "tools"):
        lines = path.read_text(encoding="utf-8").splitlines()
        wide += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if len(line) > LONGEST_LINE]
        long += [f"{path.relative_to(ROOT)} {len(lines)}"] if len(lines) > LONGEST_FILE else []
    assert (wide, long) == ([], [])


@pytest.mark.processes
def test_functions_are_simple():
    command = ["ruff", "check", "--select", "C901", "--config", "lint.mccabe.max-complexity=15", *PACKAGES]
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_each_question_and_each_topic_has_one_flow():
    questions = [name for flow in FLOWS for name in flow.asks]
    begun = [topic for flow in FLOWS for topic in flow.topics]
    assert len(questions) == len(set(questions)) and len(begun) == len(set(begun))
    assert set(topics()) <= set(begun)
    assert len({flow.name for flow in FLOWS}) == len(FLOWS)
    assert all(issubclass(flow.facts, Facts) and flow.facts.FLOW for flow in FLOWS)


def test_no_flow_names_a_question_of_another():
    """A question's name stands in the flow that asks it, or in a room below."""
    owners = {name: flow.answer.__module__ for flow in FLOWS for name in flow.asks if "." in name}
    found = []
    for path in python_files("flows"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        room = module.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            owner = owners.get(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
            if owner is not None and owner.rpartition(".")[0] != room:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")
    assert found == []
