"""SMS through Twilio."""

from urllib.parse import urlsplit, urlunsplit

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.gateways import Delivery, Refused, Sent

DEFAULT_URL = "https://api.twilio.com"


class _HostHttpClient(TwilioHttpClient):
    """Sends requests to the configured host; the SDK knows only Twilio's regions."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: object, **more: object) -> Response:  # type: ignore[override]
        parts = urlsplit(url)
        url = urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))
        return super().request(method, url, *args, **more)  # type: ignore[arg-type]


class TwilioSms:
    """The real Twilio."""

    def __init__(self, sid: str, token: str, sender: str, api_url: str) -> None:
        http = TwilioHttpClient(timeout=10) if api_url == DEFAULT_URL else _HostHttpClient(api_url)
        self._client, self._sender = Client(sid, token, http_client=http), sender

    def send(self, to: str, body: str) -> Delivery:
        try:
            self._client.messages.create(to=to, from_=self._sender, body=body)
        except TwilioRestException as error:
            return Refused(f"Twilio {error.status}, code {error.code}", again=error.status == 429 or error.code == 20429)
        except (TwilioException, RequestException, OSError) as error:
            return Refused(f"result unknown: {type(error).__name__}", again=False)
        return Sent()
