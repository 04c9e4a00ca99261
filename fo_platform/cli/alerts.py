"""`fo alerts`: what needs a person's eye, and what was done about it. What is alarming is declared in alerts.yaml."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from fo_platform.cli._output import Json, console, emit, office, told
from fo_platform.operations import alerts as living
from fo_platform.operations import notices

Document = dict[str, Any]

alerts = typer.Typer(
    help=(
        "What needs a person's eye: one alert a rule and scope, open until its cause is gone.\n\n"
        "Rules stand in alerts.yaml of the office; channels (log, e-mail, webhook) in the environment's file. `list` "
        "shows what is open, the worst first. `acknowledge`, `snooze` and `assign` say what is done about it; each is "
        "kept in the ledger, with name and note. `send` tells the channels now what the sensor tells them every few "
        "seconds."
    ),
    no_args_is_help=True,
)

Identifier = Annotated[str, typer.Argument(help="Identifier of the alert, or its beginning, as `list` shows it.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Note = Annotated[str, typer.Option("--note", help="What is done about it, in a sentence.")]

STYLES = {"critical": "red", "warn": "yellow", "info": "dim"}


@alerts.command("list")
def show_list(
    closed: Annotated[bool, typer.Option("--all", help="Also alerts whose cause is gone.")] = False,
    as_json: Json = False,
) -> None:
    """Open alerts, the worst first, with who has them; and messages that a channel did not take."""
    with told(as_json):
        opened = office()
        document = living.alerts(opened, closed=closed) | {"untold": notices.untold(opened)}
        emit(document, as_json, lambda: _show(document))


@alerts.command()
def acknowledge(alert: Identifier, by: By, note: Note, as_json: Json = False) -> None:
    """Say that an alert was seen and what is done about it.

    Example: fo alerts acknowledge 3fa2 --by "A. Keller" --note "The bank sends the page today."
    """
    with told(as_json):
        document = living.acknowledge(office(), alert, by=by, note=note)
        emit(document, as_json, lambda: _show_one(document))


@alerts.command()
def snooze(
    alert: Identifier,
    by: By,
    note: Note,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Day from which it is told again.")],
    as_json: Json = False,
) -> None:
    """Keep an alert from being told to channels until a day; it stays in the list."""
    with told(as_json):
        document = living.snooze(office(), alert, by=by, note=note, until=until.date())
        emit(document, as_json, lambda: _show_one(document))


@alerts.command()
def assign(
    alert: Identifier,
    by: By,
    note: Note,
    owner: Annotated[str, typer.Option("--to", help="Whose it is to settle.")],
    as_json: Json = False,
) -> None:
    """Make an alert somebody's to settle."""
    with told(as_json):
        document = living.assign(office(), alert, by=by, note=note, owner=owner)
        emit(document, as_json, lambda: _show_one(document))


@alerts.command()
def send(as_json: Json = False) -> None:
    """Tell every channel what it has not been told; what fails is tried again with the next call."""
    with told(as_json):
        outcomes = notices.tell(office())
        faults = [row["detail"] for row in outcomes if row["detail"]]
        document = {"sent": len(outcomes) - len(faults), "failed": len(faults), "faults": sorted(set(faults))}
        emit(document, as_json, lambda: _show_sent(document))


def _show(document: Document) -> None:
    for row in document["alerts"]:
        _show_one(row)
    if not document["alerts"]:
        console.print("No alert is open.")
    for row in document["untold"]:
        detail = escape(str(row["detail"]))
        console.print(f"[red]not told[/] to {row['channel']} after {row['attempt']} attempts: {detail}")


def _show_one(row: Document) -> None:
    severity = f"[{STYLES[row['severity']]}]{row['severity']}[/]"
    console.print(f"[bold]{row['alert_id']}[/]  {severity}  {row['scope']}  since {row['opened_date']}")
    console.print(f"  {escape(row['message'])}", highlight=False, soft_wrap=True)
    decided = ("owner", "with"), ("acknowledged_by", "seen by"), ("snoozed_until", "quiet until"), ("note", "note:")
    if text := ", ".join(f"{word} {row[name]}" for name, word in decided if row[name]):
        console.print(f"  [dim]{escape(text)}[/]", highlight=False, soft_wrap=True)


def _show_sent(document: Document) -> None:
    faults = escape(" ".join(document["faults"]))
    console.print(f"{document['sent']} sent, {document['failed']} failed. {faults}".strip())
