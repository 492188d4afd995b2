"""Text as it comes from recognisers and fingers, made comparable."""

import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import jaconv
from sudachipy import Dictionary, SplitMode
from sudachipy import Tokenizer as SudachiTokenizer

MAX_CHARACTERS = 1000

_CONTROL = re.compile(r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SPACES = re.compile(r"\s+")
_FILLERS = re.compile(
    r"(?:(?<=\s)|^)(?:えーっと|えーと|えっと|ええと|えと|あのー|あのう|あの|そのー|そのう|そのね|うーんと|うーん|んーと|まあ|なんか|なんだろう|ほら)(?=\s|、)"
)
_EDGE = re.compile(
    r"^(?:えーっと|えーと|えっと|ええと|あのー|あのう|あのですね|あの、|うーんと|うーん|んー)+|[。、．，.,!！?？…〜~ー\s]+$"
)
_FOR_COMPARING = re.compile(r"[\s。、．，.,!！?？…〜~・「」『』()（）\"'‐\-ー]+")


def clean(text: str) -> str:
    """NFKC, no control characters, at most 1,000 characters: what rules and models get to see."""
    text = unicodedata.normalize("NFKC", text[: MAX_CHARACTERS * 2])
    text = _CONTROL.sub("", text.replace("\n", " "))
    return _SPACES.sub(" ", text).strip()[:MAX_CHARACTERS]


def without_fillers(text: str) -> str:
    """「えーと」 and the like taken away, also the punctuation at the end."""
    text = _FILLERS.sub("", text)
    return _SPACES.sub(" ", _EDGE.sub("", text.strip())).strip()


def comparable(text: str) -> str:
    """Hiragana, lower case, no punctuation or long marks: two ways to write one word become one."""
    return _FOR_COMPARING.sub("", jaconv.kata2hira(clean(text).lower()))


_local = threading.local()


def _sudachi() -> SudachiTokenizer:
    """A tokenizer for this thread; Sudachi's are not made to be shared."""
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().create()
    return _local.tokenizer  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


def morphemes(text: str) -> Iterator[tuple[str, str]]:
    """Each word in its normalised form with its reading in hiragana; punctuation is left out."""
    for morpheme in _sudachi().tokenize(text, SplitMode.A):
        if morpheme.part_of_speech()[0] in ("空白", "補助記号"):
            continue
        kana = morpheme.reading_form()
        yield morpheme.normalized_form(), jaconv.kata2hira(kana if kana and kana != "キゴウ" else morpheme.surface())


def words_and_reading(text: str) -> tuple[list[str], str]:
    """Normalised words, and the reading of the whole in hiragana (a wrong homophone has the right reading)."""
    pairs = list(morphemes(text))
    return [word for word, _ in pairs], "".join(reading for _, reading in pairs)


def tagged(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Each word as written, with its parts of speech and its reading in katakana."""
    for morpheme in _sudachi().tokenize(text, SplitMode.C):
        if morpheme.part_of_speech()[0] not in ("空白", "補助記号"):
            yield morpheme.surface(), tuple(morpheme.part_of_speech()), morpheme.reading_form()


def spelled(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Each word as written, its part of speech, dictionary form, and that as usually spelled; nothing is left out."""
    for morpheme in _sudachi().tokenize(text, SplitMode.A):
        yield morpheme.surface(), morpheme.part_of_speech()[0], morpheme.dictionary_form(), morpheme.normalized_form()


def readable(text: str) -> str:
    """As the encoder gets a text."""
    return without_fillers(clean(text))


_LINE_EMOJI = re.compile(r"\([A-Za-z0-9_ ]{0,30}\)")
_EMOJI = re.compile(
    r"[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030"
    r"\u303d\u3297\u3299\u00a9\u00ae\u203c\u2049\u2122\u2139"
    r"\u200d\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f\uFFFC\U000f0000-\U0010ffff\ue000-\uf8ff]"
    r"|(?<![0-9])[0-9#*](?=\ufe0f?\u20e3)"
)
"""Pictures, the invisible signs that join them, and keys drawn as pictures."""
_DECORATION = re.compile(r"[\s!！?？。、.…~〜ーｗwｗ笑♡♥♪☆★゛ﾟ]+")


def only_emoji(text: str, emoji_spans: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether a message says nothing but pictures.

    ``emoji_spans`` are LINE's own: (index, length) in UTF-16 units, as it counts.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    kept, at = b"", 0
    for index, length in sorted(emoji_spans):
        kept, at = kept + units[2 * at : 2 * max(index, at)], max(at, index + length)
    rest = (kept + units[2 * at :]).decode("utf-16-le", "replace") if emoji_spans else text
    had = bool(emoji_spans) or bool(_EMOJI.search(rest)) or bool(_LINE_EMOJI.search(rest))
    return had and not _DECORATION.sub("", _LINE_EMOJI.sub("", _EMOJI.sub("", rest)))
