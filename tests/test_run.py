"""``helpdesk run`` with its real processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from twilio.request_validator import RequestValidator

from tests.places import ROOT, with_models


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def wait(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("waited in vain")


@pytest.fixture
def running(tmp_path, embedded):
    """The whole service in an empty folder; the model that was trained already is at hand."""
    with_models(tmp_path)
    web, admin = free_port(), free_port()
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HELPDESK_", "TWILIO_", "LINE_", "RASA_"))
    }
    environment |= {
        "HELPDESK_BIND": f"127.0.0.1:{web}",
        "HELPDESK_ADMIN_BIND": f"127.0.0.1:{admin}",
        "HELPDESK_PUBLIC_URL": f"http://127.0.0.1:{web}",
    }
    environment |= {
        "RASA_URL": f"http://127.0.0.1:{free_port()}",
        "PYTHONPATH": str(ROOT),
        "HELPDESK_CLOCK": "2026-11-24T11:00:00+09:00",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "helpdesk.operations.cli", "run"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    while (line := process.stdout.readline()) and line.strip() != "ready":
        lines.append(line)
    yield process, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{admin}", tmp_path, "".join(lines)
    process.terminate()
    process.wait(30)


def call(web: str, folder: Path, path: str, **params: str) -> str:
    form = {"CallSid": "CA" + "0" * 32, "From": "+81312345678", **params}
    signature = RequestValidator((folder / "var" / "console_twilio_token").read_text()).compute_signature(
        web + path, form
    )
    response = httpx.post(web + path, data=form, headers={"X-Twilio-Signature": signature}, trust_env=False, timeout=20)
    assert response.status_code == 200
    return response.text


def call_again(web: str, folder: Path, path: str, **params: str) -> str:
    """The call's next step; empty while the new process takes over the port of the old one."""
    try:
        return call(web, folder, path, **params)
    except httpx.HTTPError:
        return ""


def process_of(folder: Path, name: str) -> int:
    log = (folder / "var" / "log" / "supervisor.log").read_text()
    return int(re.findall(rf"spawned: '{name}' with pid (\d+)", log)[-1])


@pytest.mark.processes
def test_it_becomes_ready_serves_a_call_restarts_what_died_and_stops_cleanly(running):
    process, web, admin, folder, told = running
    assert f"{web}/simulator" in told and "password" in told
    assert answers(web + "/simulator") and answers(admin + "/login") and answers(admin + "/metrics")
    assert "何にお困り" in call(web, folder, "/voice/incoming")
    assert (
        "どのこと"
        in (said := call(web, folder, "/voice/turn?n=1", SpeechResult="ワイファイにつながらない", Confidence="0.9"))
        or "ワイファイ" in said
    )
    wait(lambda: httpx.get(web + "/readyz", trust_env=False).json()["scheduler"] == "ok")
    assert "helpdesk_turns_total" in httpx.get(admin + "/metrics", trust_env=False).text

    for name, address in (("web", web), ("admin", admin)):
        before = process_of(folder, name)
        os.kill(before, signal.SIGKILL)
        wait(lambda name=name, before=before: process_of(folder, name) != before)
        wait(lambda address=address: answers(address + "/healthz"))
    said = wait(lambda: call_again(web, folder, "/voice/turn?n=2", Digits="9"))
    assert "押してください" in said, "the call goes on where it was"

    children = [process_of(folder, name) for name in ("web", "admin", "scheduler")]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


@pytest.mark.processes
def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path):
    environment = {**os.environ, "HELPDESK_ENV": "production", "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [sys.executable, "-m", "helpdesk.operations.cli", "run"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 2 and found.stderr.count("\n") == 1 and "HELPDESK_SECRET_KEY" in found.stderr
