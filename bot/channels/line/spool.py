"""Events that LINE has handed over and that wait because the database cannot be used.

They are kept as files, one an event, until they are answered. A process that dies loses none; the next one goes on
with them.
"""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from flows.converse import NotNow

log = logging.getLogger("helpdesk.line")
AGAIN_AFTER = 0.5
_NAME = re.compile(r"\d{20}-\d{6}\.json")


class Spool:
    """A folder of events in the order of their arrival.

    ``answer`` answers one; it raises NotNow when it has to be tried again.
    """

    def __init__(self, folder: Path, answer: Callable[[dict[str, Any]], None]) -> None:
        self._folder, self._answer = folder, answer
        self._count, self._lock = count(), threading.Lock()
        self._working = False

    def put(self, event: dict[str, Any]) -> None:
        """Keep it safely: when this returns, it survives the end of the process and of the machine."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns():020d}-{next(self._count) % 1_000_000:06d}.json"
        draft = self._folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(event, file)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._folder / name)
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
        self.start()

    def waiting(self) -> list[Path]:
        """What is not answered yet, the oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def start(self) -> None:
        """Answer what waits, in a thread of its own."""
        with self._lock:
            if not self._working and self.waiting():
                self._working = True
                threading.Thread(target=self._work, name="line-spool", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                waiting = self.waiting()
                if not waiting:
                    self._working = False
                    return
            for path in waiting:
                if not self._one(path):
                    time.sleep(AGAIN_AFTER)
                    break

    def _one(self, path: Path) -> bool:
        """Whether this event needs no further try."""
        try:
            self._answer(json.loads(path.read_text(encoding="utf-8")))
        except NotNow:
            return False
        except Exception:  # an event that cannot be answered must not stop those behind it
            log.exception("an event that was kept could not be answered")
            path.rename(path.with_suffix(".failed"))
            return True
        path.unlink()
        return True
