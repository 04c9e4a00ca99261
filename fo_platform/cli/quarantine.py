"""`fo quarantine`: deliveries that were held, to look at and to settle. What becomes of them belongs to operations."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from fo_platform.cli._output import Json, console, emit, office, told
from fo_platform.operations import quarantine as held

Document = dict[str, Any]

PROBLEMS = 5
"""Problems of a file that a person is shown."""

quarantine = typer.Typer(
    help=(
        "Files that arrived and cannot be used as they are: quarantined, waiting for pages, of no known format.\n\n"
        "`list` names them, `show` says what is wrong and where. The right way out is a corrected file from the "
        "source: it closes the old one by itself. Otherwise a person decides, with name and reason: `release` takes "
        "the file in as it is, `reject` settles it without. Nothing is edited or deleted, and the audit chain keeps "
        "every decision."
    ),
    no_args_is_help=True,
)

Delivery = Annotated[str, typer.Argument(help="Identifier of the delivery, or its beginning, as `list` shows it.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a sentence that an auditor understands.")]


@quarantine.command("list")
def show_list(
    settled: Annotated[bool, typer.Option("--all", help="Also what was replaced, released or rejected.")] = False,
    as_json: Json = False,
) -> None:
    """What is held now, with the reason, the line, what to do, and for how long; and files that cannot even be read."""
    with told(as_json):
        document = held.quarantine(office(), settled=settled)
        emit(document, as_json, lambda: _show_list(document))


@quarantine.command()
def show(delivery: Delivery, as_json: Json = False) -> None:
    """One held file: its facts, every problem with the bytes around it, what took its place and who decided."""
    with told(as_json):
        document = held.inspect(office(), delivery)
        emit(document, as_json, lambda: _show_one(document))


@quarantine.command()
def release(delivery: Delivery, by: By, reason: Reason, as_json: Json = False) -> None:
    """Take a held file in as it is, with the other held pages of its statement; the next run of its day books it.

    Only what could be read of it is booked: what is missing from a torn file shows as breaks.

    Refused where nothing could be read, and of a format that is unknown or that its source is not declared to send.

    Example: fo quarantine release 3fa2 --by "A. Keller" --reason "Total confirmed by the bank by telephone."
    """
    with told(as_json):
        document = held.release(office(), delivery, by=by, reason=reason)
        emit(document, as_json, lambda: _show_decision(document))


@quarantine.command()
def reject(delivery: Delivery, by: By, reason: Reason, as_json: Json = False) -> None:
    """Settle a held file without taking it in: it is no longer open, and nothing of it is deleted.

    Example: fo quarantine reject 3fa2 --by "A. Keller" --reason "A test file that the bank sent by mistake."
    """
    with told(as_json):
        document = held.reject(office(), delivery, by=by, reason=reason)
        emit(document, as_json, lambda: _show_decision(document))


def _show_list(document: Document) -> None:
    for row in document["deliveries"]:
        _say(f"[bold]{row['delivery_id']}[/]  ", _headline(row))
        _say("  ", _sentences(row["reason"], row["remedy"]))
        _say("  ", row["outcome"])
    for row in document["unreadable"]:
        _say("[bold]not read[/]  ", f"{row['source']}  {row['file_name']}")
        _say("  ", _sentences(row["reason"], row["remedy"]))
    if not document["deliveries"] and not document["unreadable"]:
        console.print("Nothing is held.")


def _show_one(document: Document) -> None:
    _say(f"[bold]{document['delivery_id']}[/]  ", _headline(document))
    facts = {
        "accounts": ", ".join(document["accounts"]) or "none named",
        "statement": document["statement_date"] or "no date",
        "received": document["received_at"],
        "file": f"{document['size']} bytes, {document['row_count']} records read, sha256 {document['file_sha256']}",
    }
    for name, text in facts.items():
        _say(f"  [dim]{name:<9}[/] ", text)
    problems = document["problems"]
    for problem in problems[:PROBLEMS]:
        _say(f"\n  [bold]line {problem['line']}[/], byte {problem['offset']}: ", problem["what"])
        _say("  ", problem["remedy"])
        console.print(f"  [dim]{escape(problem['before'])}[/][red]{escape(problem['from_fault'])}[/]", highlight=False)
    if len(problems) > PROBLEMS:
        _say("\n  ", f"and {len(problems) - PROBLEMS} more, which --json shows")
    _say("\n  ", document["outcome"])


def _show_decision(document: Document) -> None:
    count, days = len(document["deliveries"]), ", ".join(document["days"])
    files = "1 file" if count == 1 else f"{count} files of one statement"
    _say("", f"{document['decision'].capitalize()}: {files} of {days}, by {document['decided_by']}.")
    if document["decision"] == "released":
        again = f"`fo restate --from {document['days'][0]} --reason ...`"
        _say("", f"The next run of {days} takes it in; a day that is over is made again by {again}.")


def _headline(row: Document) -> str:
    count = row["age_sessions"]
    age = "today" if count == 0 else "1 session ago" if count == 1 else f"{count} sessions ago"
    return f"{row['source']}  {row['file_name']}  {row['verdict']}  {row['business_date']} ({age})"


def _sentences(reason: str | None, remedy: str | None) -> str:
    """Why and what to do; a reason that comes from a file's first problem says both."""
    told, todo = reason or "", remedy or ""
    return told if todo in told else f"{told} {todo}".strip()


def _say(markup: str, text: str | None) -> None:
    """A line of ours and then text from outside, in which nothing may speak to the terminal; no text, no line."""
    if text:
        shown = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)
        console.print(f"{markup}{escape(shown)}", highlight=False, soft_wrap=True)
