"""Every table of every room, so that migrations and foreign keys know them all.

One class a table, in its room's ``tables.py``.
"""

from helpdesk.booking import tables as booking
from helpdesk.callbacks import tables as callbacks
from helpdesk.health import tables as health
from helpdesk.learning import tables as learning
from helpdesk.outbox import tables as outbox
from helpdesk.people import tables as people
from helpdesk.programme import tables as programme
from helpdesk.staff import tables as staff
from helpdesk.store import queueing
from helpdesk.store.base import Table
from helpdesk.talks import tables as talks
from helpdesk.teaching import tables as teaching

__all__ = [
    "Table",
    "booking",
    "callbacks",
    "health",
    "learning",
    "outbox",
    "people",
    "programme",
    "queueing",
    "staff",
    "talks",
    "teaching",
]
