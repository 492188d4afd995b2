"""HTTP whose answers are limited as a whole: a server that talks drop by drop cannot hold anybody longer."""

import socket
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util import Timeout

CONNECT_SECONDS = 0.5
LARGEST = 1_000_000
"""Bytes of an answer that are read."""


class TooLong(ValueError):
    """The answer is larger than any that makes sense."""


class _LimitedSocket(socket.socket):
    """A socket whose reading ends at an instant, however often something arrives."""

    until = float("inf")

    def recv_into(self, *args: Any, **more: Any) -> int:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer as a whole took too long")
        if left != float("inf"):
            self.settimeout(left)
        return super().recv_into(*args, **more)


class _LimitedConnection(HTTPConnection):
    """Its timeout for reading is for the whole answer: head and body together."""

    def _new_conn(self) -> socket.socket:
        plain = super()._new_conn()
        timeout = plain.gettimeout()
        limited = _LimitedSocket(plain.family, plain.type, plain.proto, fileno=plain.detach())
        limited.settimeout(timeout)
        return limited

    def getresponse(self) -> Any:
        if isinstance(self.sock, _LimitedSocket):
            self.sock.until = (
                time.monotonic() + self.timeout if isinstance(self.timeout, (int, float)) else float("inf")
            )
        return super().getresponse()


class _LimitedPool(HTTPConnectionPool):
    ConnectionCls = _LimitedConnection


class LimitedHttp:
    """Asks one server; safe to use from several threads.

    The limit holds on plain HTTP, which is what Rasa speaks on one machine.
    """

    def __init__(self, connections: int) -> None:
        # urllib3 without a proxy: half the time of a richer client for the one small request that every turn makes.
        self._pools = urllib3.PoolManager(maxsize=connections, retries=False)
        self._pools.pool_classes_by_scheme = {**self._pools.pool_classes_by_scheme, "http": _LimitedPool}

    def ask(self, method: str, url: str, seconds: float, **more: Any) -> tuple[int, bytes]:
        """(status, body) within ``seconds`` from here on. Raises urllib3's HTTPError or TooLong."""
        timeout = Timeout(total=seconds, connect=min(CONNECT_SECONDS, seconds))
        response = self._pools.request(method, url, timeout=timeout, redirect=False, preload_content=False, **more)
        try:
            body = response.read(LARGEST + 1)
            if len(body) > LARGEST:
                raise TooLong(f"more than {LARGEST} bytes")
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return response.status, body

    def close(self) -> None:
        self._pools.clear()
