"""helpdesk scheduler."""

import click

from helpdesk.logs import log_to_stderr


@click.command()
def scheduler() -> None:
    """What is due: sends the outbox, closes forgotten calls."""
    from scheduler.run import main

    log_to_stderr()
    main()
