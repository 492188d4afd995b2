"""Signing in and out."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from admin.doors import BY_THEMSELVES, DOORS
from helpdesk.clock import Clock
from helpdesk.staff import accounts, sign_in_limits
from helpdesk.staff import sessions as staff_sessions
from helpdesk.staff.tables import StaffMember
from helpdesk.store.database import Database

LONGEST_NEXT = 600


@dataclass(frozen=True)
class Member(UserMixin):  # type: ignore[misc]
    """Who is signed in."""

    id: int
    name: str
    role: str
    key: str
    """The session's key; the database keeps its hash."""

    @classmethod
    def of(cls, account: StaffMember, key: str) -> "Member":
        return cls(account.id, account.name, account.role, key)

    def get_id(self) -> str:
        return self.key


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Name and password."""

    name = StringField(
        "お名前", validators=[InputRequired("お名前を入れてください。"), Length(max=80, message="お名前が長すぎます。")]
    )
    password = PasswordField(
        "パスワード",
        validators=[InputRequired("パスワードを入れてください。"), Length(max=200, message="パスワードが長すぎます。")],
    )
    submit = SubmitField("ログイン")


def keep_signed_in(app: Flask, database: Database, clock: Clock) -> None:
    """Who a cookie belongs to is asked of the database each time; a click is written down there."""
    logins = LoginManager(app)
    logins.login_view = "signing_in.login"
    logins.login_message = "続けるには、ログインしてください。"

    @logins.user_loader  # type: ignore[untyped-decorator]
    def _member(key: object) -> Member | None:
        if not isinstance(key, str):
            return None
        with database.reading() as reading:
            account = staff_sessions.member_of(reading, clock(), key)
        return Member.of(account, key) if account is not None else None


def note_clicks(app: Flask, database: Database, clock: Clock) -> None:
    """A page that was opened or a form that was sent keeps the session alive.

    What an open page asks for by itself does not.
    """

    @app.before_request
    def _note() -> None:
        if request.endpoint is None or DOORS[request.endpoint] == "everybody" or request.endpoint in BY_THEMSELVES:
            return
        if not is_click() or not current_user.is_authenticated:
            return
        with database.reading() as reading:
            due = staff_sessions.is_due(reading, clock(), current_user.key)
        if due:
            with database.transaction() as writing:
                staff_sessions.note_click(writing, clock(), current_user.key)


def is_click() -> bool:
    """Whether a person opened this page or sent this form.

    Browsers say so; of those that do not, what asks for no page is none.
    """
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode == "navigate" and "Sec-Purpose" not in request.headers
    if request.headers.get("X-Requested-With"):
        return False
    kinds = ("text/html", "application/json", "text/event-stream")
    return request.accept_mimetypes.best_match(kinds, "text/html") == "text/html"


def signing_in(database: Database, clock: Clock) -> Blueprint:
    """/login and /logout."""
    routes = Blueprint("signing_in", __name__)

    @routes.route("/login", methods=["GET", "POST"])
    def login() -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
        form = LoginForm()
        if not form.validate_on_submit():
            return render_template("login.html", form=form)
        name, address = form.name.data or "", _address()
        with database.transaction() as writing:
            wait = sign_in_limits.count_try(writing, clock(), name, address)
        if wait is not None:
            return (
                render_template("login.html", form=form, wait=how_long(wait)),
                429,
                {"Retry-After": str(int(wait.total_seconds()) + 1)},
            )
        key = _key_for(database, clock, name, form.password.data or "", address)
        if key is None:
            return render_template("login.html", form=form, wrong=True), 401
        return redirect(_next() or url_for("pages.inquiries"))

    @routes.post("/logout")
    def logout() -> Response:
        if current_user.is_authenticated:
            with database.transaction() as writing:
                staff_sessions.end(writing, clock(), current_user.key)
        logout_user()
        session.clear()
        flash("ログアウトしました。")
        return redirect(url_for("signing_in.login"))

    return routes


def _key_for(database: Database, clock: Clock, name: str, password: str, address: str) -> str | None:
    """The key of a new session in a cookie with nothing from before; None when name and password do not fit."""
    with database.reading() as reading:
        account = accounts.sign_in(reading, name, password)
    if account is None:
        return None
    with database.transaction() as writing:
        account = accounts.still(writing, account)
        if account is None:
            return None
        if current_user.is_authenticated:
            staff_sessions.end(writing, clock(), current_user.key)
        sign_in_limits.forgive(writing, name, address)
        key = staff_sessions.begin(writing, clock(), account, address)
    session.clear()
    session.permanent = True
    login_user(Member.of(account, key))
    return key


def how_long(wait: timedelta) -> str:
    """「5分」, 「10秒」: never shorter than it is."""
    seconds = int(wait.total_seconds()) + (wait.microseconds > 0)
    return f"{seconds}秒" if seconds <= 60 else f"{-(-seconds // 60)}分"


def _address() -> str:
    return (request.remote_addr or "")[:64]


def _next() -> str | None:
    """Where the person wanted to go, when that is a page of ours that can be opened."""
    wanted = request.args.get("next", "")
    path, _, query = wanted.partition("?")
    if (
        not wanted.startswith("/")
        or len(wanted) > LONGEST_NEXT
        or not wanted.isascii()
        or not wanted.isprintable()
        or "\\" in wanted
        or "//" in path
        or "%" in path
    ):
        return None
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return f"{path}?{query}" if query else path
