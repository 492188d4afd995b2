"""Signing in and out."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_limiter import Limiter
from flask_login import UserMixin, login_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from helpdesk import accounts
from helpdesk.database import Database
from helpdesk.tables import StaffMember

TRIES = "10 per 5 minutes"
"""Wrong passwords from one address, and for one name."""


@dataclass(frozen=True)
class Member(UserMixin):  # type: ignore[misc]
    """Who is signed in."""

    id: int
    name: str
    role: str
    mark: str

    @classmethod
    def of(cls, session: Session, mark: str) -> "Member | None":
        """The active account of a session; a changed password ends its sessions."""
        number, _, _ = mark.partition(":")
        found = session.get(StaffMember, int(number)) if number.isdigit() else None
        member = cls.from_account(found) if found is not None and found.active else None
        return member if member is not None and member.mark == mark else None

    @classmethod
    def from_account(cls, account: StaffMember) -> "Member":
        return cls(account.id, account.name, account.role, f"{account.id}:{account.password_hash[-12:]}")

    def get_id(self) -> str:
        return self.mark


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Name and password."""

    name = StringField("お名前", validators=[InputRequired("お名前を入れてください。"), Length(max=80)])
    password = PasswordField("パスワード", validators=[InputRequired("パスワードを入れてください。"), Length(max=200)])
    submit = SubmitField("ログイン")


def _asked_name() -> str:
    return "name:" + request.form.get("name", "")[:80]


def signing_in(database: Database, limiter: Limiter) -> Blueprint:
    """/login and /logout."""
    routes = Blueprint("signing_in", __name__)

    def wrong(response: object) -> bool:
        return getattr(response, "status_code", 0) == 401

    @routes.route("/login", methods=["GET", "POST"])
    @limiter.limit(TRIES, methods=["POST"], deduct_when=wrong)
    @limiter.limit(TRIES, key_func=_asked_name, methods=["POST"], deduct_when=wrong)
    def login() -> Response | str | tuple[str, int]:
        form = LoginForm()
        if not form.validate_on_submit():
            return render_template("login.html", form=form)
        with database.reading() as session:
            account = accounts.sign_in(session, form.name.data or "", form.password.data or "")
            if account is not None:
                login_user(Member.from_account(account))
                return redirect(_next() or url_for("pages.inquiries"))
        return render_template("login.html", form=form, wrong=True), 401

    @routes.post("/logout")
    def logout() -> Response:
        logout_user()
        flash("ログアウトしました。")
        return redirect(url_for("signing_in.login"))

    return routes


def _next() -> str | None:
    """Where the person wanted to go, when that is a page of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc else None
