"""helpdesk nlu."""

import json
from pathlib import Path
from typing import Protocol

import click


class House(Protocol):
    """What whoever starts these commands hands in."""

    @property
    def rasa_url(self) -> str: ...

    @property
    def models(self) -> Path: ...

    def log(self) -> None: ...


@click.group(invoke_without_command=True)
@click.pass_context
def nlu(ctx: click.Context) -> None:
    """Understanding. Without a command: train Rasa when its data changed, then serve it."""
    if ctx.invoked_subcommand is None:
        from nlu import rasa_server

        house: House = ctx.obj
        house.log()
        raise SystemExit(rasa_server.serve(house.rasa_url, house.models))


@nlu.command()
@click.pass_obj
def prepare(house: House) -> None:
    """The classifier that answers first: trained in seconds when its data changed."""
    from nlu.embedded import load_or_train
    from nlu.training_data import TrainingDataError

    house.log()
    try:
        load_or_train(house.models)
    except TrainingDataError as error:
        raise click.ClickException(str(error)) from None


@nlu.command()
@click.pass_obj
def train(house: House) -> None:
    """Train both engines; what is up to date is left alone."""
    from nlu import rasa_server
    from nlu.embedded import load_or_train, model_path
    from nlu.training_data import TrainingDataError

    house.log()
    try:
        click.echo(f"embedded: {'up to date' if model_path(house.models).exists() else 'training'}")
        load_or_train(house.models)
        click.echo(f"rasa: {'up to date' if rasa_server.model_path(house.models).exists() else 'training'}")
        rasa_server.train(house.models)
    except (TrainingDataError, rasa_server.RasaMissing) as error:
        raise click.ClickException(str(error)) from None


@nlu.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="write what was read here, one JSON line each"
)
def dates(file: Path, out: Path | None) -> None:
    """The time words: exact matches of {"text","now"} with {"date","dates","part","time"}."""
    from nlu import evaluation

    try:
        cases = evaluation.read_dates(file)
    except evaluation.Unreadable as error:
        raise click.ClickException(str(error)) from None
    found = [evaluation.read_time(case) for case in cases]
    if out is not None:
        out.write_text(
            "".join(
                json.dumps({"text": case["text"], **read}, ensure_ascii=False) + "\n"
                for case, read in zip(cases, found, strict=True)
            ),
            encoding="utf-8",
        )
    for line in evaluation.report_dates(cases, found):
        click.echo(line)


@nlu.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--engine", type=click.Choice(["rasa", "embedded", "both"]), default="both")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="write predictions here, one JSON line each"
)
@click.pass_obj
def evaluate(house: House, file: Path, engine: str, out: Path | None) -> None:
    """Measure on lines of {"text","intent","channel"}, through the path that a live turn takes.

    ``both`` is that path as it is: Rasa, and the same reading in this process where Rasa is silent.
    """
    from nlu import evaluation
    from nlu.embedded import load_or_train
    from nlu.rasa_client import RasaClient
    from nlu.understand import Understander

    rasa = RasaClient(house.rasa_url, timeout=10) if engine != "embedded" else None
    if engine == "rasa" and rasa is not None and not rasa.alive():
        raise click.ClickException(f"no Rasa server with a model answers at {house.rasa_url}")
    understander = Understander(rasa, load_or_train(house.models) if engine != "rasa" else None)
    try:
        cases = evaluation.read(file)
    except evaluation.Unreadable as error:
        raise click.ClickException(str(error)) from None
    predictions = evaluation.predict(understander, cases)
    if out is not None:
        out.write_text(
            "".join(json.dumps(p.as_line(), ensure_ascii=False) + "\n" for p in predictions), encoding="utf-8"
        )
    for line in evaluation.report(predictions):
        click.echo(line)
