"""One way of writing for what people type in many: widths, kana kinds, capitals, hyphens and gaps make no difference.

The same is done to a text in Python and to a column in the database, so that both can be compared.
"""

import unicodedata
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

_KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7))) + "ヽヾ"
_HIRAGANA = "".join(map(chr, range(0x3041, 0x3097))) + "ゝゞ"
_DROPPED = " \u3000\t\r\n-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7・"
_SAME = str.maketrans(_KATAKANA, _HIRAGANA, _DROPPED)


def fold(text: str | None) -> str:
    """``０９０－１２３４`` as ``0901234``, ``サトウ ﾊﾅｺ`` as ``さとうはなこ``, ``Wi-Fi`` as ``wifi``."""
    return unicodedata.normalize("NFKC", text or "").lower().translate(_SAME)


class folded(GenericFunction[str]):
    """A column as ``fold`` would write it."""

    type = String()
    inherit_cache = True
    name = "helpdesk_fold"


@compiles(folded, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    """PostgreSQL has all the parts itself."""
    column = compiler.process(element.clauses, **more)
    quoted = [_literal(text) for text in (_KATAKANA + _DROPPED, _HIRAGANA)]
    return f"translate(lower(normalize(coalesce({column}, ''), NFKC)), {quoted[0]}, {quoted[1]})"


def teach_sqlite(connection: Any) -> None:
    """SQLite calls ``fold`` itself; for each new connection."""
    connection.create_function("helpdesk_fold", 1, fold, deterministic=True)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
