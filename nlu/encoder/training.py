"""Trains the encoder for this desk: ``make encoder``. Only here torch is needed, in an environment of its own.

Word embeddings and the lowest layers stay as they are, everything above them learns (``batches.py`` says from what).
What the file keeps is read again by ``network.py`` without torch.
"""

import argparse
import hashlib
import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from nlu.encoder.batches import Batch, Sentences
from nlu.encoder.package_weights import unpack
from nlu.encoder.pruning import pruned
from nlu.encoder.weights import KEPT, Weights, marks, read, write
from nlu.text import readable
from nlu.training_data import is_kept_back, sentences

log = logging.getLogger("helpdesk.encoder")
SEED, THREADS = 20261125, 2
RATE, HEAD_RATE, LOWER_RATE, DECAY, WARM_UP = 2.5e-4, 1e-3, 0.9, 0.01, 0.06
"""Each layer learns a tenth slower than the one above it.

The rate rises for ``WARM_UP`` of all steps, then falls to nothing.
"""
STILL = 2
"""The lowest layers do not learn: a fifth of the time for next to nothing lost."""
SMOOTHING, DROPOUT = 0.1, 0.1
SHOWN, CHECKED = 64, 20
ROWS, CARD = Path("tests/encoder/rows.json"), KEPT.with_name("CARD.md")
_FROM, _TO = "<!-- written by make encoder -->", "<!-- until here -->"


@dataclass(frozen=True)
class Plan:
    """How a training goes."""

    rounds: int
    seed: int = SEED
    rate: float = RATE


class Learner:
    """The encoder with a head for the labels, as torch sees it."""

    def __init__(self, weights: Weights, labels: Sequence[str]) -> None:
        self.weights, self.labels = weights, list(labels)
        self.words = torch.from_numpy(weights.words.astype(np.float32) * weights.word_scales[:, None])
        self.numbers = {
            name: torch.tensor(value, requires_grad=_learns(name)) for name, value in weights.numbers.items()
        }
        if weights.about.get("labels") != self.labels:
            size = self.words.shape[1]
            self.numbers["head.w"] = (torch.randn(len(labels), size) * 0.02).requires_grad_()
            self.numbers["head.b"] = torch.zeros(len(labels), requires_grad=True)
        self.learnt = {name: value for name, value in self.numbers.items() if value.requires_grad}
        self.short = torch.cpu._is_avx512_bf16_supported()

    def rows(self, pieces: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """A row for each text of a batch: the mean over its pieces."""
        mask = None if bool(there.all()) else there[:, None, None, :]
        with torch.no_grad():
            seen = self._norm(self.words[pieces] + self.numbers["places"][: pieces.shape[1]], "norm")
            for layer in range(STILL):
                seen = self._through(seen, layer, mask)
        for layer in range(STILL, self.weights.about["layers"]):
            seen = self._through(seen, layer, mask)
        share = there.float() / there.sum(1, keepdim=True)
        return (seen.float() * share[:, :, None]).sum(1)

    def loss(self, batch: Batch, smoothing: float) -> torch.Tensor:
        """How far the head is from the labels."""
        pieces, there, wanted = batch
        with torch.autocast("cpu", torch.bfloat16, enabled=self.short):
            rows = self.rows(pieces, there)
        told = functional.linear(functional.dropout(rows, DROPOUT), self.numbers["head.w"], self.numbers["head.b"])
        return functional.cross_entropy(told, wanted, label_smoothing=smoothing)

    def groups(self, rate: float) -> list[dict[str, object]]:
        """What learns at which rate."""
        layers = self.weights.about["layers"]
        found: list[dict[str, object]] = []
        for name, value in self.learnt.items():
            first = name.partition(".")[0]
            depth = 0 if first == "head" else layers - int(first) if first.isdigit() else layers + 1
            own = HEAD_RATE if first == "head" else rate * LOWER_RATE**depth
            found.append(
                {"params": [value], "lr": own, "weight_decay": DECAY if value.ndim == 2 and first != "places" else 0.0}
            )
        return found

    def kept(self) -> Weights:
        """What was learnt, as plain numbers."""
        numbers = {name: value.detach().numpy().copy() for name, value in self.numbers.items()}
        return replace(self.weights, numbers=numbers, about={**self.weights.about, "labels": self.labels})

    def _through(self, seen: torch.Tensor, layer: int, mask: torch.Tensor | None) -> torch.Tensor:
        seen = self._norm(seen + self._attend(seen, layer, mask), f"{layer}.norm1")
        wide = functional.gelu(self._times(seen, f"{layer}.wide"), approximate="tanh")
        return self._norm(seen + self._times(wide, f"{layer}.back"), f"{layer}.norm2")

    def _attend(self, seen: torch.Tensor, layer: int, mask: torch.Tensor | None) -> torch.Tensor:
        texts, length, size = seen.shape
        asked = self._times(seen, f"{layer}.ask").float().view(texts, length, 3, self.weights.about["heads"], -1)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self._times(mixed.transpose(1, 2).reshape(texts, length, size), f"{layer}.out")

    def _times(self, seen: torch.Tensor, name: str) -> torch.Tensor:
        return functional.linear(seen, self.numbers[name + ".w"], self.numbers[name + ".b"])

    def _norm(self, seen: torch.Tensor, name: str) -> torch.Tensor:
        weight, bias = self.numbers[name + ".w"], self.numbers[name + ".b"]
        return functional.layer_norm(seen.float(), weight.shape, weight, bias, self.weights.about["epsilon"])


def _learns(name: str) -> bool:
    layer = name.partition(".")[0]
    return layer.isdigit() and int(layer) >= STILL or layer == "head"


def train(
    weights: Weights, examples: Sequence[tuple[str, str]], plan: Plan, after_round: Callable[[Weights], None]
) -> Weights:
    """``weights`` after ``plan.rounds`` over ``examples``; the same again with the same seed on the same machine.

    ``after_round`` gets what is known so far, so that a training that is broken off is not lost.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(THREADS)
    labels = sorted({label for _, label in examples})
    learner, shown = Learner(weights, labels), Sentences(examples, labels, weights.vocabulary(), plan.seed)
    optimizer = torch.optim.AdamW(learner.groups(plan.rate), fused=True)
    rates = [group["lr"] for group in optimizer.param_groups]
    step, started = 0, time.monotonic()
    for number in range(plan.rounds):
        batches, lost = shown.batches(), 0.0
        steps = plan.rounds * len(batches)
        for batch in batches:
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * _share(step / steps)
            loss = learner.loss(batch, SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(learner.learnt.values()), 1.0)
            optimizer.step()
            step, lost = step + 1, lost + loss.item()
        after_round(learner.kept())
        log.info(
            "round %d of %d: loss %.3f, %.0f s",
            number + 1,
            plan.rounds,
            lost / len(batches),
            time.monotonic() - started,
        )
    return learner.kept()


def as_torch_computes(weights: Weights, texts: Sequence[str]) -> list[list[float]]:
    """The rows of ``texts``, for a test that numpy computes the same: the first numbers of each."""
    learner = Learner(weights, weights.about["labels"])
    vocabulary = weights.vocabulary()
    found = []
    with torch.no_grad():
        for text in texts:
            pieces = torch.tensor([vocabulary.numbers(text)])
            found.append(
                [
                    round(value, 5)
                    for value in learner.rows(pieces, torch.ones_like(pieces, dtype=torch.bool))[0].tolist()[:SHOWN]
                ]
            )
    return found


def keep_rows(file: Path, rows: Path, texts: Sequence[str]) -> None:
    """Write what the encoder in ``file`` makes of ``texts`` beside the tests."""
    mark = hashlib.sha256(file.read_bytes()).hexdigest()
    told = as_torch_computes(read(file), texts)
    rows.write_text(
        json.dumps({"encoder": mark, "texts": list(texts), "rows": told}, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def write_card(file: Path, card: Path, seconds: float) -> None:
    """Put into the card what the file is and how it was made; what people wrote there stays."""
    about = read(file).about
    rows = [
        f"| {n} | {made['sentences']} | {made['data']} | {made['rounds']} | {made['rate']} | {made['seed']} |"
        for n, made in enumerate(about["stages"], 1)
    ]
    told = [
        _FROM, "",
        f"`{file.name}`: {file.stat().st_size / 1e6:.1f} MB, {about['layers']} layers, "
        f"{len(about['labels'])} labels, SHA-256", "",
        f"    {hashlib.sha256(file.read_bytes()).hexdigest()}", "",
        "| stage | sentences | their mark | rounds | rate | seed |", "|---|---|---|---|---|---|", *rows, "",
        f"The last stage took {seconds / 60:.0f} minutes.", "", _TO,
    ]  # fmt: skip
    before, _, rest = card.read_text(encoding="utf-8").partition(_FROM)
    card.write_text(before + "\n".join(told) + rest.partition(_TO)[2], encoding="utf-8")


def _share(done: float) -> float:
    return done / WARM_UP if done < WARM_UP else max(0.0, (1 - done) / (1 - WARM_UP))


def main() -> None:
    """From the package's weights, or on from an encoder that was kept, to a file."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--on-from", type=Path, help="an encoder that was trained before (without: the package's weights)"
    )
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--share", type=float, default=1.0, help="learn from a part of the sentences, for a curve")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=KEPT)
    options = parser.parse_args()
    started, everything = time.monotonic(), sentences()
    learnt = [(text, label) for text, label in everything if not is_kept_back(text)]
    chance = random.Random(options.seed)  # noqa: S311  (nothing secret)
    learnt = chance.sample(learnt, round(options.share * len(learnt)))
    begun = read(options.on_from) if options.on_from else pruned(unpack(), (text for text, _ in everything))
    mark = hashlib.sha256("\n".join(f"{label}\t{text}" for text, label in learnt).encode()).hexdigest()[:16]
    stage = {
        "sentences": len(learnt),
        "data": mark,
        "rounds": options.rounds,
        "rate": options.rate,
        "seed": options.seed,
    }
    stages = [*begun.about.get("stages", []), stage]

    def keep(made: Weights) -> None:
        write(
            replace(made, about={**made.about, "stages": stages}, known=marks(text for text, _ in learnt)), options.out
        )

    keep(train(begun, learnt, Plan(options.rounds, options.seed, options.rate), keep))
    if options.out == KEPT:
        write_card(KEPT, CARD, time.monotonic() - started)
        keep_rows(KEPT, ROWS, [readable(text) for text, _ in everything[:: len(everything) // CHECKED]][:CHECKED])
    log.info("%s: %.1f MB", options.out, options.out.stat().st_size / 1e6)


if __name__ == "__main__":
    main()
