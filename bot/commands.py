"""helpdesk web, line, talk."""

import uuid
from typing import Literal

import click

from bot.channels.voice.speech import key_sentences
from flows.script.replies import Reply
from flows.script.turns import Heard, Turn
from helpdesk.logs import log_to_stderr
from helpdesk.settings import settings


@click.command()
def web() -> None:
    """The public web process: telephone and LINE webhooks, health, in development the simulator."""
    from bot.web import create_web
    from bot.wiring import wire
    from helpdesk.operations.serving import serve

    log_to_stderr()
    chosen = settings()
    serve(lambda: create_web(wire(chosen)), chosen.bind)


@click.group()
def line() -> None:
    """The LINE channel."""


@line.command()
def setup() -> None:
    """Install the rich menu and check that the webhook is on. Doing it twice changes nothing."""
    from bot.channels.line.rich_menu import NotSetUp, set_up

    chosen = settings()
    if chosen.line_channel_access_token is None:
        raise click.ClickException("LINE_CHANNEL_ACCESS_TOKEN is missing: there is no LINE channel to set up")
    token = chosen.line_channel_access_token.get_secret_value()
    try:
        for news in set_up(
            token, chosen.line_api_url, chosen.line_data_api_url, chosen.public_url, chosen.twilio_phone_number
        ):
            click.echo(news)
    except NotSetUp as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.option("--channel", type=click.Choice(["voice", "line"]), default="voice")
@click.option("--from", "caller", default="+81312345678", help="the number that calls")
def talk(channel: Literal["voice", "line"], caller: str) -> None:
    """A talk in the terminal: a line in, what is said or shown out. Digits are keys, an empty line is silence."""
    from bot.wiring import wire

    service = wire(settings())
    service.database.upgrade()
    key = uuid.uuid4().hex
    conversation = f"CA{key}" if channel == "voice" else f"U{key}"
    number = 0

    def turn(heard: Heard, text: str = "") -> Reply:
        nonlocal number
        address = caller if channel == "voice" else conversation
        reply = service.answering.answer(
            Turn(
                f"{conversation}:{number}",
                channel,
                conversation,
                address,
                heard,
                text,
                number if channel == "voice" else None,
            )
        )
        number += 1
        _show(reply, channel)
        return reply

    reply = turn("arrived")
    while reply.then == "listen":
        try:
            typed = click.prompt(">", prompt_suffix=" ", default="", show_default=False).strip()
        except click.Abort:
            break
        if not typed:
            reply = turn("silent") if channel == "voice" else reply
        elif channel == "voice" and typed.isascii() and typed.isdigit():
            reply = turn("pressed", typed)
        else:
            reply = turn("said", typed)


def _show(reply: Reply, channel: str) -> None:
    click.echo(reply.plain(channel))
    if channel == "voice":
        for sentence in key_sentences(reply):
            click.echo(sentence)
        return
    for call in reply.calls:
        click.echo(f"［{call.label}］")
    if reply.choices:
        click.echo(" ".join(f"［{choice.label}］" for choice in reply.choices))
