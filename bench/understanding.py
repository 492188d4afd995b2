"""What more data would bring, and what a recogniser's errors cost: for the embedded classifier, on the training sentences alone
(cross-validation) and on a file of labelled sentences.

    python -m bench.understanding bench/sentences.jsonl
"""

import random
import sys
import time
from pathlib import Path

from sklearn.model_selection import StratifiedKFold

from nlu.embedded import Embedded, with_noise
from nlu.evaluation import read
from nlu.noise import NoiseChannel
from nlu.training_data import sentences

FOLDS, SEED = 5, 20261124
SHARES = (0.25, 0.5, 0.75, 1.0)
RATES = (0.0, 0.10, 0.17)


def accuracy(model: Embedded, cases: list[tuple[str, str]]) -> tuple[float, float]:
    """(likeliest right, among the three likeliest)."""
    first = third = 0
    for text, label in cases:
        likeliest = [found for found, _ in model.understand(text).likeliest]
        first += likeliest[:1] == [label]
        third += label in likeliest
    return first / len(cases), third / len(cases)


def learning_curve(examples: list[tuple[str, str]]) -> None:
    print(f"\nCross-validation, {FOLDS} folds of {len(examples)} sentences:\n\n| share of the data | likeliest | among three | training s |\n|---|---|---|---|")
    labels = [label for _, label in examples]
    for share in SHARES:
        sums, seconds = [0.0, 0.0], 0.0
        for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels):
            chosen = random.Random(SEED).sample(list(train), int(share * len(train)))
            started = time.perf_counter()
            model = Embedded().train([examples[i] for i in chosen])
            seconds += time.perf_counter() - started
            for place, value in enumerate(accuracy(model, [examples[i] for i in test])):
                sums[place] += value
        print(f"| {share:.0%} | {sums[0] / FOLDS:.3f} | {sums[1] / FOLDS:.3f} | {seconds / FOLDS:.1f} |", flush=True)


def noise(examples: list[tuple[str, str]], cases: list[tuple[str, str]]) -> None:
    model, channel = Embedded().train(with_noise(examples)), NoiseChannel((text for text, _ in examples), SEED)
    print("\nUnder a recogniser's errors:\n\n| characters wrong | likeliest | among three |\n|---|---|---|")
    for rate in RATES:
        first, third = accuracy(model, [(channel.spoil(text, rate), label) for text, label in cases])
        print(f"| {rate:.0%} | {first:.3f} | {third:.3f} |", flush=True)


if __name__ == "__main__":
    data = sentences()
    learning_curve(data)
    if len(sys.argv) > 1:
        noise(data, [(text, intent) for text, intent, _ in read(Path(sys.argv[1]))])
