"""Callers and friends who do not give up: a request without an answer is made again, as the providers do."""

import base64
import hashlib
import hmac
import json
import random
import re
import threading
import time
from typing import Any

import httpx
from twilio.request_validator import RequestValidator

ACTION = re.compile(r'action="(/voice/[^"]*n=(\d+)[^"]*)"')
WISHES = (
    "基礎の講習会を来週の午後に神保町で予約したい", "基礎の講習会を12月8日に区役所で予約したい", "応用の講習会を予約したい",
    "散歩の体験会を予約したい", "クイズの体験会を予約したい", "音が出ないんです",
)  # fmt: skip
NAMES = ("やまだはなこです", "佐藤ふみです", "高橋です", "中村です", "小林ゆうこです", "鈴木です")
PATIENCE = 45.0
"""Seconds after which somebody gives up; no restart takes so long."""


class People:
    """What was sent and what was accepted (200 or 204), by the keys of the turns."""

    def __init__(self, web: str, twilio_token: str, line_secret: str, seed: int) -> None:
        self.web, self.secret, self.seed = web, line_secret, seed
        self.validator = RequestValidator(twilio_token)
        self.accepted: set[str] = set()
        self.tokens: dict[str, str] = {}
        self.again, self.given_up, self.strange = 0, 0, list[str]()
        self.stop = threading.Event()
        self._lock = threading.Lock()

    def start(self, callers: int, friends: int) -> list[threading.Thread]:
        threads = [threading.Thread(target=self._caller, args=(number,), daemon=True) for number in range(callers)]
        threads += [threading.Thread(target=self._friend, args=(number,), daemon=True) for number in range(friends)]
        for thread in threads:
            thread.start()
        return threads

    def _until_answered(self, client: httpx.Client, key: str, path: str, **what: Any) -> str | None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                response = client.post(self.web + path, **what)
            except httpx.HTTPError:
                response = None
            if response is not None and response.status_code in (200, 204):
                with self._lock:
                    self.accepted.add(key)
                return response.text
            with self._lock:
                self.again += 1
                if response is not None and response.status_code not in (500, 502, 503):
                    self.strange.append(f"{path}: {response.status_code}")
            time.sleep(0.05)
        with self._lock:
            self.given_up += 1
        return None

    def _call(self, client: httpx.Client, call: str, number: str, path: str, key: str, **params: str) -> str | None:
        form = {"CallSid": call, "From": number, "To": "+81355550000", "CallStatus": "in-progress", **params}
        signature = self.validator.compute_signature(self.web + path, form)
        return self._until_answered(client, key, path, data=form, headers={"X-Twilio-Signature": signature})

    def _caller(self, number: int) -> None:
        dice, calls = random.Random(f"{self.seed}:caller:{number}"), 0
        with httpx.Client(timeout=20, trust_env=False) as client:
            while not self.stop.is_set():
                calls += 1
                phone, call = f"+8190{1200 + number}{calls:04d}", f"CA{number:016x}{calls:016x}"
                said = [dice.choice(WISHES), "はい", dice.choice(NAMES), "はい"]
                if dice.random() < 0.3:
                    said += ["さっきの予約を取り消したい", "はい"]
                heard = self._call(client, call, phone, "/voice/incoming", f"{call}:0", CallStatus="ringing")
                for words in said:
                    found = ACTION.search(heard or "")
                    if found is None or self.stop.is_set():
                        break
                    heard = self._call(
                        client,
                        call,
                        phone,
                        found[1].replace("&amp;", "&"),
                        f"{call}:{found[2]}",
                        SpeechResult=words,
                        Confidence="0.9",
                    )
                    time.sleep(dice.uniform(0.05, 0.25))
                self._call(client, call, phone, "/voice/status", f"{call}:left", CallStatus="completed")

    def _friend(self, number: int) -> None:
        dice, told, friends = random.Random(f"{self.seed}:friend:{number}"), 0, 0
        with httpx.Client(timeout=20, trust_env=False) as client:
            while not self.stop.is_set():
                friends += 1
                user = f"U{number:016x}{friends:016x}"
                for words in (dice.choice(WISHES), "はい", dice.choice(NAMES), "ありがとうございます"):
                    if self.stop.is_set():
                        break
                    told += 1
                    self._write(client, user, f"01KILL{number:010d}{told:010d}", words)
                    time.sleep(dice.uniform(0.05, 0.25))

    def _write(self, client: httpx.Client, user: str, event: str, words: str) -> None:
        token = hashlib.sha256(event.encode()).hexdigest()[:32]
        self.tokens[f"line:{event}"] = token
        body = json.dumps({"destination": "U" + "0" * 32, "events": [{
            "type": "message", "mode": "active", "timestamp": 1, "source": {"type": "user", "userId": user},
            "webhookEventId": event, "deliveryContext": {"isRedelivery": False}, "replyToken": token,
            "message": {"id": event, "type": "text", "text": words, "quoteToken": "q"},
        }]}).encode()  # fmt: skip
        signature = base64.b64encode(hmac.new(self.secret.encode(), body, hashlib.sha256).digest()).decode()
        self._until_answered(
            client,
            f"line:{event}",
            "/line/webhook",
            content=body,
            headers={"X-Line-Signature": signature, "Content-Type": "application/json"},
        )
