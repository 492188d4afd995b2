"""What a flow knows of a concern, typed: ``None`` is "not told", never also "told, but unknown"."""

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict


class Facts(BaseModel):
    """Facts of one flow. What another release stored and this one does not know is dropped."""

    model_config = ConfigDict(extra="ignore")

    FLOW: ClassVar[str] = ""
    """Under which name they are kept with the talk."""
    KINDS: ClassVar[dict[str, "type[Facts]"]] = {}
    """Every flow's facts by that name."""
    PICKS: ClassVar[frozenset[str]] = frozenset()
    """Choices among what was offered: they go when a later turn tells something new."""
    SIDE: ClassVar[frozenset[str]] = frozenset()
    """Told beside the point, or noted by the flow itself: clears no pick."""
    KEPT: ClassVar[frozenset[str]] = frozenset()
    """Stays when the concern ends."""
    LEFT: ClassVar[str] = ""
    """The fact that holds a concern left for later; goes when the person starts over."""

    @classmethod
    def __pydantic_init_subclass__(cls, **more: Any) -> None:
        super().__pydantic_init_subclass__(**more)
        assert not cls.FLOW or cls.KINDS.setdefault(cls.FLOW, cls) is cls, f"two kinds of facts are called {cls.FLOW}"

    def forget(self) -> None:
        """The concern has ended: only what is kept stays."""
        fresh = type(self)()
        for name in type(self).model_fields:
            if name not in self.KEPT:
                setattr(self, name, getattr(fresh, name))

    def told_anew(self, before: Self) -> bool:
        """Whether something was told that may make earlier picks stale."""
        watched = set(type(self).model_fields) - self.PICKS - self.SIDE
        return any(getattr(self, name) != getattr(before, name) for name in watched)

    def drop_picks_of(self, before: Self) -> None:
        """Picks that were made before this turn go."""
        fresh = type(self)()
        for name in self.PICKS:
            if getattr(self, name) == getattr(before, name):
                setattr(self, name, getattr(fresh, name))


class PersonFacts(Facts):
    """What stays true of the person through all concerns of a talk."""

    FLOW: ClassVar[str] = "person"
    KEPT: ClassVar[frozenset[str]] = frozenset({"device", "same_phone"})

    device: Literal["iphone", "android", "rakuraku"] | None = None
    same_phone: Literal["yes", "no"] | None = None
    """Whether she calls on the very phone that is in trouble (P15)."""
