"""How well sentences are understood that nobody learnt from.

Both readings alone and together, what a recogniser's errors
cost, what a chance is worth, what more sentences would bring, the labels that are understood least.

    python -m bench.understanding bench/sentences.jsonl            # everything but the curve, for docs/understanding.md
    python -m bench.understanding bench/sentences.jsonl --curve    # and the curve of the heads: the encoder stays
"""

import argparse
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from helpdesk.settings import settings
from nlu.embedded import Embedded, load_or_train, train
from nlu.evaluation import read
from nlu.noise import NoiseChannel
from nlu.training_data import sentences

SEED = 20261124
SHARES = (0.25, 0.5, 0.75, 1.0)
RATES = (0.0, 0.10, 0.17)
Case = tuple[str, str, str]
Ranking = Callable[[str], Sequence[str]]


def main() -> None:
    """Tables in Markdown, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--curve", action="store_true")
    options = parser.parse_args()
    cases, model = read(options.file), load_or_train(settings().models)
    readings(model, cases)
    noise(model, cases)
    worth(model, cases)
    weakest(model, cases)
    speed(model, cases)
    if options.curve:
        curve(cases)


def readings(model: Embedded, cases: Sequence[Case]) -> None:
    """Each reading alone, both together, by channel."""
    print("\n| reading | likeliest | among three | telephone | LINE |\n|---|---|---|---|---|")
    ways: dict[str, Ranking] = {
        "letters alone": model.by_letters,
        "encoder alone": model.by_meaning,
        "both, weighed": ranking(model),
    }
    for name, way in ways.items():
        found = [(label, channel, list(way(text))) for text, label, channel in cases]
        by_channel = [
            share([(label, ranked) for label, channel, ranked in found if channel == wanted], 1)
            for wanted in ("voice", "line")
        ]
        both = [(label, ranked) for label, _, ranked in found]
        print(
            f"| {name} | {share(both, 1):.3f} | {share(both, 3):.3f} | {by_channel[0]:.3f} | {by_channel[1]:.3f} |",
            flush=True,
        )
    print(f"\nweights: encoder {model.weighing[0]:.2f}, letters {model.weighing[1]:.2f}")


def noise(model: Embedded, cases: Sequence[Case]) -> None:
    """What it costs when characters are wrong."""
    channel = NoiseChannel((text for text, _ in sentences()), SEED)
    print("\n| characters wrong | likeliest | among three |\n|---|---|---|")
    for rate in RATES:
        found = [
            (label, ranking(model)(channel.spoil(text, rate)))
            for text, label, _ in cases
            for _ in range(3 if rate else 1)
        ]
        print(f"| {rate:.0%} | {share(found, 1):.3f} | {share(found, 3):.3f} |", flush=True)


def worth(model: Embedded, cases: Sequence[Case]) -> None:
    """How often the likeliest label is right, by its chance."""
    groups: dict[int, list[tuple[float, bool, bool]]] = defaultdict(list)
    for text, label, _ in cases:
        meant = model.understand(text)
        groups[min(int(meant.confidence * 10), 9)].append(
            (meant.confidence, meant.intent == label, label in [found for found, _ in meant.likeliest])
        )
    print("\n| chance | sentences | mean chance | right | among three |\n|---|---|---|---|---|")
    for group in sorted(groups):
        chances, right, third = zip(*groups[group], strict=True)
        print(
            f"| {group / 10:.1f}-{group / 10 + 0.1:.1f} | {len(right)} | {np.mean(chances):.2f} "
            f"| {np.mean(right):.2f} | {np.mean(third):.2f} |"
        )


def weakest(model: Embedded, cases: Sequence[Case]) -> None:
    """Every label with its F1 and what it is taken for, the weakest first."""
    said = [(label, model.understand(text).intent) for text, label, _ in cases]
    print("\n| label | sentences | recall | precision | F1 | taken for |\n|---|---|---|---|---|---|")
    rows = []
    for label in sorted({label for label, _ in said}):
        meant = [found for wanted, found in said if wanted == label]
        hits, claimed = meant.count(label), sum(found == label for _, found in said)
        recall, precision = hits / len(meant), hits / max(claimed, 1)
        wrong = ", ".join(
            f"{found} {count}" for found, count in Counter(found for found in meant if found != label).most_common(3)
        )
        rows.append(
            (2 * recall * precision / max(recall + precision, 1e-9), label, len(meant), recall, precision, wrong)
        )
    for f1, label, count, recall, precision, wrong in sorted(rows):
        print(f"| {label} | {count} | {recall:.2f} | {precision:.2f} | {f1:.2f} | {wrong} |")
    print(f"\nmacro-F1 {statistics.fmean(row[0] for row in rows):.3f}")


def speed(model: Embedded, cases: Sequence[Case]) -> None:
    """Milliseconds of a parse, on one core."""
    took = []
    for text, _, _ in cases:
        started = time.perf_counter()
        model.understand(text)
        took.append((time.perf_counter() - started) * 1e3)
    print(f"\na parse: median {statistics.median(took):.1f} ms, 95th percentile {np.percentile(took, 95):.1f} ms")


def curve(cases: Sequence[Case]) -> None:
    """What more sentences bring to the heads."""
    print("\n| share of the sentences | likeliest | among three | training s |\n|---|---|---|---|")
    everything = sorted(sentences())
    for part in SHARES:
        chosen = random.Random(SEED).sample(everything, round(part * len(everything)))
        started = time.perf_counter()
        model = train(chosen, settings().models)
        seconds = time.perf_counter() - started
        found = [(label, ranking(model)(text)) for text, label, _ in cases]
        print(f"| {part:.0%} | {share(found, 1):.3f} | {share(found, 3):.3f} | {seconds:.0f} |", flush=True)


def ranking(model: Embedded) -> Ranking:
    """The labels of a text, the likeliest first."""
    return lambda text: [label for label, _ in model.understand(text).likeliest]


def share(found: Sequence[tuple[str, Sequence[str]]], first: int) -> float:
    """In how many the right label is among the ``first``."""
    return sum(label in ranked[:first] for label, ranked in found) / max(len(found), 1)


if __name__ == "__main__":
    main()
