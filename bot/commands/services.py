"""helpdesk run, web, admin, scheduler."""

from importlib import import_module

import click

from helpdesk.logs import log_to_stderr
from helpdesk.settings import settings


@click.command()
def run() -> None:
    """All processes, until told to stop."""
    from bot import running

    log_to_stderr()
    raise SystemExit(running.run(settings()))


@click.command()
def web() -> None:
    """The public web process: telephone and LINE webhooks, health, in development the simulator."""
    from bot.web import create_web
    from bot.wiring import wire
    from helpdesk.operations.serving import serve

    log_to_stderr()
    chosen = settings()
    serve(lambda: create_web(wire(chosen)), chosen.bind)


@click.command()
def admin() -> None:
    """The staff's pages."""
    log_to_stderr()
    import_module("admin.run").main()


@click.command()
def scheduler() -> None:
    """What is due: sends the outbox, closes forgotten calls."""
    log_to_stderr()
    import_module("scheduler.run").main()
