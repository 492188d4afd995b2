"""What goes back to a person: one value with words for the ear, words for the eye and one list of choices."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from nlu.cues import choice_words


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Choice(_Value):
    """One possible answer: a key, a button and words that mean it."""

    id: str
    label: str
    """On the button, at most 20 characters."""
    key: str | None = None
    ear: str = ""
    """How the option is announced before its key: 「つながらないときは」. """
    words: tuple[str, ...] = ()
    """Further ways to say or type it, kana too."""
    intent: str | None = None
    """The label that an utterance may have when it means this choice."""


class Card(_Value):
    """Numbered steps for the eye."""

    title: str
    steps: tuple[str, ...]
    note: str = ""


class CallButton(_Value):
    """A number to ring, as a button on LINE."""

    label: str
    number: str
    """As it is dialled: ``110`` or ``#9110`` or E.164."""


class LinkButton(_Value):
    """Something to open: a map, a calendar file."""

    label: str
    uri: str


class Slip(_Value):
    """What was agreed, to keep: labels and values (L7: no name, no number, no trouble in the person's words)."""

    title: str
    rows: tuple[tuple[str, str], ...]
    note: str = ""


class Offer(_Value):
    """One of several sessions side by side; its button is the choice of this id."""

    choice: str
    title: str
    rows: tuple[str, ...]
    button: str


Listening = Literal["open", "yes_no", "choice", "step", "digits", "number", "name"]


class Reply(_Value):
    """The answer to one turn. Stored with it, so that the same turn gets the same answer again."""

    ear: tuple[str, ...]
    """Sentences to say; the last one is the question where there is one."""
    eye: tuple[str, ...]
    """Bubbles to show, the question last."""
    ask: str = ""
    """Names what is asked, so that an answer is never taken for another question's."""
    listening: Listening = "open"
    choices: tuple[Choice, ...] = ()
    card: Card | None = None
    calls: tuple[CallButton, ...] = ()
    links: tuple[LinkButton, ...] = ()
    slip: Slip | None = None
    offers: tuple[Offer, ...] = ()
    then: Literal["listen", "hang_up", "transfer", "nothing"] = "listen"
    announce_keys: bool = False
    keys_only: bool = False
    slow: bool = False
    whisper: str = ""
    """For the member of staff who picks up; the caller never hears it."""
    hints: tuple[str, ...] = ()

    def plain(self, channel: str) -> str:
        """The answer as words, for the history."""
        if channel == "voice":
            return " ".join(self.ear)
        steps = [f"{number}. {step}" for number, step in enumerate(self.card.steps, 1)] if self.card else []
        steps += [f"{label} {value}" for label, value in self.slip.rows] if self.slip else []
        steps += ["- " + " ".join((offer.title, *offer.rows)) for offer in self.offers]
        return "\n".join([*self.eye[:-1], *([self.card.title] if self.card else []), *steps, *self.eye[-1:]])

    def with_(self, **changes: Any) -> "Reply":
        """A copy with some parts replaced."""
        return self.model_copy(update=changes)


YES = Choice(id="yes", label="", key="1", words=choice_words("yes_no")["yes"], intent="affirm")
NO = Choice(id="no", label="", key="2", words=choice_words("yes_no")["no"], intent="deny")
"""Yes and no wherever they are offered: keys and spoken words are these, a line may name the buttons otherwise."""
OPTION_KEYS = ("3", "4", "5", "6")
"""The keys of other choices, in their order (P3)."""
