"""helpdesk run: prepares what a first start needs, supervises the processes, says when they are ready."""

import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import httpx

from helpdesk.clock import clock_from, system_clock
from helpdesk.programme import importing as programme
from helpdesk.programme.sample import fiscal_year, sample
from helpdesk.settings import VAR, Settings
from helpdesk.staff import accounts
from helpdesk.store.database import Database
from nlu.embedded import load_or_train

log = logging.getLogger("helpdesk.run")
PROCESSES = ("web", "admin", "scheduler", "nlu")
READY_WITHIN = 120
SAMPLE_NAME = "sample"


def run(settings: Settings) -> int:
    """Until a signal comes; returns the exit code."""
    _prepare(settings)
    configuration = _supervisor_configuration()
    supervisor = subprocess.Popen([sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(configuration)], stdout=subprocess.DEVNULL)

    def stop(_signal: int, _frame: object) -> None:
        supervisor.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if _wait_until_ready(settings, supervisor):
        _tell(settings)
    return supervisor.wait()


def _prepare(settings: Settings) -> None:
    VAR.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    database.upgrade()
    if not settings.production:
        _sample_account(database)
        _sample_programme(database, settings)
    database.close()
    load_or_train()
    # Both kept secrets exist before several processes ask for them at once.
    settings.secret(), settings.voice_signing_token(), settings.line_signing_secret()


def _sample_account(database: Database) -> None:
    """In development somebody can sign in at once; the password is random and kept in var/."""
    with database.transaction() as session:
        if accounts.any_account(session):
            return
        password = secrets.token_urlsafe(9)
        path = VAR / "sample_password"
        path.touch(mode=0o600)
        path.write_text(password)
        accounts.add(session, SAMPLE_NAME, "manager", password, system_clock())


def _sample_programme(database: Database, settings: Settings) -> None:
    """In development an empty programme is filled with a year of made-up sessions, marked as sample."""
    now = clock_from(settings.clock_start)()
    with database.transaction() as session:
        if not next(programme.as_rows(session), None):
            programme.keep(session, list(sample(fiscal_year(now.date()), settings.ward_profile())), settings.consultation_minutes)


def _supervisor_configuration() -> Path:
    logs, metrics = VAR / "log", VAR / "metrics"
    logs.mkdir(exist_ok=True)
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    lines = ["[supervisord]", f"logfile={logs}/supervisor.log", f"pidfile={VAR}/supervisor.pid", "loglevel=info"]
    lines += ["user=root"] if os.getuid() == 0 else []
    for name in PROCESSES:
        lines += [
            f"[program:{name}]",
            f"command={sys.executable} -m bot.cli {name}",
            f'environment=PROMETHEUS_MULTIPROC_DIR="{metrics}",PYTHONUNBUFFERED="1"',
            "autorestart=unexpected" if name == "nlu" else "autorestart=true",
            "startsecs=3", "startretries=20", "stopwaitsecs=15", "stopasgroup=true", "killasgroup=true",
            "redirect_stderr=true", f"stdout_logfile={logs}/{name}.log", "stdout_logfile_maxbytes=10MB", "stdout_logfile_backups=3",
        ]  # fmt: skip
    path = VAR / "supervisord.conf"
    path.write_text("\n".join(lines) + "\n")
    return path


def _wait_until_ready(settings: Settings, supervisor: "subprocess.Popen[bytes]") -> bool:
    addresses = (f"http://{settings.bind}/readyz", f"http://{settings.admin_bind}/readyz")
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end and supervisor.poll() is None:
        try:
            if all(httpx.get(address, timeout=3, trust_env=False).status_code == 200 for address in addresses):
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    if supervisor.poll() is None:
        click.echo(f"not ready after {READY_WITHIN} s: see {VAR}/log", err=True)
    return False


def _tell(settings: Settings) -> None:
    if not settings.production:
        click.echo(f"simulator    http://{settings.bind}/simulator")
    click.echo(f"webhooks     {settings.public_url}/voice/incoming  {settings.public_url}/line/webhook")
    password = VAR / "sample_password"
    sign_in = f"  (name {SAMPLE_NAME}, password {password.read_text()})" if password.exists() and not settings.production else ""
    click.echo(f"staff pages  http://{settings.admin_bind}/{sign_in}")
    click.echo(f"logs         {VAR}/log")
    click.echo("ready")
    sys.stdout.flush()
