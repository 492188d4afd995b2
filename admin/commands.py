"""helpdesk admin."""

import click

from helpdesk.logs import log_to_stderr


@click.command()
def admin() -> None:
    """The staff's pages."""
    from admin.run import main

    log_to_stderr()
    main()
