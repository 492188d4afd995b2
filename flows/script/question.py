"""What is asked has a name, so that an answer is never taken for another question's."""

from typing import NamedTuple


class Question(NamedTuple):
    """``booking.confirm:17``: the name that its flow knows, and what it is about.

    Names stand in the buttons of people's chats for months: a name is never used again for something else,
    and renamed only with an alias.
    """

    name: str
    about: str = ""

    @classmethod
    def of(cls, text: str) -> "Question":
        """The question that a reply or a button names."""
        name, _, about = text.partition(":")
        return cls(name, about)

    def __str__(self) -> str:
        return f"{self.name}:{self.about}" if self.about else self.name
