"""Settings, gateways, commands, the scheduler and the simulator."""

import json
import sqlite3
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer
from sqlalchemy import select

from bot.channels.line.rich_menu import set_up
from bot.gateways.console import ConsoleLine, ConsoleSms
from bot.gateways.line import LineApi
from bot.gateways.protocols import Refused, Sent
from bot.gateways.twilio import TwilioSms
from bot.sending import is_quiet
from helpdesk import settings as settings_module
from helpdesk.callbacks.tables import Callback
from helpdesk.health.tables import Heartbeat
from helpdesk.operations.cli import main
from helpdesk.settings import Settings, SettingsError, load
from scheduler import jobs
from scheduler.run import make_scheduler
from tests.conftest import CLOSED, OPEN
from tests.fakes import FakeLine, FakeSms

MENU = {"size": {"width": 2500, "height": 1686}, "selected": True, "chatBarText": "メニュー", "areas": []}
TEXT = [{"type": "text", "text": "こんにちは"}]


def line_api(server: HTTPServer) -> LineApi:
    return LineApi("token", server.url_for("").rstrip("/"), server.url_for("").rstrip("/"))


@pytest.fixture(params=["real", "console", "fake"])
def any_line(request, httpserver: HTTPServer):
    """The three implementations of LINE's sending side; they pass the same tests."""
    if request.param == "real":
        httpserver.expect_request("/v2/bot/message/reply", method="POST").respond_with_json(
            {"sentMessages": [{"id": "1", "quoteToken": "q"}]}
        )
        httpserver.expect_request("/v2/bot/message/push", method="POST").respond_with_json({"sentMessages": []})
        return line_api(httpserver)
    return ConsoleLine() if request.param == "console" else FakeLine()


def test_every_line_gateway_sends_replies_and_pushes(any_line):
    assert isinstance(any_line.reply("t" * 32, TEXT), Sent)
    assert isinstance(any_line.push("U" + "0" * 32, TEXT, "6a3e2f60-0000-4000-8000-000000000000"), Sent)


@pytest.fixture(params=["real", "console", "fake"])
def any_sms(request, httpserver: HTTPServer):
    if request.param == "real":
        httpserver.expect_request("/2010-04-01/Accounts/AC1/Messages.json", method="POST").respond_with_json(
            {"sid": "SM1"}, status=201
        )
        return TwilioSms("AC1", "token", "+81300000000", httpserver.url_for("").rstrip("/"))
    return ConsoleSms() if request.param == "console" else FakeSms()


def test_every_sms_gateway_sends(any_sms):
    assert isinstance(any_sms.send("+819012345678", "こんにちは"), Sent)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [(409, {"message": "The retry key is already accepted"}, Sent()), (500, {"message": "x"}, True),
     (400, {"message": "Invalid reply token"}, False),
     (429, {"message": "You have reached your monthly limit."}, False),
     (429, {"message": "The API rate limit has been exceeded. Try again later."}, True),
     (401, {"message": "x"}, False)],
)  # fmt: skip
def test_what_line_answers_decides_whether_it_is_tried_again(httpserver: HTTPServer, status, body, outcome):
    httpserver.expect_request("/v2/bot/message/push").respond_with_json(body, status=status)
    found = line_api(httpserver).push("U" + "0" * 32, TEXT, "6a3e2f60-0000-4000-8000-000000000000")
    assert found == outcome if isinstance(outcome, Sent) else isinstance(found, Refused) and found.again is outcome


def test_the_retry_key_goes_with_a_push_and_never_with_a_reply(httpserver: HTTPServer):
    httpserver.expect_request("/v2/bot/message/push").respond_with_json({})
    httpserver.expect_request("/v2/bot/message/reply").respond_with_json({})
    gateway = line_api(httpserver)
    gateway.push("U" + "0" * 32, TEXT, "6a3e2f60-0000-4000-8000-000000000000")
    gateway.reply("t" * 32, TEXT)
    headers = [request.headers for request, _ in httpserver.log]
    assert "X-Line-Retry-Key" in headers[0] and "X-Line-Retry-Key" not in headers[1]


def test_line_setup_installs_menu_and_webhook_once(httpserver: HTTPServer):
    base = httpserver.url_for("").rstrip("/")
    httpserver.expect_ordered_request("/v2/bot/richmenu/list").respond_with_json({"richmenus": []})
    httpserver.expect_ordered_request("/v2/bot/richmenu", method="POST").respond_with_json({"richMenuId": "richmenu-1"})
    httpserver.expect_ordered_request("/v2/bot/richmenu/richmenu-1/content", method="POST").respond_with_json({})
    httpserver.expect_ordered_request("/v2/bot/user/all/richmenu/richmenu-1", method="POST").respond_with_json({})
    httpserver.expect_ordered_request("/v2/bot/channel/webhook/endpoint", method="GET").respond_with_json(
        {"endpoint": "https://x/line/webhook", "active": False}
    )
    news = list(set_up("token", base, base, "https://x", "+81355550000"))
    assert "installed" in news[0] and "OFF" in news[-1]
    httpserver.check()
    httpserver.clear()
    name = news[0].split()[2]
    httpserver.expect_ordered_request("/v2/bot/richmenu/list").respond_with_json(
        {"richmenus": [MENU | {"richMenuId": "richmenu-1", "name": name}]}
    )
    httpserver.expect_ordered_request("/v2/bot/user/all/richmenu", method="GET").respond_with_json(
        {"richMenuId": "richmenu-1"}
    )
    httpserver.expect_ordered_request("/v2/bot/channel/webhook/endpoint", method="GET").respond_with_json(
        {"endpoint": "https://x/line/webhook", "active": True}
    )
    assert list(set_up("token", base, base, "https://x", "+81355550000")) == [
        f"rich menu {name} was installed already",
        "the webhook is on",
    ]
    httpserver.check()


@pytest.mark.parametrize(
    ("name", "value", "names"),
    [("HELPDESK_BIND", "nowhere", "HELPDESK_BIND"), ("HELPDESK_DATABASE_URL", "mysql://x", "HELPDESK_DATABASE_URL"),
     ("HELPDESK_PUBLIC_URL", "desk", "HELPDESK_PUBLIC_URL"), ("HELPDESK_CLOCK", "yesterday", "HELPDESK_CLOCK"),
     ("HELPDESK_STAFF_PHONE", "abc", "HELPDESK_STAFF_PHONE"), ("HELPDESK_ENV", "test", "HELPDESK_ENV"),
     ("HELPDESK_ENV", "production", "HELPDESK_SECRET_KEY"), ("TWILIO_AUTH_TOKEN", "x", "TWILIO_ACCOUNT_SID"),
     ("LINE_CHANNEL_SECRET", "x", "LINE_CHANNEL_ACCESS_TOKEN")],
)  # fmt: skip
def test_a_wrong_or_missing_setting_stops_the_start_with_one_line_that_names_it(
    settings, monkeypatch, tmp_path, name, value, names
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load()
    assert names in str(raised.value) and "\n" not in str(raised.value)


def test_production_refuses_the_clock_and_has_no_simulator(settings, desk):
    from bot.web import create_web
    from tests.conftest import Service

    fixed = settings.model_copy(update={"env": "production"})
    service = Service(fixed, desk.watch, desk.database, desk.service.answering, desk.service.delivering)
    web = create_web(service).test_client()
    assert web.get("/simulator").status_code == 404 and web.get("/healthz").status_code == 200


def test_the_kept_secrets_are_private_and_stay(monkeypatch, tmp_path):
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path))
    made = Settings(_env_file=None)
    assert made.secret() == Settings(_env_file=None).secret() and len(made.secret()) == 64
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_readiness_tells_one_word_a_part(desk):
    assert desk.web.get("/readyz").json == {
        "database": "ok",
        "nlu": "embedded",
        "scheduler": "down",
        "line": "ok",
        "twilio": "ok",
    }
    jobs.heartbeat(desk.service)
    assert desk.web.get("/readyz").json["scheduler"] == "ok"
    desk.watch.forward(minutes=2)
    assert desk.web.get("/readyz").json["scheduler"] == "late"


def test_the_scheduler_sends_beats_and_closes_forgotten_calls_twice_without_harm(desk):
    desk.line.failures = [Refused("x", again=False)]
    desk.friend().writes("音が出ません")
    caller = desk.caller()
    caller.rings()
    caller.presses("0")
    caller.dialled("busy")
    desk.watch.forward(minutes=40)
    for _ in range(2):
        for job in make_scheduler(desk.service).get_jobs():
            job.func(*job.args)
    assert len(desk.line.sent) == 1
    with desk.database.reading() as session:
        assert (
            len(session.scalars(select(Callback)).all()) == 1
            and session.scalars(select(Heartbeat)).one().at == desk.watch.now
        )


def test_l6_quiet_hours():
    assert is_quiet(CLOSED) and not is_quiet(OPEN)


def run(*arguments, **more):
    return CliRunner().invoke(main, list(arguments), **more)


@pytest.fixture
def machine(settings, monkeypatch, tmp_path):
    """A fresh machine for the command line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RASA_URL", "http://127.0.0.1:9")
    settings_module.settings.cache_clear()
    yield tmp_path
    settings_module.settings.cache_clear()


def test_help_lists_the_commands_of_the_contract():
    listed = run("--help").output
    for command in (
        "run",
        "web",
        "admin",
        "nlu",
        "scheduler",
        "talk",
        "db",
        "staff",
        "export",
        "backup",
        "restore",
        "forget",
        "line",
    ):
        assert f"  {command} " in listed


def test_accounts_export_backup_and_forget_from_the_command_line(machine, desk):
    assert run("db", "upgrade").exit_code == 0
    assert (
        run("staff", "add", "佐藤", "--role", "manager", env={"HELPDESK_STAFF_PASSWORD": "long enough"}).exit_code == 0
    )
    taken = run("staff", "add", "佐藤", env={"HELPDESK_STAFF_PASSWORD": "long enough"})
    assert taken.exit_code == 1 and "taken" in taken.output
    assert run("staff", "add", "鈴木", input="short\nshort\n").exit_code == 1
    assert run("forget", "1", "--yes").exit_code == 1
    assert run("export", "inquiries").output.startswith("\ufeffid,resident,channel")
    assert run("export", "inquiries", "--from", "tomorrow").exit_code == 2
    assert run("backup", "copy.db").exit_code == 0 and run("backup", "copy.db").exit_code == 1
    assert sqlite3.connect("copy.db").execute("SELECT count(*) FROM staff").fetchone() == (1,)


def test_export_tells_every_inquiry_and_forget_deletes_it(machine, desk, monkeypatch):
    caller = desk.caller()
    caller.rings()
    caller.says("音が出ないんです")
    monkeypatch.setenv("HELPDESK_DATABASE_URL", str(desk.database.engine.url))
    row = json.loads(run("export", "inquiries", "--format", "jsonl").output)
    assert {"id", "resident", "channel", "opened_at", "topic", "outcome", "summary", "turns"} <= set(row)
    assert (row["topic"], row["outcome"], row["turns"], row["channel"]) == ("trouble_sound", "open", 2, "voice")
    assert run("export", "inquiries", "--to", "2026-11-23", "--format", "jsonl").output == ""
    assert run("forget", str(row["resident"]), "--yes").exit_code == 0
    assert run("export", "inquiries", "--format", "jsonl").output == ""


def test_a_wrong_setting_is_one_line_on_the_command_line(machine, monkeypatch):
    monkeypatch.setenv("HELPDESK_BIND", "nowhere")
    found = run("web")
    assert found.exit_code == 2 and found.output.count("\n") == 1 and "HELPDESK_BIND" in found.output


def test_line_setup_without_a_channel_says_what_is_missing(machine):
    assert "LINE_CHANNEL_ACCESS_TOKEN" in run("line", "setup").output


def test_a_talk_in_the_terminal(machine, monkeypatch, embedded):
    monkeypatch.setattr("bot.wiring.load_or_train", lambda _: embedded)
    found = run("talk", input="音が出ないんです\n4\nできました\n\n0\n")
    assert "何にお困り" in found.output and "穴" in found.output and "折り返し" in found.output


def test_the_simulator_signs_only_for_channels_without_an_account(desk, settings, embedded):
    from bot.web import create_web
    from bot.wiring import Service

    assert desk.web.post("/simulator/sign/voice", json={"path": "/voice/incoming", "params": {}}).status_code == 409
    assert desk.web.post("/simulator/sign/line", data=b"{}").status_code == 409
    bare = settings.model_copy(
        update={
            "twilio_account_sid": None,
            "twilio_auth_token": None,
            "line_channel_secret": None,
            "line_channel_access_token": None,
        }
    )
    service = Service(bare, desk.watch, desk.database, desk.service.answering, desk.service.delivering)
    web = create_web(service, deliver=service.delivering.deliver).test_client()
    assert "お試し画面" in web.get("/simulator").get_data(as_text=True)
    params = {"CallSid": "CA9", "From": "+81312345678"}
    signed = web.post("/simulator/sign/voice", json={"path": "/voice/incoming", "params": params}).json["signature"]
    assert web.post("/voice/incoming", data=params, headers={"X-Twilio-Signature": signed}).status_code in (200, 403)


def test_the_help_lists_the_commands_in_the_order_of_their_use():
    listed = [
        line.split()[0]
        for line in run("--help").output.partition("Commands:\n")[2].splitlines()
        if line.startswith("  ") and line[2] != " "
    ]
    assert listed == [
        "run",
        "web",
        "admin",
        "nlu",
        "scheduler",
        "talk",
        "db",
        "staff",
        "programme",
        "ward",
        "export",
        "backup",
        "restore",
        "forget",
        "line",
    ]


def test_every_command_is_brought_by_a_package_and_can_be_loaded():
    for point in entry_points(group="helpdesk.commands"):
        assert point.load().name == point.name
        assert run(point.name, "--help").exit_code == 0


def test_the_folder_moves_database_models_and_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("HELPDESK_VAR", str(tmp_path / "kept"))
    chosen = Settings(_env_file=None)
    assert (
        chosen.database_url == f"sqlite:///{tmp_path}/kept/helpdesk.db" and chosen.models == tmp_path / "kept" / "nlu"
    )
    chosen.secret()
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["secret_key"]
    monkeypatch.setenv("HELPDESK_DATABASE_URL", "sqlite:///elsewhere.db")
    assert Settings(_env_file=None).database_url == "sqlite:///elsewhere.db"


def test_models_are_prepared_in_the_folder_that_is_named(machine, monkeypatch, tmp_path):
    """By its command alone: the folder comes from .env, too."""
    monkeypatch.delenv("HELPDESK_VAR", raising=False)
    (tmp_path / ".env").write_text("HELPDESK_VAR=kept\n")
    monkeypatch.chdir(tmp_path)
    settings_module.settings.cache_clear()
    asked = []
    monkeypatch.setattr("nlu.embedded.load_or_train", asked.append)
    assert run("nlu", "prepare").exit_code == 0
    assert asked == [Path("kept/nlu")]
