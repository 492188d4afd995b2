"""LINE's Messaging API through line-bot-sdk v3."""

import logging
from typing import Any

from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    Message,
    MessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
)
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from bot.gateways.protocols import Delivery, Messages, Refused, Sent, Unknown

log = logging.getLogger("helpdesk.line")
TIMEOUT = (3, 10)
"""Seconds to connect, seconds to read; the SDK waits for ever without."""


class HostApiClient(ApiClient):  # type: ignore[misc]
    """Sends content calls to the configured data host too; the SDK has that host in its code."""

    def __init__(self, configuration: Any, data_host: str) -> None:
        super().__init__(configuration)
        self.data_host = data_host

    def call_api(self, *args: Any, _host: str | None = None, **more: Any) -> Any:
        return super().call_api(*args, _host=self.data_host if _host else None, **more)


def api_client(token: str, api_url: str, data_url: str) -> HostApiClient:
    """One per process: it keeps the connections."""
    return HostApiClient(Configuration(host=api_url, access_token=token), data_url)


class LineApi:
    """The real LINE."""

    def __init__(self, token: str, api_url: str, data_url: str) -> None:
        self._api = MessagingApi(api_client(token, api_url, data_url))

    def reply(self, token: str, messages: Messages) -> Delivery:
        request = ReplyMessageRequest(replyToken=token, messages=[Message.from_dict(m) for m in messages])
        return _delivery(lambda: self._api.reply_message(request, _request_timeout=TIMEOUT), keyed=False)

    def push(self, to: str, messages: Messages, retry_key: str) -> Delivery:
        request = PushMessageRequest(to=to, messages=[Message.from_dict(m) for m in messages])
        return _delivery(
            lambda: self._api.push_message(request, x_line_retry_key=retry_key, _request_timeout=TIMEOUT), keyed=True
        )


def _delivery(send: Any, keyed: bool) -> Delivery:
    """How it went. ``keyed``: a retry key makes a repeat harmless, so an unknown result is simply tried again."""
    try:
        send()
    except ApiException as error:
        return _answered(error, keyed)
    except (HTTPError, OSError) as error:
        reason = type(error).__name__
        return Refused(reason, again=True) if keyed or _never_arrived(error) else Unknown(reason)
    except ValueError:
        log.warning("LINE accepted a message with an answer that the SDK cannot read")
    return Sent()


def _answered(error: Any, keyed: bool) -> Delivery:
    """What LINE's answer with an error means."""
    if error.status == 409:
        return Sent()
    headers = error.headers or {}
    reason = f"LINE {error.status}, request {headers.get('x-line-request-id', '?')}"
    if error.status >= 500 and not keyed:
        return Unknown(reason)
    over_quota = error.status == 429 and "monthly limit" in str(error.body)
    again = error.status >= 500 or (error.status == 429 and not over_quota)
    return Refused(reason, again, stale_token=error.status == 400 and "reply token" in str(error.body).lower())


def _never_arrived(error: Exception) -> bool:
    """Whether not even a connection was made."""
    cause = error.reason if isinstance(error, MaxRetryError) else error
    return isinstance(cause, (NewConnectionError, ConnectTimeoutError))
