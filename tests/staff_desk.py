"""What tests of the staff pages share: accounts, browsers, forms."""

import re
from datetime import datetime

import pytest

from admin.app import create_admin
from helpdesk.clock import TOKYO
from helpdesk.staff import accounts

MADE = datetime(2026, 11, 1, 9, 0, tzinfo=TOKYO)
PASSWORD = "a long password"
PEOPLE = {"田中": "staff", "鈴木": "manager"}


class Browser:
    """Somebody at a browser; ``address`` is the network address it comes from."""

    def __init__(self, app, address="10.0.0.1"):
        self.app, self.http, self.address = app, app.test_client(), address

    def get(self, path, **more):
        return self.http.get(path, environ_base={"REMOTE_ADDR": self.address}, **more)

    def page(self, path):
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.get_data(as_text=True)

    def token(self, path="/login"):
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).get_data(as_text=True)).group(1)

    def post(self, path, fields=None, token=None, **more):
        data = {"csrf_token": self.token() if token is None else token, **(fields or {})}
        return self.http.post(path, data=data, environ_base={"REMOTE_ADDR": self.address}, **more)

    def signs_in(self, name="鈴木", password=PASSWORD, **more):
        return self.post("/login", {"name": name, "password": password}, **more)

    @property
    def cookie(self):
        return self.http.get_cookie("helpdesk_staff").value

    def takes_cookie(self, value):
        self.http.set_cookie("helpdesk_staff", value)
        return self


def open_desk(desk, settings=None):
    """The staff pages with a member of staff (田中) and a manager (鈴木)."""
    with desk.database.transaction() as session:
        for name, role in PEOPLE.items():
            accounts.add(session, name, role, PASSWORD, MADE)
    return create_admin(settings or desk.service.settings, desk.database, desk.watch)


@pytest.fixture
def office(desk):
    return open_desk(desk)


@pytest.fixture
def manager(office):
    browser = Browser(office)
    assert browser.signs_in().status_code == 302
    return browser


@pytest.fixture
def colleague(office):
    browser = Browser(office)
    assert browser.signs_in("田中").status_code == 302
    return browser
