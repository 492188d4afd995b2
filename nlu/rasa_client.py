"""Asks the Rasa server over HTTP, with a short time-out and a circuit breaker."""

import logging

import httpx
import pybreaker

from nlu.understanding import Understanding, from_chances

log = logging.getLogger("helpdesk.nlu")
TIMEOUT_SECONDS = 1.5
FAILURES_TO_OPEN = 3
SECONDS_OPEN = 10


class RasaSilent(Exception):
    """Rasa gave no answer that can be used."""


class RasaClient:
    """One per process; safe to use from several threads."""

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS, seconds_open: float = SECONDS_OPEN) -> None:
        # Rasa runs on loopback: the environment's proxies are for other places.
        self._http = httpx.Client(base_url=url, timeout=httpx.Timeout(timeout, connect=0.5), trust_env=False)
        self._breaker = pybreaker.CircuitBreaker(fail_max=FAILURES_TO_OPEN, reset_timeout=seconds_open)  # type: ignore[no-untyped-call]

    def chances(self, text: str) -> dict[str, float]:
        """The chances of the ten likeliest labels. Raises RasaSilent when Rasa is away, slow or not understood."""
        try:
            answer: dict[str, float] = self._breaker.call(self._parse, text)
        except pybreaker.CircuitBreakerError as error:
            raise RasaSilent("waiting before the next attempt") from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RasaSilent(f"{type(error).__name__}: {error}") from error
        return answer

    def understand(self, text: str) -> Understanding:
        """The three likeliest labels. Raises RasaSilent."""
        return from_chances(self.chances(text), "rasa")

    def _parse(self, text: str) -> dict[str, float]:
        response = self._http.post("/model/parse", json={"text": text})
        response.raise_for_status()
        found = {str(entry["name"]): float(entry["confidence"]) for entry in response.json()["intent_ranking"]}
        if not found:
            raise ValueError("an empty ranking")
        return found

    def alive(self) -> bool:
        """Whether the server has a model loaded."""
        try:
            response = self._http.get("/status", timeout=0.7)
            return response.status_code == 200 and bool(response.json().get("model_file"))
        except (httpx.HTTPError, ValueError):
            return False

    def close(self) -> None:
        self._http.close()
