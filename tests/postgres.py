"""A PostgreSQL server from the machine's server programs, for tests and measurements."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpdesk.store.database import Database

STARTS_WITHIN = 30


def programs() -> Path | None:
    """The folder of initdb and postgres; None when they are not installed."""
    found = shutil.which("initdb") or next(
        iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None
    )
    return Path(found).parent if found else None


@contextmanager
def server(*options: str) -> Iterator[str]:
    """An empty server on loopback while the block runs. Yields its URL. Raises RuntimeError when it does not start."""
    folder = programs()
    if folder is None:
        raise RuntimeError("PostgreSQL's server programs are not installed")
    home = Path(tempfile.mkdtemp(prefix="helpdesk-pg-"))
    who: dict[str, Any] = {}
    if os.getuid() == 0:  # the server refuses to be root
        who = {"user": "postgres", "group": "postgres"}
        shutil.chown(home, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home}
    subprocess.run(
        [folder / "initdb", "-D", home / "data", "-U", "helpdesk", "--auth=trust", "--encoding=UTF8", "--locale=C"],
        check=True,
        **quiet,
        **who,
    )
    settings = [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"port={port}",
        "-c",
        f"unix_socket_directories={home}",
        *options,
    ]
    process = subprocess.Popen([folder / "postgres", "-D", home / "data", *settings], **quiet, **who)
    url = f"postgresql+psycopg://helpdesk@127.0.0.1:{port}/postgres"
    trying = Database(url)
    try:
        end = time.monotonic() + STARTS_WITHIN
        while not trying.alive():
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.1)
        trying.close()
        yield url
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)
