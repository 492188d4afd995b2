"""All guides on one page, as the caller hears them and as LINE shows them.

``python -m tools.guides_page > docs/guides.md``
"""

from collections.abc import Iterator

from flows.guides.guidebook import Guide, Way, guides
from flows.guides.symbols import symbol_in
from flows.script.replies import OPTION_KEYS
from helpdesk.ward.topics import name_of
from tools.guide_lint import faults

_PHONES = (("iphone", "iPhone"), ("android", "Android"), ("rakuraku", "らくらく"))


def page() -> Iterator[str]:
    """The lines of the page, in Markdown."""
    yield "# 案内の一覧"
    yield ""
    yield "電話で聞こえる言葉と、LINEで見える言葉です。`python -m tools.guides_page > docs/guides.md` で作り直します。"
    found = [fault for guide in guides().values() for fault in faults(guide)]
    ways = [way for guide in guides().values() for way in guide.ways.values()]
    yield ""
    yield (
        f"検査（`python -m tools.guide_lint`）: 案内 {len(guides())}、手順書 {len(ways)}、"
        f"手順 {sum(len(way.steps) for way in ways)}、指摘 {len(found)}。"
    )
    yield ""
    yield "電話: 質問と番号の案内は60文字まで、一度に一つの操作、お年寄りの使わない言葉は使わない。LINE: 一つの吹き出しは120文字まで、一度に三つまで。"
    for guide in guides().values():
        yield from _guide(guide)


def _guide(guide: Guide) -> Iterator[str]:
    yield ""
    yield f"## {name_of(guide.topic)}"
    yield ""
    yield f"確認 {guide.facts.checked:%Y-%m-%d}、出典 {guide.facts.source}、担当 {guide.facts.owner}"
    for name, question in guide.questions.items():
        yield ""
        yield f"**{question.ear}**（{name}）"
        yield ""
        for option, key in zip(question.options, OPTION_KEYS, strict=False):
            place = guide.ways[option.leads].title if option.leads in guide.ways else option.leads
            yield f"- {option.ear}は{key} → {place}"
    for way in guide.ways.values():
        yield from _way(guide, way)


def _way(guide: Guide, way: Way) -> Iterator[str]:
    yield ""
    yield f"### {way.title}"
    yield ""
    for number, step in enumerate(way.steps, 1):
        told: dict[tuple[str, str], list[str]] = {}
        for device, phone in _PHONES:
            told.setdefault(step.for_device(device), []).append(phone)
        for (ear, eye), phones in told.items():
            whom = f"［{'・'.join(phones)}］" if len(told) > 1 else ""
            symbol = symbol_in(eye)
            picture = f"![{symbol}](../bot/channels/line/symbols/{symbol}.svg) " if symbol else ""
            yield f"{number}. {whom}{ear} ／ {picture}{eye}"
    after = guide.ways[way.otherwise].title if way.otherwise else "翌日まで待つ" if way.later else "担当者"
    yield ""
    yield f"それでもだめなら: {after}"


if __name__ == "__main__":
    print("\n".join(page()))  # noqa: T201
