"""Trains and serves Rasa in its own environment."""

import logging
import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from nlu.embedded import CODE
from nlu.encoder.weights import KEPT
from nlu.training_data import DATA, RASA, fingerprint

log = logging.getLogger("helpdesk.nlu")
ENVIRONMENT = Path(".venv-rasa")
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


class RasaMissing(Exception):
    """Rasa's environment is not there, or training failed. ``str()`` is one line."""


def model_path(folder: Path) -> Path:
    """Where the model of the present data and configuration is kept."""
    code = (RASA / "config.yml", RASA / "requirements.lock", *sorted((RASA / "components").glob("*.py")), *CODE, KEPT)
    return folder / f"rasa-{fingerprint(*code)}.tar.gz"


def command(*arguments: str) -> list[str]:
    """Rasa's command. Raises RasaMissing."""
    program = ENVIRONMENT / "bin" / "python"
    if not program.exists():
        raise RasaMissing(f"{ENVIRONMENT} is missing: make setup builds it; the embedded classifier answers meanwhile")
    return [str(program.absolute()), "-m", "rasa", *arguments]


def environment() -> dict[str, str]:
    """Variables for Rasa's processes: our components can be imported, nothing is reported to anybody."""
    return {**os.environ, **_QUIET, "PYTHONPATH": str(RASA.parent.parent.absolute())}


def train(folder: Path) -> Path:
    """The model of the present data in ``folder``, trained when it is missing (about a minute). Raises RasaMissing."""
    path = model_path(folder)
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    draft = f"training-{os.getpid()}"
    data = ("--nlu", str(DATA), "--out", str(folder), "--fixed-model-name", draft)
    arguments = command("train", "nlu", "--config", str(RASA / "config.yml"), *data)
    log.info("training Rasa, about a minute")
    where = environment() | {"HELPDESK_VAR": str(folder.absolute().parent)}
    if subprocess.run(arguments, env=where, stdin=subprocess.DEVNULL).returncode:
        raise RasaMissing("Rasa's training failed, its reason stands above")
    (folder / f"{draft}.tar.gz").replace(path)
    for old in folder.glob("rasa-*.tar.gz"):
        if old != path:
            old.unlink()
    return path


def serve(url: str, folder: Path) -> int:
    """Train when needed, then become the server. Returns 0 when Rasa is not installed: nobody has to restart this."""
    try:
        arguments = server_command(train(folder), url)
    except RasaMissing as error:
        log.warning("%s", error)
        return 0
    os.execve(arguments[0], arguments, environment())  # never comes back


def server_command(model: Path, url: str) -> list[str]:
    """Rasa's model server for ``url``. Raises RasaMissing."""
    address = urlsplit(url)
    return command(
        "run", "--enable-api", "--model", str(model),
        "--interface", address.hostname or "127.0.0.1", "--port", str(address.port or 5005),
        "--endpoints", str(RASA / "endpoints.yml"), "--credentials", str(RASA / "credentials.yml"),
    )  # fmt: skip
