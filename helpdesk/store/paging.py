"""Some rows of a list that may be long."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PAGE = 30


Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list that may be long."""

    rows: list[Row]
    number: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def page_of(session: Session, query: Select[Row], order: tuple[Any, ...], page: int) -> Page[Row]:
    """The page of this number, or the nearest that there is."""
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    return Page(list(session.scalars(query.order_by(*order).offset((number - 1) * PAGE).limit(PAGE))), number, total)
