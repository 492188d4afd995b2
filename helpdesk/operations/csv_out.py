"""Tables and lines to standard output, for spreadsheets and for other programs."""

import csv
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any

from helpdesk.formulas import for_spreadsheet


@contextmanager
def until_the_reader_goes() -> Iterator[None]:
    """Whoever reads may stop (``| head``): then the command ends, without a word."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def write_csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """A CSV in UTF-8 with a byte order mark (Japanese spreadsheets read no Japanese without it), without formulas."""
    with until_the_reader_goes():
        out = TextIOWrapper(sys.stdout.buffer, encoding="utf-8-sig", newline="")
        writer = csv.DictWriter(out, fieldnames=columns)
        writer.writeheader()
        for row in rows:
            writer.writerow({name: for_spreadsheet(value) for name, value in row.items()})
        out.detach()  # flushed; closing it would close standard output
