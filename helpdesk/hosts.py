"""Refuses requests whose Host is none, before anything reads it: an overlong one would fail deep inside."""

import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])(?::[0-9]{{1,5}})?")
LONGEST = 259
"""253 letters of a name, a colon and a port."""


def is_host(written: str) -> bool:
    """Whether it can be the name or address of a machine, with or without a port."""
    return len(written) <= LONGEST and _HOST.fullmatch(written) is not None


def only_hosts(application: WSGIApplication) -> WSGIApplication:
    """The application behind this guard."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_host(str(environ.get("HTTP_HOST") or environ.get("SERVER_NAME") or "")):
            return application(environ, start_response)
        start_response(
            "400 Bad Request",
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
        return ["アドレスを読み取れませんでした。\n".encode()]

    return guarded
