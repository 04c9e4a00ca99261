"""Commands that keep the record: rebuild, restate, doctor, audit. Commands of the trading day do not belong here."""

import os
from datetime import date
from getpass import getuser
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress

from fo_platform.cli._output import Json, console, emit, errors, office, settings, told
from fo_platform.cli.look import parse_day
from fo_platform.cli.play import progress
from fo_platform.errors import DataError
from fo_platform.ledger.verify import verify as verify_ledger
from fo_platform.operations.dagster_home import prepare_dagster_home, process_variables
from fo_platform.operations.doctor import Finding, examine
from fo_platform.operations.rebuild import rebuild as rebuild_warehouse
from fo_platform.operations.restate import outcome, record_restatement
from fo_platform.policy.load import load_policy

audit = typer.Typer(help="Prove that nothing in ledger or archive was altered.", no_args_is_help=True)


def rebuild(as_json: Json = False) -> None:
    """Write the warehouse again from archive and ledger; every batch must hash to what the ledger recorded."""
    from fo_platform.cli._dagster import recipes  # noqa: PLC0415 - loading the code location takes seconds.

    with told(as_json), Progress(console=console, transient=True, disable=as_json) as progress:
        task = progress.add_task("batches", total=None)
        rebuilt = rebuild_warehouse(
            office(), recipes(), lambda done, total: progress.update(task, completed=done, total=total)
        )
        document = {"batches": rebuilt.batches, "restored": rebuilt.restored, "present": rebuilt.present, "equal": True}
    sentence = f"{rebuilt.restored} batches restored, {rebuilt.present} stood already; every hash is the recorded one."
    emit(document, as_json, lambda: console.print(sentence))


def restate(
    first: Annotated[str, typer.Option("--from", help="First business date that is made again, YYYY-MM-DD.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the ledger.")],
    last: Annotated[
        str | None, typer.Option("--to", help="Last one, by default the office's; later arrivals stay out.")
    ] = None,
    person: Annotated[str | None, typer.Option("--as", help="Who asks; by default the user of this machine.")] = None,
    as_json: Json = False,
) -> None:
    """Make past days again, from raw to analytics, with late and corrected files on the days they speak of.

    What was decided, signed and traded stays, and what was known before stays readable.
    """
    from fo_platform.cli._dagster import recipes, run_job  # noqa: PLC0415 - loading the code location takes seconds.

    with told(as_json):
        place, started = office(), perf_counter()
        os.environ.update(process_variables(place.settings))
        feeds = {name: tuple(body.feeds) for name, body in load_policy(place.settings.office_folder).sources.items()}
        days = (_required_day(first), parse_day(last))
        asked = record_restatement(place, feeds, days, asked_by=person or getuser(), reason=reason)
        with progress(is_plain=not as_json and not errors.is_terminal) as tell:
            tell(f"{asked.first} to {asked.last} as one range run")
            run_job("history", asked.first, asked.last, prepare_dagster_home(place.settings))
        contracts = {name: recipe.contract for name, recipe in recipes().items()}
        document = outcome(place, contracts, asked) | {"seconds": f"{perf_counter() - started:.1f}"}
        emit(document, as_json, lambda: _show_restated(document))


def doctor(as_json: Json = False) -> None:
    """Look at policy, bindings, disk, ledger, tables and clock, and say what to mend."""
    with told(as_json):
        findings = examine(settings())
        document = {"ok": all(f.ok for f in findings), "findings": [vars(f) for f in findings]}
        emit(document, as_json, lambda: _say(findings))
    raise typer.Exit(0 if document["ok"] else 1)


@audit.command()
def verify(as_json: Json = False) -> None:
    """Check the chain, every ledger row, the signed head and every archived byte; exit 1 names the first bad place."""
    with told(as_json):
        place = office()
        result = verify_ledger(place.ledger, place.archive.folder)
        bad = vars(result.first_bad) if result.first_bad else None
        document = {"ok": result.ok, "rows": result.rows, "head": result.head, "first_bad": bad}
        sentence = (
            f"{result.rows} links hold, head {result.head}."
            if result.ok
            else f"{bad['where']}: {bad['what']}."
            if bad
            else ""
        )
        emit(document, as_json, lambda: console.print(escape(sentence)))
    raise typer.Exit(0 if result.ok else 1)


def _required_day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise DataError("--from names no day.", "Write it as YYYY-MM-DD.")
    return day


def _show_restated(document: dict[str, Any]) -> None:
    changed = [day for day in document["days"] if day["tables"]]
    for day in changed:
        worth = f"{day['net_worth_before']} -> {day['net_worth_after']}"
        console.print(f"[bold]{day['business_date']}[/]  net worth {worth}")
        for name, rows in day["tables"].items():
            console.print(f"  {name}: {rows['changed']} rows changed, {rows['added']} added, {rows['removed']} removed")
    same = len(document["days"]) - len(changed)
    console.print(f"Restatement {document['restatement']}: {len(changed)} days changed, {same} stand as they were.")
    console.print("What was decided, signed and traded stays as it was.")


def _say(findings: list[Finding]) -> None:
    for finding in findings:
        mark = "[green]ok  [/]" if finding.ok else "[red]mend[/]"
        console.print(f"{mark} {escape(f'{finding.what} {finding.remedy}'.rstrip())}")
