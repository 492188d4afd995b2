"""Serves a WSGI app with gunicorn: one process, several threads."""

import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

THREADS = 16
SWITCH_SECONDS = 0.0005


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, make: Callable[[], Any], bind: str) -> None:
        self._make, self._bind = make, bind
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._bind, "workers": 1, "threads": THREADS, "worker_class": "gthread", "graceful_timeout": 10, "timeout": 60,
            "keepalive": 30, "accesslog": None, "loglevel": "warning",
        }  # fmt: skip
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Turns are short: a thread that got the database's turn must not wait 5 ms for the interpreter.
        sys.setswitchinterval(SWITCH_SECONDS)
        return self._make()


def serve(make: Callable[[], Any], bind: str) -> None:
    """Run until told to stop. ``make`` builds the app inside the worker."""
    _Server(make, bind).run()
