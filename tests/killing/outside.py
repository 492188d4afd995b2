"""LINE and Twilio on loopback: one-time reply tokens, retry keys, messages without any key; everything is recorded."""

import json
import random
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response


class _Silent(WSGIRequestHandler):
    def log(self, *args: Any, **more: Any) -> None:
        return None


class Outside:
    """Takes up to ``slowest`` seconds before it keeps a message and as long before it says so.

    Deaths fall on both sides.
    """

    def __init__(self, seed: int, slowest: float = 0.12) -> None:
        self.sms: list[tuple[str, str]] = []
        self.replies: Counter[str] = Counter()
        self.pushes: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._random, self._slowest, self._lock = random.Random(seed), slowest, threading.Lock()
        self._server = make_server(
            "127.0.0.1", 0, Request.application(self._answer), threaded=True, request_handler=_Silent
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()

    def _answer(self, request: Request) -> Response:
        body = request.get_data()
        with self._lock:
            before, after = (self._random.uniform(0, self._slowest) for _ in range(2))
        time.sleep(before)
        with self._lock:
            response = self._keep(request, body)
        time.sleep(after)
        return response

    def _keep(self, request: Request, body: bytes) -> Response:
        if request.path.endswith("/Messages.json"):
            form = parse_qs(body.decode())
            self.sms.append((form["To"][0], form["Body"][0]))
            return _json({"sid": f"SM{len(self.sms):032x}"}, 201)
        if request.path.endswith("/message/reply"):
            token = json.loads(body)["replyToken"]
            if self.replies[token]:
                self.refused["token used"] += 1
                return _json({"message": "Invalid reply token"}, 400)
            self.replies[token] += 1
            return _json({"sentMessages": [{"id": "1", "quoteToken": "q"}]})
        if request.path.endswith("/message/push"):
            key = request.headers["X-Line-Retry-Key"]
            if self.pushes[key]:
                self.refused["retry key known"] += 1
                return _json({"message": "The retry key is already accepted"}, 409)
            self.pushes[key] += 1
            return _json({"sentMessages": []})
        return _json({"message": "Not found"}, 404)


def _json(what: Any, status: int = 200) -> Response:
    return Response(json.dumps(what), status, content_type="application/json")
