"""The letters of a file as an officer's spreadsheet saved it, whatever encoding that was."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

AGAIN = "表計算ソフトで開き、「名前を付けて保存」で「CSV UTF-8（コンマ区切り）」を選んで保存し直してください。"
_OTHER_FILES = {
    b"PK\x03\x04": "表計算ソフトのブック（xlsxなど）",
    b"\xd0\xcf\x11\xe0": "古い形の表計算ソフトのブック（xlsなど）",
    b"%PDF": "PDF",
    b"<": "ウェブページか、表計算ソフトのXML",
}


class Unreadable(Exception):
    """This is no table. ``str()`` is one sentence or two in Japanese that say what to do."""


def text_of(content: bytes) -> str:
    """The text, without a byte order mark: UTF-8, UTF-16, or cp932 as Japanese spreadsheets do. Raises Unreadable."""
    for start, name in _OTHER_FILES.items():
        if content.removeprefix(BOM_UTF8).lstrip().startswith(start):
            raise Unreadable(f"これはCSVではなく、{name}です。{AGAIN}")
    text = _decoded(content).removeprefix("\ufeff")
    if not text.strip():
        raise Unreadable("ファイルが空です。")
    return text


def _decoded(content: bytes) -> str:
    encodings = ["utf-8", "cp932"]
    if content.startswith(BOM_UTF8):
        encodings = ["utf-8"]
    elif content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content[:2]:  # the first letter of a header is an ASCII one
        encodings = ["utf-16-be" if content[0] == 0 else "utf-16-le"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"文字コードがUTF-8でもShift_JISでもないため、文字が読めません。{AGAIN}")
