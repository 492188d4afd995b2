"""A guide: at most three short questions find the cause, then steps, "did it help?", another way, or a person."""

from flows.guides.guidebook import Guide, Way, guides
from flows.script.asking import ask, conclude
from flows.script.moment import Moment
from flows.script.replies import OPTION_KEYS, Card, Choice, Reply, yes_no
from flows.script.wording import Line, say
from flows.steering.handover import hand_over
from nlu.text import comparable

DEVICE_NAMES = {"iphone": "iPhone", "android": "Android", "rakuraku": "らくらくスマートフォン"}
_DEVICES = (
    Choice(id="iphone", label="iPhone", key=OPTION_KEYS[0], ear="アイフォン", words=("iphone", "アイフォン", "あいふぉん", "アイホン", "アップル", "リンゴ")),
    Choice(id="rakuraku", label="らくらくスマホ", key=OPTION_KEYS[1], ear="らくらくスマホ", words=("らくらく", "らくらくホン", "楽々", "らくらくスマートフォン")),
    Choice(id="android", label="そのほか", key=OPTION_KEYS[2], ear="そのほか",
           words=("アンドロイド", "android", "ギャラクシー", "galaxy", "アクオス", "aquos", "アローズ", "ピクセル", "エクスペリア", "そのほか", "その他")),
)  # fmt: skip
_TRIED = (
    Choice(id="yes", label="直りました", key="1", ear="直ったとき", words=("はい", "直った", "できた"), intent="solved"),
    Choice(id="no", label="まだです", key="2", ear="まだのとき", words=("いいえ", "まだ", "だめ"), intent="not_solved"),
)
_STEP = (
    Choice(id="yes", label="できました", key="1", ear="できたとき", words=("はい", "できた"), intent="next_step"),
    Choice(id="no", label="できません", key="2", ear="できないとき", words=("いいえ", "できない"), intent="not_solved"),
)


def device_in(text: str) -> str | None:
    """The kind of phone that the text names."""
    lower = text.lower()
    for choice in _DEVICES[:2] + _DEVICES[2:]:
        if any(word in lower for word in choice.words if word not in ("そのほか", "その他", "リンゴ", "アップル")):
            return choice.id
    return None


def begin(at: Moment, guide: Guide, before: str = "") -> None:
    """What the first words tell about the first question is not asked again; ``before`` was said a turn earlier."""
    question = guide.questions.get(guide.first)
    said = comparable(before + at.turn.text)
    for option in question.options if question else []:
        if any(comparable(cue) in said for cue in option.cues):
            at.talk.tell(f"q.{guide.first}", option.id)
            return


def take(at: Moment) -> None:
    """The answer to one of the guide's questions becomes a fact."""
    talk, meant = at.talk, at.understood
    device = device_in(at.turn.text)
    if device:
        talk.tell("device", device)
    name = talk.ask
    if not name.startswith("guide."):
        return
    kind, _, rest = name.removeprefix("guide.").partition(":")
    guide = guides()[talk.facts["topic"]] if talk.facts.get("topic") in guides() else None
    if kind == "question" and guide is not None and rest in guide.questions:
        if meant.choice:
            talk.tell(f"q.{rest}", meant.choice)
        elif meant.intent == "dont_know":
            talk.tell(f"q.{rest}", guide.questions[rest].unsure)
    elif kind == "device":
        if meant.choice in ("iphone", "android", "rakuraku"):
            talk.tell("device", meant.choice)
        elif meant.intent in ("dont_know", "deny"):
            talk.tell("device_unsure", True)
    elif kind == "apple" and (meant.choice or meant.intent == "dont_know"):
        talk.tell("device", "iphone" if meant.choice == "yes" else "android")
    elif kind == "same_phone" and (meant.choice or meant.intent == "dont_know"):
        talk.tell("same_phone", "yes" if meant.choice != "no" else "no")
    elif kind == "speaker":
        talk.tell("speaker", True)
    elif kind == "step" and device and meant.engine != "rules":
        pass  # only the kind of phone was told: the step is said again for it
    elif kind == "step":
        if meant.intent == "solved":
            talk.tell(f"helped.{rest}", "yes")
        elif meant.choice == "yes" or meant.intent in ("next_step", "affirm"):
            talk.tell(f"done.{rest}", talk.facts.get(f"done.{rest}", 0) + 1)
        elif meant.choice == "no" or meant.intent in ("not_solved", "deny", "dont_know"):
            talk.tell(f"helped.{rest}", "no")
    elif kind == "helped":
        if meant.choice == "yes" or meant.intent in ("solved", "affirm", "thanks"):
            talk.tell(f"helped.{rest}", "yes")
        elif meant.choice == "no" or meant.intent in ("not_solved", "deny", "dont_know"):
            talk.tell(f"helped.{rest}", "no")


def run(at: Moment, guide: Guide) -> Reply:
    """From the top: whatever is not known yet is asked next."""
    facts = at.talk.facts
    place = guide.first
    while place in guide.questions:
        question = guide.questions[place]
        answer = facts.get(f"q.{place}")
        option = next((option for option in question.options if option.id == answer), None)
        if option is None:
            choices = tuple(
                Choice(id=o.id, label=o.label, key=key, ear=o.ear, words=(o.label, o.ear, *o.words)) for o, key in zip(question.options, OPTION_KEYS, strict=False)
            )
            return ask(Line((question.ear,), (question.eye,)), f"guide.question:{place}", "choice", choices)
        place = option.leads
    way: Way | None = guide.ways[place]
    name: str | None = place
    while way is not None and facts.get(f"helped.{name}") == "no":
        name = way.otherwise
        way = guide.ways[name] if name else None
    if way is None or name is None:
        at.case.settle("guided", close=False)
        return hand_over(at, say("guide.over"))
    if facts.get(f"helped.{name}") == "yes":
        return conclude(at, say("solved"), "solved")
    return (_holding(at) if guide.usable else None) or _device(at, way) or _next_step(at, name, way)


def _holding(at: Moment) -> Reply | None:
    """P15: the caller may be holding the very phone that is in trouble."""
    facts = at.talk.facts
    if at.mobile is None:
        return None
    if facts.get("same_phone") is None:
        return ask(say("same_phone"), "guide.same_phone:", "yes_no", yes_no())
    if facts["same_phone"] == "yes" and not facts.get("speaker"):
        return ask(say("speaker"), "guide.speaker:", "step", _STEP)
    return None


def _device(at: Moment, way: Way) -> Reply | None:
    if not way.differs or at.talk.facts.get("device"):
        return None
    if at.talk.facts.get("device_unsure"):
        return ask(say("device.apple"), "guide.apple:", "yes_no", yes_no("あります", "ありません"))
    return ask(say("device"), "guide.device:", "choice", _DEVICES)


def _tomorrow(at: Moment, way: Way, steps: tuple[str, ...]) -> Reply:
    reply = conclude(at, say("helped.later"), "guided")
    return reply if at.voice else reply.with_(card=Card(title=way.title, steps=steps))


def _next_step(at: Moment, name: str, way: Way) -> Reply:
    device = at.talk.facts.get("device", "android")
    steps = [step.for_device(device) for step in way.steps]
    if way.later and (not at.voice or at.talk.facts.get(f"done.{name}", 0) >= len(steps)):
        return _tomorrow(at, way, tuple(eye for _, eye in steps))
    if not at.voice:
        reply = ask(say("helped"), f"guide.helped:{name}", "step", _TRIED)
        note = f"{DEVICE_NAMES[device]}の場合" if way.differs else ""
        return reply.with_(card=Card(title=way.title, steps=tuple(eye for _, eye in steps), note=note))
    done = at.talk.facts.get(f"done.{name}", 0)
    if done >= len(steps):
        return ask(say("helped"), f"guide.helped:{name}", "yes_no", _TRIED)
    line = Line((steps[done][0], *say("step.done").ear), (steps[done][1],))
    return ask(line, f"guide.step:{name}", "step", _STEP)
