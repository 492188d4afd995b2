"""Sudachi as Rasa's tokenizer: normalised words as the text of a token, their reading as its lemma.

Two count-vector featurizers then see both: words that are spelled in many ways become one, and a homophone that the
speech recogniser chose wrongly still has the right reading. Runs under Python 3.10 in Rasa's own environment.
"""

from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.text import clean, morphemes, without_fillers


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SudachiTokenizer(Tokenizer):
    """Splits Japanese text as the embedded classifier does."""

    @staticmethod
    def supported_languages() -> List[Text]:
        return ["ja"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None, "prefix_separator_symbol": None}

    @staticmethod
    def required_packages() -> List[Text]:
        return ["sudachipy", "sudachidict_core"]

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        text = without_fillers(clean(message.get(attribute) or ""))
        tokens, start = [], 0
        for word, reading in morphemes(text):
            # Offsets only have to rise: entities are not looked for.
            tokens.append(Token(word, start, start + max(len(word), 1), lemma=reading))
            start += max(len(word), 1) + 1
        return tokens or [Token("。", 0, 1, lemma="。")]
