"""What somebody reads when a page cannot be shown."""

import logging

from flask import Flask, Response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

log = logging.getLogger("helpdesk.admin")
WORDS = {
    400: "送られた内容を読み取れませんでした。前の画面に戻って、もう一度お試しください。",
    403: "この操作は、管理者だけができます。必要なときは、管理者に頼んでください。",
    404: "ページが見つかりません。",
    405: "この操作はできません。",
    413: "送られた内容が大きすぎます。",
    429: "何度も間違えたため、しばらく受け付けません。少し待ってから、もう一度お試しください。",
    500: "うまく動きませんでした。もう一度お試しください。続くときは、管理者に伝えてください。",
}
OLD_PAGE = "画面が古くなりました。前の画面に戻り、開き直してから、もう一度お試しください。"


def tell_errors(app: Flask) -> None:
    """Every error is a page in Japanese, also when the database is away."""

    @app.errorhandler(CSRFError)
    def _expired(error: CSRFError) -> tuple[str, int]:
        return _page(400, OLD_PAGE), 400

    @app.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> Response | tuple[str, int]:
        code = error.code or 500
        if code < 400:
            return error.get_response()  # type: ignore[return-value]
        return _page(code, WORDS.get(code, WORDS[400] if code < 500 else WORDS[500])), code

    @app.errorhandler(Exception)
    def _failed(error: Exception) -> tuple[str, int]:
        log.exception("a staff page failed")
        return _page(500, WORDS[500]), 500


def _page(code: int, words: str) -> str:
    try:
        return render_template("error.html", code=code, words=words)
    except Exception:  # the page's frame asks the database how much is to do
        return (
            '<!doctype html><html lang="ja"><meta charset="utf-8"><title>お知らせ</title>'
            f"<h1>お知らせ</h1><p>{words}</p></html>"
        )
