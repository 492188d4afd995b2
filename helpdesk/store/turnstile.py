"""Lets the threads of one process through one at a time, in the order in which they came."""

import threading
from collections import deque


class Turnstile:
    """A lock that nobody overtakes at: ``threading.Lock`` gives itself to whoever asks at the right moment."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()
        """One locked lock for each who waits; it is opened when it is her turn."""

    def enter(self, seconds: float) -> bool:
        """Wait for one's turn, at most so long. Whether it came; then ``leave`` has to follow."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._queue.append(mine)
        if mine.acquire(timeout=max(seconds, 0)):
            return True
        with self._guard:
            if mine in self._queue:
                self._queue.remove(mine)
                return False
        return True  # the turn came in the very moment in which the patience ended

    def leave(self) -> None:
        """The next in the queue is let through."""
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False

    @property
    def waiting(self) -> int:
        """How many stand in the queue."""
        return len(self._queue)
