"""Serves a WSGI app with gunicorn: one process, several threads, none for long to somebody who sends slowly."""

import contextlib
import io
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from helpdesk.whole import whole

THREADS = 48
SWITCH_SECONDS = 0.0005
REQUEST_SECONDS = 3.0
"""From its first byte a request has so long to arrive as a whole; who takes longer is cut off."""
LARGEST_BODY = 2 * 1024 * 1024


class Arriving:
    """The requests that are being read, each by its thread. Knows who is too slow."""

    def __init__(self, seconds: float = REQUEST_SECONDS) -> None:
        self._seconds = seconds
        self._until: dict[int, tuple[float, socket.socket]] = {}
        self._lock = threading.Lock()

    def begins(self, connection: socket.socket) -> None:
        with self._lock:
            self._until[threading.get_ident()] = (time.monotonic() + self._seconds, connection)

    def is_there(self) -> None:
        """This thread's request has arrived as a whole."""
        with self._lock:
            self._until.pop(threading.get_ident(), None)

    def cut_off_the_slow(self) -> None:
        """Whoever reads from such a connection finds its end."""
        now = time.monotonic()
        with self._lock:
            slow = [connection for until, connection in self._until.values() if until < now]
            for connection in slow:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)


arriving = Arriving()


def whole_body_first(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The app sees a request only when its body is there; one that broke off is answered with 400."""

    def serve_it(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        told = environ.get("CONTENT_LENGTH") or ""
        length = whole(told or "0", LARGEST_BODY)
        body = b""
        if length is not None:  # what is too large is refused by the app without reading it
            body = environ["wsgi.input"].read(LARGEST_BODY + 1 if not told else length)
            environ["wsgi.input"] = io.BytesIO(body)
        arriving.is_there()
        if told and length is not None and len(body) < length:
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Connection", "close")])
            return [b"Bad Request\n"]
        return app(environ, start_response)

    return serve_it


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which gives a request only so long to arrive."""

    def handle(self, conn: Any) -> Any:
        arriving.begins(conn.sock)
        try:
            return super().handle(conn)
        finally:
            arriving.is_there()

    def murder_pending(self) -> None:
        """Called every second at most."""
        super().murder_pending()
        arriving.cut_off_the_slow()


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, make: Callable[[], Any], bind: str) -> None:
        self._make, self._bind = make, bind
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._bind, "workers": 1, "threads": THREADS, "worker_class": f"{__name__}.Worker",
            "graceful_timeout": 10, "timeout": 60, "keepalive": 30, "accesslog": None, "loglevel": "warning",
        }  # fmt: skip
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Turns are short: a thread that got the database's turn must not wait 5 ms for the interpreter.
        sys.setswitchinterval(SWITCH_SECONDS)
        return whole_body_first(self._make())


def serve(make: Callable[[], Any], bind: str) -> None:
    """Run until told to stop. ``make`` builds the app inside the worker."""
    _Server(make, bind).run()
