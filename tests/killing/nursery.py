"""Starts ``helpdesk web`` and ``helpdesk scheduler`` again at once.

Everything is imported and the model is loaded before each fork. Run as a program. Reads lines ``COMMAND CLOCK LOGFILE``
and answers each with the new process's id. What the child runs is the command itself, the same as
``python -m helpdesk.operations.cli COMMAND``; only the seconds for imports and the model are spared.
"""

import os
import signal
import sys

import bot.commands
import bot.web
import bot.wiring
import helpdesk.operations.serving
import nlu.embedded
import scheduler.run  # noqa: F401
from helpdesk.operations.cli import main as helpdesk
from helpdesk.settings import settings


def child(command: str, clock: str, log: str) -> None:
    """The command, in a process group of its own."""
    os.setsid()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(out, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ["HELPDESK_CLOCK"] = clock
    settings.cache_clear()  # read before the fork, without this clock
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.argv = ["helpdesk", command]
    helpdesk()


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    model = nlu.embedded.load_or_train(settings().models)
    bot.wiring.load_or_train = lambda _: model
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are nobody's business here
    tell("ready")
    for line in sys.stdin:
        command, clock, log = line.split()
        pid = os.fork()
        if pid == 0:
            child(command, clock, log)
            os._exit(0)
        tell(str(pid))


if __name__ == "__main__":
    main()
