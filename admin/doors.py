"""Who may open which address of the staff pages.

The one place where this is decided: what is not declared here does not start.
"""

from typing import Literal

from flask import Flask, abort, request
from flask_login import current_user
from werkzeug.wrappers import Response

Who = Literal["everybody", "staff", "manager"]
"""``staff`` is every account; ``manager`` the accounts with that role alone."""

DOORS: dict[str, Who] = {
    "static": "everybody",
    "healthz": "everybody",
    "readyz": "everybody",
    "metrics": "everybody",
    "signing_in.login": "everybody",
    "signing_in.logout": "everybody",
    "pages.inquiries": "staff",
    "pages.inquiry": "staff",
    "pages.resident": "staff",
    "pages.number": "staff",
    "pages.callbacks": "staff",
    "pages.finish": "staff",
    "pages.reopen": "staff",
    "pages.send_text": "staff",
    "pages.look_after": "staff",
    "pages.examples": "staff",
    "pages.decide": "staff",
    "people.join": "staff",
    "people.apart": "staff",
    "readings.readings": "manager",
    "people.plan": "staff",
    "people.plan_again": "staff",
    "people.path": "staff",
    "programme.sessions": "staff",
    "programme.session": "staff",
    "programme.book": "staff",
    "programme.change": "staff",
}
BY_THEMSELVES: frozenset[str] = frozenset()
"""Addresses that an open page asks for by itself (a stream, a poll): they never keep a session alive."""


class UndeclaredDoor(Exception):
    """Addresses that nobody decided about. ``str()`` names them."""


def may(endpoint: str) -> bool:
    """Whether whoever is signed in may open it; templates leave out what would be refused."""
    who = DOORS[endpoint]
    return who == "everybody" or (current_user.is_authenticated and (who == "staff" or current_user.role == "manager"))


def guard_doors(app: Flask) -> None:
    """Ask at every request. Raises UndeclaredDoor when an address of the app is not in ``DOORS``."""
    undeclared = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - DOORS.keys())
    if undeclared:
        raise UndeclaredDoor(f"admin/doors.py does not say who may open {', '.join(undeclared)}")

    @app.before_request
    def _ask() -> Response | None:
        if request.endpoint is None or DOORS[request.endpoint] == "everybody":
            return None
        if not current_user.is_authenticated:
            refused: Response = app.login_manager.unauthorized()  # type: ignore[attr-defined]
            return refused
        if not may(request.endpoint):
            abort(403)
        return None
