"""A reply as LINE messages.

Text bubbles, Flex bubbles with large letters for cards and buttons, quick replies to steer.
"""

from typing import Any
from urllib.parse import urlencode

from flows.guides.symbols import symbol_in
from flows.script.replies import CallButton, Card, Choice, LinkButton, Reply, Slip

MAX_BUBBLE = 120
"""Characters of one bubble (L4)."""
STEER = (("もう一度", "もう一度"), ("前に戻る", "前に戻る"), ("最初から", "最初から"), ("人に相談", "人に相談"))
"""Label and text of the quick replies; whatever they do can be typed (L2, L5)."""
SYMBOL_SIZE = "44px"
INK, BUTTON, SECOND, URGENT, PAPER = "#1A1A1A", "#0B4F8A", "#3D4B57", "#A3181C", "#FFFFFF"

Messages = list[dict[str, Any]]


def messages(reply: Reply, pictures: str | None = None) -> Messages:
    """At most five messages in LINE's format; the last one asks and carries the quick replies.

    ``pictures`` is the public address under which the symbols can be fetched; without one a card has words only.
    """
    made: Messages = []
    *before, last = reply.eye or ("",)
    calls_first = bool(before) and bool(reply.calls)
    for number, words in enumerate(before):
        made.append(
            _bubble(words, (), reply.calls, "") if calls_first and number == 0 else {"type": "text", "text": words}
        )
    made += [_card(*page, pictures) for page in pages(reply.card)] if reply.card else []
    if reply.slip is not None:
        made.append(_slip(reply.slip, reply.links))
    if reply.offers:
        made.append(_carousel(reply))
    calls = () if calls_first else reply.calls
    beside = {offer.choice for offer in reply.offers}
    rest = tuple(choice for choice in reply.choices if choice.id not in beside)
    if rest or calls:
        made.append(_bubble(last, rest, calls, reply.ask))
    elif last:
        made.append({"type": "text", "text": last})
    made[-1]["quickReply"] = {"items": [_quick(label, text) for label, text in STEER]}
    return made


def pages(card: Card) -> list[tuple[str, list[str], str, int]]:
    """The card's steps in bubbles that the eye takes in at once: (title, steps, note, number of the first step)."""
    groups: list[list[str]] = [[]]
    for step in card.steps:
        used = len(card.title) + len(card.note) + 4 + sum(len(s) for s in groups[-1])
        if groups[-1] and used + len(step) > MAX_BUBBLE:
            groups.append([])
        groups[-1].append(step)
    found, first = [], 1
    for number, group in enumerate(groups, 1):
        title = card.title if len(groups) == 1 else f"{card.title}（{number}/{len(groups)}）"
        found.append((title, group, card.note if number == 1 else "", first))
        first += len(group)
    return found


def _text(words: str, size: str = "lg", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, "size": size, "wrap": True, "color": INK, **more}


def _flex(alt: str, contents: list[dict[str, Any]]) -> dict[str, Any]:
    bubble = {
        "type": "bubble",
        "size": "giga",
        "body": {"type": "box", "layout": "vertical", "spacing": "lg", "contents": contents},
    }
    return {"type": "flex", "altText": alt[:400], "contents": bubble}


def _symbol(step: str, pictures: str | None) -> list[dict[str, Any]]:
    name = symbol_in(step) if pictures else None
    return (
        [
            {
                "type": "image",
                "url": f"{pictures}/{name}.png",
                "size": SYMBOL_SIZE,
                "flex": 0,
                "align": "start",
                "gravity": "top",
            }
        ]
        if name
        else []
    )


def _card(title: str, steps: list[str], note: str, first: int, pictures: str | None) -> dict[str, Any]:
    lines = [_text(title, "xl", weight="bold")] + ([_text(note, "md", color=SECOND)] if note else [])
    for number, step in enumerate(steps, first):
        row = [
            _text(f"{number}", "xl", weight="bold", flex=0, color=BUTTON),
            *_symbol(step, pictures),
            _text(step, "lg", flex=1),
        ]
        lines.append({"type": "box", "layout": "horizontal", "spacing": "lg", "contents": row})
    alt = "\n".join([title, *(f"{number}. {step}" for number, step in enumerate(steps, first))])
    return _flex(alt, lines)


def _slip(slip: Slip, links: tuple[LinkButton, ...]) -> dict[str, Any]:
    """What was agreed, in large letters, with what can be opened below."""
    rows = [
        {
            "type": "box",
            "layout": "vertical",
            "contents": [_text(label, "md", color=SECOND), _text(value, "xl", weight="bold")],
        }
        for label, value in slip.rows
    ]
    note = [_text(slip.note, "lg")] if slip.note else []
    buttons = [
        _button(link.label, {"type": "uri", "label": link.label[:20], "uri": link.uri}, SECOND) for link in links
    ]
    return _flex(
        "\n".join([slip.title, *(f"{label} {value}" for label, value in slip.rows)]),
        [_text(slip.title, "xl", weight="bold"), *rows, *note, *buttons],
    )


def _carousel(reply: Reply) -> dict[str, Any]:
    """Sessions side by side, each with its own button."""
    labels = {choice.id: choice.label for choice in reply.choices}
    bubbles = []
    for offer in reply.offers:
        action = {
            "type": "postback",
            "label": offer.button[:20],
            "data": postback(reply.ask, offer.choice),
            "displayText": labels.get(offer.choice, offer.title),
        }
        contents = [
            _text(offer.title, "xl", weight="bold"),
            *(_text(row) for row in offer.rows),
            *([_button(offer.button, action, BUTTON)] if offer.choice else []),
        ]
        bubbles.append(
            {
                "type": "bubble",
                "size": "mega",
                "body": {"type": "box", "layout": "vertical", "spacing": "lg", "contents": contents},
            }
        )
    alt = "\n".join(" ".join((offer.title, *offer.rows)) for offer in reply.offers)
    return {"type": "flex", "altText": alt[:400], "contents": {"type": "carousel", "contents": bubbles}}


def _bubble(words: str, choices: tuple[Choice, ...], calls: tuple[CallButton, ...], ask: str) -> dict[str, Any]:
    contents = [_text(words, "xl")] if words else []
    contents += [
        _button(
            call.label,
            {"type": "uri", "label": call.label[:20], "uri": "tel:" + call.number.replace("#", "%23")},
            URGENT,
        )
        for call in calls
    ]
    for choice in choices[:4]:
        action = {
            "type": "postback",
            "label": choice.label[:20],
            "data": postback(ask, choice.id),
            "displayText": choice.label,
        }
        contents.append(_button(choice.label, action, BUTTON))
    alt = words + "".join(f"\n・{label}" for label in [*(c.label for c in calls), *(c.label for c in choices)])
    return _flex(alt, contents)


def _button(label: str, action: dict[str, Any], colour: str) -> dict[str, Any]:
    return {
        "type": "box", "layout": "vertical", "backgroundColor": colour, "cornerRadius": "12px", "paddingAll": "16px",
        "action": action, "contents": [_text(label, "xl", color=PAPER, align="center", weight="bold")],
    }  # fmt: skip


def _quick(label: str, text: str) -> dict[str, Any]:
    return {"type": "action", "action": {"type": "message", "label": label, "text": text}}


def postback(ask: str, choice: str) -> str:
    """What a button sends: the question it answers and the choice."""
    return urlencode({"a": ask, "c": choice})
