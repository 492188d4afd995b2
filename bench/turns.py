"""Server time of a turn on each channel with each engine, beside a bare parse of the same Rasa server in the same run.

    make bench

Every measurement is one HTTP request over a kept connection on loopback, from the first byte sent to the last received.
The kinds are taken in rounds, one after the other, so that a slow minute of the machine hits all of them.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from helpdesk.settings import settings
from nlu import rasa_server
from nlu.rasa_client import RasaClient
from nlu.training_data import sentences

ROUNDS, PER_ROUND = 10, 24
CALLERS = (1, 8)
PAUSE = 0.02
"""Seconds between the turns of a single caller: what one still does in the background is not part of the next."""
TEXTS = [text for text, label in sentences() if label.startswith("trouble_")][::11]
_ids = count(1)


class Server:
    """A web process of the service with a database of its own."""

    def __init__(self, rasa_url: str, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        var = folder / "var"
        var.mkdir(parents=True)
        var.joinpath("nlu").symlink_to(settings().models.absolute())
        environment = {
            n: v for n, v in os.environ.items() if not n.startswith(("HELPDESK_", "TWILIO_", "LINE_", "RASA_"))
        }
        environment |= {
            "HELPDESK_BIND": self.url.removeprefix("http://"),
            "HELPDESK_PUBLIC_URL": self.url,
            "RASA_URL": rasa_url,
            "PYTHONPATH": os.getcwd(),
        }
        environment |= {
            "HELPDESK_VAR": str(var),
            "HELPDESK_UNDERSTOOD_PER_MINUTE": "10000",
        }  # each friend writes more than a person would
        run = [sys.executable, "-m", "helpdesk.operations.cli"]
        subprocess.run([*run, "db", "upgrade"], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [*run, "web"], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait(lambda: RasaClient(self.url).alive() or ready(self.url))
        self.token = (var / "console_twilio_token").read_text()
        self.secret = (var / "console_line_secret").read_text()


class Connection:
    """One kept connection of one caller."""

    def __init__(self, url: str) -> None:
        self.http = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> float:
        """Seconds until the whole answer was there."""
        started = time.perf_counter()
        self.http.request("POST", path, body, headers)
        response = self.http.getresponse()
        response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status}")
        return seconds


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait(condition: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("a server did not start")
        time.sleep(0.3)


def ready(url: str) -> bool:
    try:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def bare_parse(rasa_url: str) -> Iterator[float]:
    """Rasa's own answer to one text."""
    connection = Connection(rasa_url)
    for number in count():
        body = json.dumps({"text": TEXTS[number % len(TEXTS)]}).encode()
        yield connection.post("/model/parse", body, {"Content-Type": "application/json"})


def _voice(connection: Connection, server: Server, path: str, call: str, **params: str) -> float:
    form = {"CallSid": call, "From": "+81312345678", "To": "+81300000000", **params}
    signature = RequestValidator(server.token).compute_signature(server.url + path, form)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return connection.post(path, urlencode(form).encode(), headers)


def voice_model(server: Server) -> Iterator[float]:
    """The first words of a call, which only a model understands."""
    connection = Connection(server.url)
    for number in count():
        call = f"CA{next(_ids):032d}"
        _voice(connection, server, "/voice/incoming", call)
        yield _voice(
            connection, server, "/voice/turn?n=1", call, SpeechResult=TEXTS[number % len(TEXTS)], Confidence="0.9"
        )


def voice_rules(server: Server) -> Iterator[float]:
    """A key and a yes in a guide: what rules settle."""
    connection = Connection(server.url)
    while True:
        call = f"CA{next(_ids):032d}"
        _voice(connection, server, "/voice/incoming", call)
        _voice(connection, server, "/voice/turn?n=1", call, SpeechResult="ワイファイにつながらない", Confidence="0.9")
        yield _voice(connection, server, "/voice/turn?n=2", call, Digits="3")
        yield _voice(connection, server, "/voice/turn?n=3", call, SpeechResult="はい", Confidence="0.9")


def line_model(server: Server) -> Iterator[float]:
    """A message of a new friend."""
    connection = Connection(server.url)
    for number in count():
        yield _line(connection, server, f"U{next(_ids):032x}", TEXTS[number % len(TEXTS)])


def line_rules(server: Server) -> Iterator[float]:
    """A yes of a friend."""
    connection = Connection(server.url)
    while True:
        yield _line(connection, server, f"U{next(_ids):032x}", "はい")


def _line(connection: Connection, server: Server, user: str, text: str) -> float:
    number = next(_ids)
    event = {
        "type": "message", "mode": "active", "timestamp": number, "source": {"type": "user", "userId": user},
        "webhookEventId": f"01{number:024d}", "deliveryContext": {"isRedelivery": False},
        "replyToken": f"{number:032d}", "message": {"id": str(number), "type": "text", "text": text, "quoteToken": "q"},
    }  # fmt: skip
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
    signature = base64.b64encode(hmac.new(server.secret.encode(), body, hashlib.sha256).digest()).decode()
    return connection.post("/line/webhook", body, {"X-Line-Signature": signature, "Content-Type": "application/json"})


def turn_of(source: Iterator[float], pause: float) -> float:
    time.sleep(pause)
    return next(source)


def measure(kinds: dict[str, Callable[[], Iterator[float]]], callers: int) -> dict[str, tuple[list[float], float]]:
    """For each kind the seconds of its turns and the turns per second of all callers together."""
    sources = {name: [make() for _ in range(callers)] for name, make in kinds.items()}
    seconds: dict[str, list[float]] = {name: [] for name in kinds}
    for group in sources.values():
        for source in group:
            next(source)  # warm
    with ThreadPoolExecutor(callers) as threads:
        for _ in range(ROUNDS):
            for name, group in sources.items():
                share = max(PER_ROUND // callers, 3)
                pause = PAUSE if callers == 1 else 0.0
                for found in threads.map(
                    lambda source, share=share, pause=pause: [turn_of(source, pause) for _ in range(share)], group
                ):
                    seconds[name] += found
    return {name: (found, callers * len(found) / sum(found)) for name, found in seconds.items()}


def table(found: dict[str, tuple[list[float], float]], callers: int) -> Iterator[str]:
    bare = statistics.median(found["Rasa bare parse"][0])
    yield f"\n{callers} caller{'s' if callers > 1 else ''}:\n"
    yield "| what | median ms | 95th ms | turns/s | median : bare parse |"
    yield "|---|---|---|---|---|"
    for name, (seconds, rate) in found.items():
        median, worst = statistics.median(seconds), statistics.quantiles(seconds, n=20)[18]
        yield f"| {name} | {median * 1000:.1f} | {worst * 1000:.1f} | {rate:.0f} | {median / bare:.2f} |"


def main() -> None:
    model = rasa_server.train(settings().models)
    rasa_url = f"http://127.0.0.1:{free_port()}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    rasa = subprocess.Popen(rasa_server.server_command(model, rasa_url), env=rasa_server.environment(), **quiet)
    with tempfile.TemporaryDirectory() as folder:
        wait(RasaClient(rasa_url).alive)
        with_rasa = Server(rasa_url, Path(folder) / "rasa")
        embedded = Server(f"http://127.0.0.1:{free_port()}", Path(folder) / "embedded")
        kinds: dict[str, Callable[[], Iterator[float]]] = {
            "Rasa bare parse": lambda: bare_parse(rasa_url),
            "telephone, Rasa": lambda: voice_model(with_rasa),
            "telephone, embedded": lambda: voice_model(embedded),
            "telephone, rules": lambda: voice_rules(embedded),
            "LINE, Rasa": lambda: line_model(with_rasa),
            "LINE, embedded": lambda: line_model(embedded),
            "LINE, rules": lambda: line_rules(embedded),
        }
        try:
            print(
                f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
                f"{ROUNDS * PER_ROUND} turns a line, kinds in turn"
            )
            for callers in [int(given) for given in sys.argv[1:]] or CALLERS:
                for line in table(measure(kinds, callers), callers):
                    print(line, flush=True)
        finally:
            for process in (with_rasa.process, embedded.process, rasa):
                process.terminate()
                process.wait(20)


if __name__ == "__main__":
    main()
