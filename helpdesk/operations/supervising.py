"""Supervises the processes, each started by its command's name, and says when they are ready."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import httpx

from helpdesk.settings import Settings

PROCESSES = ("web", "admin", "scheduler", "nlu")
READY_WITHIN = 120
SAMPLE_NAME = "sample"


def command(*words: str) -> list[str]:
    """``helpdesk WORDS`` in this environment, wherever the installed command lies."""
    return [sys.executable, "-m", "helpdesk.operations.cli", *words]


def done(*words: str) -> bool:
    """Run ``helpdesk WORDS`` to its end; whether it went well."""
    return subprocess.run(command(*words)).returncode == 0


def sample_password(settings: Settings) -> Path:
    """Where the random password of development's account is kept."""
    return settings.var / "sample_password"


def supervise(settings: Settings) -> int:
    """Until a signal comes; returns the exit code."""
    configuration = _configuration(settings.var)
    arguments = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(configuration)]
    supervisor = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)

    def stop(_signal: int, _frame: object) -> None:
        supervisor.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if _wait_until_ready(settings, supervisor):
        _tell(settings)
    return supervisor.wait()


def _configuration(var: Path) -> Path:
    logs, metrics = var / "log", var / "metrics"
    logs.mkdir(exist_ok=True)
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    lines = ["[supervisord]", f"logfile={logs}/supervisor.log", f"pidfile={var}/supervisor.pid", "loglevel=info"]
    lines += ["user=root"] if os.getuid() == 0 else []
    for name in PROCESSES:
        lines += [
            f"[program:{name}]",
            f"command={' '.join(command(name))}",
            f'environment=PROMETHEUS_MULTIPROC_DIR="{metrics}",PYTHONUNBUFFERED="1"',
            "autorestart=unexpected" if name == "nlu" else "autorestart=true",
            "startsecs=3", "startretries=20", "stopwaitsecs=15", "stopasgroup=true", "killasgroup=true",
            "redirect_stderr=true", f"stdout_logfile={logs}/{name}.log",
            "stdout_logfile_maxbytes=10MB", "stdout_logfile_backups=3",
        ]  # fmt: skip
    path = var / "supervisord.conf"
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
        click.echo(f"not ready after {READY_WITHIN} s: see {settings.var}/log", err=True)
    return False


def _tell(settings: Settings) -> None:
    if not settings.production:
        click.echo(f"simulator    http://{settings.bind}/simulator")
    click.echo(f"webhooks     {settings.public_url}/voice/incoming  {settings.public_url}/line/webhook")
    password = sample_password(settings)
    sign_in = (
        f"  (name {SAMPLE_NAME}, password {password.read_text()})"
        if password.exists() and not settings.production
        else ""
    )
    click.echo(f"staff pages  http://{settings.admin_bind}/{sign_in}")
    click.echo(f"logs         {settings.var}/log")
    click.echo("ready")
    sys.stdout.flush()
