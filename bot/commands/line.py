"""helpdesk line."""

import click

from helpdesk.settings import settings


@click.group()
def line() -> None:
    """The LINE channel."""


@line.command()
def setup() -> None:
    """Install the rich menu and check that the webhook is on. Doing it twice changes nothing."""
    from linebot.v3.messaging import ApiException
    from urllib3.exceptions import HTTPError

    from bot.channels.line.rich_menu import set_up

    chosen = settings()
    if chosen.line_channel_access_token is None:
        raise click.ClickException("LINE_CHANNEL_ACCESS_TOKEN is missing: there is no LINE channel to set up")
    token = chosen.line_channel_access_token.get_secret_value()
    try:
        for news in set_up(token, chosen.line_api_url, chosen.line_data_api_url, chosen.public_url, chosen.twilio_phone_number):
            click.echo(news)
    except ApiException as error:
        raise click.ClickException(f"LINE answered {error.status} {error.reason}") from None
    except HTTPError as error:
        raise click.ClickException(f"LINE cannot be reached: {type(error).__name__}") from None
