"""Log lines carry ids and counts, never what people said or their numbers."""

import logging
import sys


def log_to_stderr() -> None:
    """One line an event, with its time, for every process."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True
    )
    for noisy in ("httpx", "httpcore", "apscheduler", "urllib3", "twilio", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
