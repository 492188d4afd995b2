"""What is counted. The staff process shows it at /metrics, put together from all processes."""

from prometheus_client import Counter, Histogram

TURNS = Counter("helpdesk_turns_total", "Turns answered", ["channel", "heard", "engine"])
TURN_SECONDS = Histogram(
    "helpdesk_turn_seconds",
    "Time from the turn to its reply",
    ["channel"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
REFUSED = Counter("helpdesk_refused_total", "Requests refused before anything was read", ["channel", "reason"])
DELIVERIES = Counter("helpdesk_deliveries_total", "Messages that left, by outcome", ["kind", "outcome"])
