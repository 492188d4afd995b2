"""Call-backs that the desk owes. One person has a few open ones at most; a further wish joins one of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from helpdesk.callbacks.tables import Callback, JoinedWish
from helpdesk.limits import Limits
from helpdesk.people.residents import joined
from helpdesk.store.queueing import queue_up
from helpdesk.talks.tables import Inquiry


def owe(
    session: Session, now: datetime, limits: Limits, inquiry: Inquiry, number: str | None, wish: str, due_at: datetime
) -> Callback:
    """The call-back of this inquiry; asking twice changes it.

    Above the limit of a person it is an open one that the wish joins.
    """
    own = session.scalar(select(Callback).where(Callback.inquiry_id == inquiry.id))
    if own is not None:
        own.number, own.wish, own.due_at = number, wish, due_at
        session.flush()
        return own
    for who in sorted(
        filter(
            None,
            (
                f"callback:{inquiry.resident_id}" if inquiry.resident_id else None,
                f"callback:{number}" if number else None,
            ),
        )
    ):
        queue_up(session, who)
    theirs = _open(session, inquiry, number)
    if len(theirs) >= limits.open_callbacks:
        return _join(session, now, theirs, inquiry, number, wish, due_at)
    callback = Callback(inquiry_id=inquiry.id, created_at=now, due_at=due_at, number=number, wish=wish)
    session.add(callback)
    session.flush()
    return callback


def _open(session: Session, inquiry: Inquiry, number: str | None) -> list[Callback]:
    """Open call-backs of this caller, of this call, or to this number, the newest first."""
    same = [Inquiry.conversation_id == inquiry.conversation_id]
    if inquiry.resident is not None:
        same.append(Inquiry.resident_id.in_(joined(session, inquiry.resident)))
    if number is not None:
        same.append(Callback.number == number)
    return list(
        session.scalars(
            select(Callback).join(Inquiry).where(Callback.done_at.is_(None), or_(*same)).order_by(Callback.id.desc())
        )
    )


def _join(
    session: Session,
    now: datetime,
    theirs: list[Callback],
    inquiry: Inquiry,
    number: str | None,
    wish: str,
    due_at: datetime,
) -> Callback:
    callback = next((one for one in theirs if one.number == number), theirs[0])
    if callback.number is None:
        callback.number = number
    callback.due_at = min(callback.due_at, due_at)
    known = session.scalar(select(JoinedWish).where(JoinedWish.inquiry_id == inquiry.id))
    more = known or JoinedWish(inquiry_id=inquiry.id, created_at=now)
    more.callback_id, more.wish, more.due_at = callback.id, wish, due_at
    more.number = number if number != callback.number else None
    session.add(more)
    session.flush()
    return callback


def joined_wishes(session: Session, callbacks: Iterable[Callback]) -> dict[int, list[JoinedWish]]:
    """What else these call-backs are about, by call-back."""
    found: dict[int, list[JoinedWish]] = {}
    query = (
        select(JoinedWish)
        .where(JoinedWish.callback_id.in_([one.id for one in callbacks]))
        .options(selectinload(JoinedWish.inquiry))
    )
    for one in session.scalars(query.order_by(JoinedWish.id)):
        found.setdefault(one.callback_id, []).append(one)
    return found


def owed_for(session: Session, inquiry_id: int) -> Callback | None:
    """The call-back of an inquiry, its own or the one that it joined."""
    own = session.scalar(select(Callback).where(Callback.inquiry_id == inquiry_id))
    return own or session.scalar(
        select(Callback)
        .join(JoinedWish, JoinedWish.callback_id == Callback.id)
        .where(JoinedWish.inquiry_id == inquiry_id)
    )
