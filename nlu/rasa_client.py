"""Asks the Rasa server over HTTP, with a short time-out and a circuit breaker."""

import logging

import pybreaker
import urllib3
from urllib3.util import Timeout

from nlu.understanding import Understanding, from_chances

log = logging.getLogger("helpdesk.nlu")
TIMEOUT_SECONDS = 1.5
FAILURES_TO_OPEN = 3
SECONDS_OPEN = 10
CONNECTIONS = 16


class RasaSilent(Exception):
    """Rasa gave no answer that can be used."""


class RasaClient:
    """One per process; safe to use from several threads."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS, seconds_open: float = SECONDS_OPEN) -> None:
        self._url = url
        # urllib3 without a proxy: half the time of a richer client for the one small request that every turn makes.
        self._http = urllib3.PoolManager(maxsize=CONNECTIONS, retries=False, timeout=Timeout(connect=0.5, read=timeout))
        self._breaker = pybreaker.CircuitBreaker(fail_max=FAILURES_TO_OPEN, reset_timeout=seconds_open)  # type: ignore[no-untyped-call]

    def chances(self, text: str) -> dict[str, float]:
        """The chances of the ten likeliest labels. Raises RasaSilent when Rasa is away, slow or not understood."""
        try:
            answer: dict[str, float] = self._breaker.call(self._parse, text)
        except pybreaker.CircuitBreakerError as error:
            raise RasaSilent("waiting before the next attempt") from error
        except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RasaSilent(f"{type(error).__name__}: {error}") from error
        return answer

    def understand(self, text: str) -> Understanding:
        """The three likeliest labels. Raises RasaSilent."""
        return from_chances(self.chances(text), "rasa")

    def _parse(self, text: str) -> dict[str, float]:
        response = self._http.request("POST", f"{self._url}/model/parse", json={"text": text})
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        found = {str(entry["name"]): float(entry["confidence"]) for entry in response.json()["intent_ranking"]}
        if not found:
            raise ValueError("an empty ranking")
        return found

    def alive(self) -> bool:
        """Whether the server has a model loaded."""
        try:
            response = self._http.request("GET", f"{self._url}/status", timeout=Timeout(0.7))
            return response.status == 200 and bool(response.json().get("model_file"))
        except (urllib3.exceptions.HTTPError, ValueError, AttributeError):
            return False

    def close(self) -> None:
        self._http.clear()
