"""How well time words are read, kind by kind: ``python -m nlu.time_words_page > docs/time_words.md``."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nlu.evaluation import dates_wrong, read_dates, read_time

CASES = Path(__file__).parent.parent / "tests" / "time_words.jsonl"
_INTRODUCTION = """# Words of time

Measured by `python -m nlu.time_words_page > docs/time_words.md` on `tests/time_words.jsonl`; a test keeps this page \
true. The
expected values were written before the rules were run on them. `date`, `part`, `dates` and `time` have to be exact, \
the other
keys where a case has them. Of the sentences, 407 were written blind in five rounds after the rules: \
109 of 116, 75 of 84,
55 of 60, 77 of 89 and 58 of 58 were right at first; then the kinds that failed were mended and the sentences kept, \
so that the
table shows what holds and the first readings (374 of 407, 92 %) what to expect of other people's sentences.

| kind | sentences | right | for instance |
|---|---|---|---|
"""
_DECIDED = """
## What was decided
- A day that does not exist is no day: `missing` holds it, also for 29 February when the next one lacks it. \
The bare 「三十一日」
  is the next 31st that there is.
- The past is past: 「きのう」, 「先週の火曜」, 「先月の5日」 are read as the days they are, which may lie before today; whole weeks
  and months of the past, and 「きのうから」, give nothing.
- 「火曜以外」 and 「火曜はだめ」 refuse every Tuesday (`not_weekdays`) and name the next one (`not_days`); 「火曜はだめですか」,
  「火曜以外は無理」 and 「火曜しかだめ」 ask for it.
- A date and a weekday that disagree are no day: `clash` holds both, so that the talk can ask.
- 「10時から」, 「3時以降」 set `since` and, as the wish, `time`; 「3時まで」 sets only `until`; the part of the day is told only where
  both ends lie in it.
- 「年末」, 「暮れ」, 「年内」, 「二三日中」, 「中の三日」 are left open. 「やのあさって」 is the day after 「しあさって」, as in Tokyo.
- 「年明けの月曜」 is the first Monday after New Year's Day.
- 「平日」 without a week refuses Saturday and Sunday; with a week it is its working days without holidays.
"""


def page() -> Iterator[str]:
    """The page, piece by piece."""
    cases = read_dates(CASES)
    many: Counter[str] = Counter()
    right: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for case in cases:
        kind = str(case["kind"])
        many[kind] += 1
        right[kind] += dates_wrong(case, read_time(case)) is None
        examples.setdefault(kind, []).append(case["text"])
    yield _INTRODUCTION
    for kind, count in many.items():
        yield f"| {kind} | {count} | {right[kind]} | {'、'.join(f'「{text}」' for text in examples[kind][1:4])} |\n"
    yield f"| all | {len(cases)} | {sum(right.values())} | |\n"
    wrong = [
        json.dumps(case["text"], ensure_ascii=False) for case in cases if dates_wrong(case, read_time(case)) is not None
    ]
    if wrong:
        yield "\nWrong: " + ", ".join(wrong) + "\n"
    yield _DECIDED


if __name__ == "__main__":
    sys.stdout.write("".join(page()))
