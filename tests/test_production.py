"""What production refuses, in one line that names the variable; what it sends."""

import os
import secrets
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from admin.app import create_admin
from bot.web import create_web
from bot.wiring import Service
from helpdesk.settings import Settings, SettingsError, load
from tests.staff_desk import Browser

ROOT = Path(__file__).parent.parent


@pytest.fixture
def production(settings, monkeypatch, tmp_path):
    """The environment of a production that starts; ``settings`` has emptied it before."""
    monkeypatch.chdir(tmp_path)
    good = {
        "HELPDESK_ENV": "production", "HELPDESK_SECRET_KEY": secrets.token_urlsafe(32),
        "HELPDESK_PUBLIC_URL": "https://desk.example.jp", "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16), "TWILIO_PHONE_NUMBER": "+81355550000",
        "LINE_CHANNEL_SECRET": secrets.token_hex(16), "LINE_CHANNEL_ACCESS_TOKEN": secrets.token_urlsafe(120),
    }  # fmt: skip
    for name, value in good.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal():
    with pytest.raises(SettingsError) as raised:
        load()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_a_whole_environment_starts(production):
    assert load().production


def test_random_secrets_of_the_providers_kind_are_never_refused(production):
    for _ in range(300):
        production.setenv("TWILIO_AUTH_TOKEN", secrets.token_hex(16))
        assert isinstance(load(), Settings)


SECRETS = ("HELPDESK_SECRET_KEY", "TWILIO_AUTH_TOKEN", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "weak",
    [
        "x",
        "short-secret",
        "a" * 40,
        "ab" * 20,
        "1234" * 10,
        "changeme" * 5,
        "x" * 31 + "y",
        "0123456789" * 4,
        "abc123!" * 9,
    ],
)
def test_a_secret_that_can_be_guessed_is_refused(production, name, weak):
    production.setenv(name, weak)
    told = refusal()
    assert told.startswith(name) and weak not in told


@pytest.mark.parametrize(
    "address",
    [
        None,
        "http://desk.example.jp",
        "http://127.0.0.1:8000",
        "https://",
        "https:///x",
        "https://name:word@desk.example.jp",
        "https://" + "a" * 300,
    ],
)
def test_a_public_address_that_is_missing_or_not_https_is_refused(production, address):
    production.delenv("HELPDESK_PUBLIC_URL") if address is None else production.setenv("HELPDESK_PUBLIC_URL", address)
    assert refusal().startswith("HELPDESK_PUBLIC_URL")


def test_without_twilio_only_on_purpose(production):
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"):
        production.delenv(name)
    assert refusal().startswith("TWILIO_ACCOUNT_SID")
    production.setenv("HELPDESK_WITHOUT_TWILIO", "no")
    assert refusal().startswith("TWILIO_ACCOUNT_SID")
    production.setenv("HELPDESK_WITHOUT_TWILIO", "perhaps")
    assert refusal().startswith("HELPDESK_WITHOUT_TWILIO")
    production.setenv("HELPDESK_WITHOUT_TWILIO", "yes")
    assert load().without_twilio


def test_without_line_only_on_purpose(production):
    for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"):
        production.delenv(name)
    assert refusal().startswith("LINE_CHANNEL_SECRET")
    production.setenv("HELPDESK_WITHOUT_LINE", "yes")
    assert load().without_line


def test_the_clock_and_a_missing_key_are_refused(production):
    production.setenv("HELPDESK_CLOCK", "2026-11-24T11:00:00+09:00")
    assert refusal().startswith("HELPDESK_CLOCK")
    production.delenv("HELPDESK_SECRET_KEY")
    assert refusal().startswith("HELPDESK_SECRET_KEY")


def test_development_asks_for_nothing_of_this(settings, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert not load().production


@pytest.mark.processes
@pytest.mark.parametrize("process", ["web", "admin", "scheduler", "run"])
def test_each_process_stops_with_one_line(production, tmp_path, process):
    production.setenv("HELPDESK_SECRET_KEY", "z" * 64)
    found = subprocess.run(
        [sys.executable, "-m", "helpdesk.operations.cli", process],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (
        found.returncode == 2
        and found.stderr.count("\n") == 1
        and "HELPDESK_SECRET_KEY" in found.stderr
        and "zzzz" not in found.stderr
    )


def both(desk, env):
    settings = desk.service.settings.model_copy(update={"env": env})
    service = Service(settings, desk.watch, desk.database, desk.service.answering, desk.service.delivering)
    return create_web(service), create_admin(settings, desk.database, desk.watch)


def test_browsers_are_told_to_come_by_https_alone_in_production(desk):
    for app in both(desk, "production"):
        for path in ("/healthz", "/nothing"):
            assert app.test_client().get(path).headers["Strict-Transport-Security"] == "max-age=31536000"
    for app in both(desk, "development"):
        assert "Strict-Transport-Security" not in app.test_client().get("/healthz").headers


def test_the_cookie_of_production_never_goes_over_http(desk):
    _, admin = both(desk, "production")
    sent = Browser(admin).get("/login", base_url="https://desk.example.jp").headers["Set-Cookie"]
    assert "Secure" in sent and "HttpOnly" in sent and "SameSite=Lax" in sent


def test_the_public_process_sets_no_cookies_and_names_what_it_sends(desk):
    web, _ = both(desk, "production")
    for path in ("/healthz", "/readyz", "/voice/incoming", "/line/webhook", "/nothing"):
        answer = web.test_client().get(path)
        assert "Set-Cookie" not in answer.headers
        assert (
            answer.headers["X-Content-Type-Options"] == "nosniff"
            and answer.headers["X-Frame-Options"] == "DENY"
            and answer.headers["Cache-Control"] == "no-store"
        )


HOSTS = [
    "a" * 64 + ".jp",
    "a" * 300,
    "desk..jp",
    "x" * 5000,
    "desk.jp:99999999",
    "desk jp",
    "desk/jp",
    "<b>",
    "desk.jp\\x",
    "日本",
    "@",
    "[::1",
]


def test_a_host_that_is_none_is_refused_before_anything_reads_it(desk):
    for app, host in product(both(desk, "development"), HOSTS):
        answer = app.test_client().get("/healthz", environ_overrides={"HTTP_HOST": host})
        assert answer.status_code == 400, host


def test_an_ordinary_host_is_served(desk):
    for app, host in product(
        both(desk, "development"),
        [
            "desk.example.jp",
            "127.0.0.1:8001",
            "[::1]:8001",
            "localhost",
            "a" * 63 + ".jp",
            "desk_1",
            "desk.example.jp.",
        ],
    ):
        assert app.test_client().get("/healthz", environ_overrides={"HTTP_HOST": host}).status_code == 200
