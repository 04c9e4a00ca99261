"""Commands that keep the record: rebuild, doctor, audit. Commands of the trading day do not belong here."""

import typer
from rich.markup import escape
from rich.progress import Progress

from fo_platform.cli._output import Json, console, emit, office, settings, told
from fo_platform.ledger.verify import verify as verify_ledger
from fo_platform.operations.doctor import Finding, examine
from fo_platform.operations.rebuild import rebuild as rebuild_warehouse

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


def _say(findings: list[Finding]) -> None:
    for finding in findings:
        mark = "[green]ok  [/]" if finding.ok else "[red]mend[/]"
        console.print(f"{mark} {escape(f'{finding.what} {finding.remedy}'.rstrip())}")
