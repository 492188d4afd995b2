"""SMS through Twilio."""

from urllib.parse import urlsplit, urlunsplit

from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from bot.gateways.protocols import Delivery, Refused, Sent, Unknown

DEFAULT_URL = "https://api.twilio.com"
TIMEOUT = 10
"""Seconds to connect and seconds to read."""


class _HostHttpClient(TwilioHttpClient):
    """Sends requests to the configured host; the SDK knows only Twilio's regions."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: object, **more: object) -> Response:  # type: ignore[override]
        parts = urlsplit(url)
        url = urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))
        return super().request(method, url, *args, **more)  # type: ignore[arg-type]


class TwilioSms:
    """The real Twilio."""

    def __init__(self, sid: str, token: str, sender: str, api_url: str) -> None:
        http = TwilioHttpClient(timeout=TIMEOUT) if api_url == DEFAULT_URL else _HostHttpClient(api_url)
        self._client, self._sender = Client(sid, token, http_client=http), sender

    def send(self, to: str, body: str) -> Delivery:
        try:
            self._client.messages.create(to=to, from_=self._sender, body=body)
        except TwilioRestException as error:
            reason = f"Twilio {error.status}, code {error.code}"
            if not 400 <= int(error.status) < 500:
                return Unknown(reason)
            return Refused(reason, again=error.status == 429 or error.code == 20429)
        except (TwilioException, RequestException, OSError, ValueError) as error:
            reason = type(error).__name__
            return Refused(reason, again=True) if _never_arrived(error) else Unknown(reason)
        return Sent()


def _never_arrived(error: Exception) -> bool:
    """Whether not even a connection was made, so that nothing can have been sent."""
    if isinstance(error, ConnectTimeout):
        return True
    cause = error.args[0] if isinstance(error, NoConnection) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, (NewConnectionError, ConnectTimeoutError))
