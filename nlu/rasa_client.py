"""Asks the Rasa server over HTTP, with a short time-out and a circuit breaker."""

import json
import logging
import math
from typing import Any

import pybreaker
import urllib3

from nlu.limited_http import LimitedHttp
from nlu.understanding import Understanding, from_chances

log = logging.getLogger("helpdesk.nlu")
TIMEOUT_SECONDS = 1.5
"""For connecting, asking and the whole answer together."""
ALIVE_SECONDS = 0.7
FAILURES_TO_OPEN = 3
SECONDS_OPEN = 10
CONNECTIONS = 16


_USELESS = (urllib3.exceptions.HTTPError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What asking raises when the server is away, slow or not understood."""


class RasaSilent(Exception):
    """Rasa gave no answer that can be used."""


class RasaClient:
    """One per process; safe to use from several threads."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS, seconds_open: float = SECONDS_OPEN) -> None:
        self._url = url
        self._timeout, self._http = timeout, LimitedHttp(CONNECTIONS)
        self._breaker = pybreaker.CircuitBreaker(  # type: ignore[no-untyped-call]
            fail_max=FAILURES_TO_OPEN, reset_timeout=seconds_open
        )

    def chances(self, text: str) -> dict[str, float]:
        """The chances of the ten likeliest labels. Raises RasaSilent when Rasa is away, slow or not understood."""
        try:
            answer: dict[str, float] = self._breaker.call(self._parse, text)
        except pybreaker.CircuitBreakerError as error:
            raise RasaSilent("waiting before the next attempt") from error
        except _USELESS as error:
            raise RasaSilent(f"{type(error).__name__}: {error}") from error
        return answer

    def understand(self, text: str) -> Understanding:
        """The three likeliest labels. Raises RasaSilent."""
        return from_chances(self.chances(text), "rasa")

    def _parse(self, text: str) -> dict[str, float]:
        status, body = self._http.ask("POST", f"{self._url}/model/parse", self._timeout, json={"text": text})
        found = {str(entry["name"]): float(entry["confidence"]) for entry in _answer(status, body)["intent_ranking"]}
        if not found or not all(math.isfinite(chance) for chance in found.values()):
            raise ValueError("no ranking that can be used")
        return found

    def alive(self) -> bool:
        """Whether the server has a model loaded."""
        try:
            return bool(_answer(*self._http.ask("GET", f"{self._url}/status", ALIVE_SECONDS)).get("model_file"))
        except _USELESS:
            return False

    def close(self) -> None:
        self._http.close()


def _answer(status: int, body: bytes) -> Any:
    if status != 200:
        raise ValueError(f"status {status}")
    return json.loads(body)
