"""Every flow, in one list: whose question is open, and who begins with which label."""

from typing import Any

from flows.booking.booking import BOOKING
from flows.booking.own_bookings import OWN
from flows.guides.guide import GUIDES
from flows.learning.path import PATH
from flows.learning.practice_app import PRACTICE_APP
from flows.outreach.ward_notice import WARD_NOTICE
from flows.script.flow import Flow
from flows.steering.handover import HANDOVER
from flows.steering.safety import SAFETY
from flows.triage.answers import ANSWERS
from flows.triage.triage import TRIAGE

FLOWS: tuple[Flow[Any], ...] = (
    SAFETY, HANDOVER, GUIDES, PATH, BOOKING, OWN, PRACTICE_APP, WARD_NOTICE, ANSWERS, TRIAGE,
)  # fmt: skip
BY_TOPIC: dict[str, Flow[Any]] = {topic: flow for flow in FLOWS for topic in flow.topics}
BY_QUESTION: dict[str, Flow[Any]] = {name: flow for flow in FLOWS for name in flow.asks}
BY_STRAY: dict[str, Flow[Any]] = {name: flow for flow in FLOWS for name in flow.strays}
