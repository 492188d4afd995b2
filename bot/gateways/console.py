"""The outside parts for a machine without any account.

What is sent is kept in the outbox, where the simulator shows it.
"""

import logging

from bot.gateways.protocols import Delivery, Messages, Sent

log = logging.getLogger("helpdesk.console")


class ConsoleLine:
    """Stands in for LINE."""

    def reply(self, token: str, messages: Messages) -> Delivery:
        log.info("LINE reply with %d messages", len(messages))
        return Sent()

    def push(self, to: str, messages: Messages, retry_key: str) -> Delivery:
        log.info("LINE push with %d messages", len(messages))
        return Sent()


class ConsoleSms:
    """Stands in for Twilio's messages."""

    def send(self, to: str, body: str) -> Delivery:
        log.info("SMS of %d characters", len(body))
        return Sent()
