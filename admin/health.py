"""Alive, ready, and the figures for Prometheus: nothing about anybody."""

import os

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from helpdesk.clock import Clock
from helpdesk.health.embedded_model import has_embedded_model
from helpdesk.health.readiness import rasa_answers, readiness
from helpdesk.settings import Settings
from helpdesk.store.database import Database


def add_health(app: Flask, settings: Settings, database: Database, clock: Clock) -> None:
    """/healthz, /readyz and /metrics."""

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        nlu = (
            "rasa" if rasa_answers(settings.rasa_url) else "embedded" if has_embedded_model(settings.models) else "down"
        )
        found = readiness(settings, database, clock(), nlu)
        return jsonify(found.words), 200 if found.can_help else 503

    @app.get("/metrics")
    def metrics() -> Response:
        registry: CollectorRegistry = REGISTRY
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
