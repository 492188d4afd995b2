"""The rules of the learning path as a page for officers: python -m tools.paths_page > docs/learning_path.md."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from helpdesk.learning.planner import RULES, outline, rules
from helpdesk.ward.offers import KINDS, LEVELS, OTHER_STEPS
from nlu.hearing import told_in

PERSONAS = Path("docs/personas.yml")
STEPS = KINDS | OTHER_STEPS
QUESTIONS = {"phone": "スマートフォン", "aim": "したいこと", "worry": "心配なこと", "skill": "いま使えること"}


def _offer(name: str) -> str:
    offer = rules()["steps"][name]["offer"]
    level = LEVELS.get(offer.get("level", ""), "")
    if offer["kind"] == "event":
        level = "別の種類" if offer.get("other") else "したいことに合う種類"
    return STEPS[offer["kind"]] + (f"（{level}）" if level else "")


def _when(when: Mapping[str, list[str]]) -> str:
    parts = [
        f"{QUESTIONS[key]}が「{'」か「'.join(rules()['hearing'][key][value] for value in values)}」"
        for key, values in when.items()
    ]
    return "、".join(parts) or "そのほか"


def _lines() -> Iterator[str]:
    known = rules()
    yield "# 受講フローの決めかた"
    yield ""
    yield (
        f"このページは `helpdesk/learning/{RULES.name}` から作られています"
        "（`python -m tools.paths_page > docs/learning_path.md`）。決めかたを変えるときは、そのファイルを直します。"
    )
    yield ""
    yield "## いつも守ること"
    yield ""
    yield "- 3つから6つの段階で、どの段階にも、そのかたの言葉に沿った理由を一文で付けます。"
    yield "- 最初の段階は、いま予約できるか、今日から始められるものです。満員の会や終わった会は出しません。"
    yield "- 基礎編の前に応用編は出しません（「だいたい使えている」かたと、基礎編に出たかたを除く）。"
    yield "- 講習会のすぐあとには、練習アプリか相談会を置きます。習っただけでは身につかないからです。"
    yield "- スマートフォンを持たず、必要も感じないかたには、講習会ではなく、興味から始めます。"
    yield ""
    yield "## うかがうこと（分かっていることは聞きません。答えなくてもかまいません）"
    yield ""
    for key, values in known["hearing"].items():
        yield f"- {QUESTIONS[key]}: {'、'.join(values.values())}"
    yield "- 来やすい場所と時間"
    yield ""
    yield "## どなたに、何を、どの順で"
    yield ""
    yield "上から順に見て、初めに当てはまったものを使います。"
    yield ""
    yield "| どなたに | 当てはまるとき | 順番 |"
    yield "|---|---|---|"
    for route in known["routes"]:
        yield f"| {route['title']} | {_when(route['when'])} | {' → '.join(_offer(name) for name in route['steps'])} |"
    yield ""
    yield "そのうえで、次のように変えます。"
    yield ""
    for change in known["changes"]:
        what = (
            f"最初に{_offer(change['first'])}"
            if "first" in change
            else f"最後に{'と'.join(_offer(name) for name in change['add'])}を足す"
        )
        unless = f"。ただし{_when(change['unless'])}のときを除く" if "unless" in change else ""
        yield f"- {change['title']}（{_when(change['when'])}{unless}）: {what}"
    yield ""
    kinds = [f"{known['hearing']['aim'][aim]}→{LEVELS[level]}" for aim, level in known["events"].items()]
    yield f"体験会の種類: {'、'.join(kinds)}。"
    yield ""
    yield "## それぞれの段階の理由"
    yield ""
    for name, one in known["steps"].items():
        yield f"### {_offer(name)} `{name}`（{'・'.join(one['aims'])}）"
        yield ""
        yield "| どなたに | 理由 |"
        yield "|---|---|"
        for reason in one["reasons"]:
            yield f"| {_when(reason['when'])} | {reason['eye']} |"
        yield ""


def _personas() -> Iterator[str]:
    """Ten people in their own words, with the path each gets and why."""
    yield "## 十人の例"
    yield ""
    yield "かぎかっこの中は、そのかたの言葉です。どなたにどの順で、なぜそうご案内するかを、決めかたのとおりに作ったものです。"
    yield ""
    for persona in yaml.safe_load(PERSONAS.read_text(encoding="utf-8")):
        hearing: dict[str, str] = {}
        for words in persona["says"]:
            hearing |= told_in(words)
        yield f"### {persona['name']}"
        yield ""
        yield "".join(f"「{words}」" for words in persona["says"])
        yield ""
        for number, step in enumerate(outline(hearing), 1):
            level = LEVELS.get(step.level or "", "")
            yield f"{number}. {STEPS[step.kind]}{f'（{level}）' if level else ''}: {step.eye}（{'・'.join(step.aims)}）"
        yield ""


def page() -> str:
    """The whole page."""
    return "\n".join([*_lines(), *_personas()]).rstrip() + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201
