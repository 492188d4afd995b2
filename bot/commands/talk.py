"""helpdesk talk."""

import uuid
from typing import Literal

import click

from bot.channels.voice.speech import key_sentences
from flows.script.replies import Reply
from flows.script.turns import Heard, Turn
from helpdesk.settings import settings


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
        reply = service.answering.answer(Turn(f"{conversation}:{number}", channel, conversation, address, heard, text, number if channel == "voice" else None))
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
