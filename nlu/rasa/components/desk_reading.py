"""The desk's own reading as a component of Rasa: the same code, the same encoder, the same heads as in the other home.

What Rasa hands over for training is looked up first: when the other home has learnt these very sentences, its heads are
taken over, otherwise they are trained here and found there. Runs under Python 3.10 in Rasa's own environment.
"""

import os
from pathlib import Path
from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.embedded import Embedded, keep_in, load_or_train, on_one_core
from nlu.understanding import NOTHING

FILE = "reading.npz"


MODELS = Path(os.environ.get("HELPDESK_VAR", "var")) / "nlu"
"""Where the service keeps its models: what one home has learnt, the other does not learn again."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DeskReading(IntentClassifier, GraphComponent):
    """Gives every message its intent and the likeliest others."""

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource, reading: Any = None) -> None:
        self._ranked, self._reading = config["ranking_length"], reading
        self._storage, self._resource = storage, resource

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"ranking_length": 10}

    @staticmethod
    def supported_languages() -> List[Text]:
        return ["ja"]

    @staticmethod
    def required_packages() -> List[Text]:
        return ["sudachipy", "sudachidict_core", "sklearn"]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "DeskReading":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "DeskReading":
        with model_storage.read_from(resource) as folder, np.load(folder / FILE) as kept:
            reading = Embedded.of({name: kept[name] for name in kept.files})
        on_one_core()
        return cls(config, model_storage, resource, reading)

    def train(self, training_data: TrainingData) -> Resource:
        examples = {(message.get(TEXT), message.get(INTENT)) for message in training_data.intent_examples}
        self._reading = load_or_train(MODELS, sorted(examples))
        with self._storage.write_to(self._resource) as folder:
            keep_in(self._reading, folder / FILE)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            chances = self._reading.chances(message.get(TEXT) or "") or {NOTHING.intent: 0.0}
            ranking = sorted(chances.items(), key=lambda pair: -pair[1])[: self._ranked]
            found = [{"name": label, "confidence": chance} for label, chance in ranking]
            message.set(INTENT, found[0], add_to_output=True)
            message.set("intent_ranking", found, add_to_output=True)
        return messages
