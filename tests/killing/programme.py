"""The sessions that people fight for while processes die."""

from datetime import datetime, timedelta

from helpdesk.clock import TOKYO
from helpdesk.programme.slots import cut
from helpdesk.programme.tables import Offering
from helpdesk.store.database import Database

SESSIONS = [
    ("T1", "event", "walk", "和泉橋出張所", (11, 27, 10), 15), ("K1", "class", "basic", "神保町出張所", (12, 1, 14), 25),
    ("K3", "class", "applied", "麹町出張所", (12, 3, 10), 20), ("K2", "class", "basic", "区役所", (12, 8, 10), 25),
    ("T3", "event", "quiz", "岩本町ほほえみプラザ", (12, 11, 14), 15), ("K4", "class", "basic", "神保町出張所", (12, 15, 14), 60),
]  # fmt: skip


def put_programme(database: Database) -> None:
    with database.transaction() as session:
        for code, kind, level, venue, (month, day, hour), capacity in SESSIONS:
            start = datetime(2026, month, day, hour, tzinfo=TOKYO)
            one = Offering(
                code=code, kind=kind, level=level, title=code, venue=venue, starts_at=start,
                ends_at=start + timedelta(hours=2), capacity=capacity, bring="スマートフォン",
            )  # fmt: skip
            session.add(one)
            session.flush()
            cut(session, one)
