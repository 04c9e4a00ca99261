"""The closing screen: one page that a CIO understands. Where its numbers come from belongs to operations.status."""

import os
import shutil
import sys
from decimal import Decimal
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

Document = dict[str, Any]

READINESS = {"ready": "green", "ready with gaps": "yellow", "not ready": "bold red"}
COLOURS = {"TRADE": "bold green", "WAIT": "yellow", "HOLD": "bold red"}


NEXT = ("breaks", "proposal", "orders", "advance", "ui")


def draw(console: Console, document: Document, allocation: list[Document], deliveries: list[str]) -> None:
    """Print what arrived, what is owned against target, the verdicts with both costs, and what was traded."""
    title = f"[bold]{document['office']}[/] office · {document['business_date']}"
    parts: list[RenderableType] = [
        _arrived(document, deliveries),
        _allocation(allocation),
        _verdicts(document),
        _executed(document),
        *_spent(document),
    ]
    console.print(Panel(Group(*parts), title=title, expand=False))
    console.print(f"Next: {' · '.join(f'[bold]{escape(command())} {word}[/]' for word in NEXT)}", soft_wrap=True)


def command() -> str:
    """How this process's command is typed again, such as `.venv/bin/fo`."""
    script = os.path.relpath(sys.argv[0])
    return "fo" if shutil.which("fo") or not script.endswith("fo") else script


def dollars(value: str | Decimal | None) -> str:
    """An amount in whole base currency with thousands."""
    return "unknown" if value is None else f"${Decimal(value):,.0f}"


def percent(value: str | float) -> str:
    """A fraction as a percentage with two decimals."""
    return f"{float(value) * 100:.2f} %"


def _arrived(document: Document, deliveries: list[str]) -> Group:
    names = ("quarantined", "late", "missing")
    counts = ", ".join([f"{document['deliveries']} files today", *(f"{document[name]} {name}" for name in names)])
    answer = document["readiness"]["answer"]
    held = f"{document['held']} files are held: see `{command()} quarantine list`"
    told = [text.partition(" ") for text in deliveries]
    lines = [f"[bold]Arrived[/]    {counts}", *(f"           [red]{what}[/] {escape(rest)}" for what, _, rest in told)]
    lines += [f"[bold]Held[/]       [red]{escape(held)}[/]"] * bool(document["held"])
    lines += [f"[bold]Can we work?[/] [{READINESS[answer]}]{escape(document['readiness']['sentence'])}[/]"]
    return Group(
        *(Text.from_markup(line) for line in lines),
        Text.from_markup(f"[bold]Net worth[/]  {dollars(document['net_worth'])}\n"),
    )


def _allocation(rows: list[Document]) -> Table:
    table = Table(title="Allocation against target", title_justify="left", box=None, pad_edge=False)
    for name in ("owner", "asset class", "value", "weight", "target", "drift"):
        table.add_column(name, justify="left" if name in ("owner", "asset class") else "right")
    for row in rows:
        style = "bold red" if row["is_breach"] else ""
        cells = [
            row["scope"],
            row["asset_class"],
            dollars(row["value"]),
            *(percent(row[n]) for n in ("weight", "target", "drift")),
        ]
        table.add_row(*cells, style=style)
    return table


def _verdicts(document: Document) -> Group:
    table = Table(title="\nVerdict per owner", title_justify="left", box=None, pad_edge=False)
    for name in ("owner", "verdict", "drift", "waiting, a day", "waiting, horizon", "trading once", "tax to pay"):
        table.add_column(name, justify="left" if name in ("owner", "verdict") else "right")
    for name, entity in document["entities"].items():
        verdict = Text(entity["verdict"] or "none", style=COLOURS.get(entity["verdict"], ""))
        costs = (entity[n] for n in ("cost_of_drift_per_day", "cost_of_drift", "cost_of_trading", "tax"))
        table.add_row(name, verdict, percent(entity["drift_tradeable"]), *map(dollars, costs))
    reasons = [f"{name}: {entity['reason']}" for name, entity in document["entities"].items() if entity["reason"]]
    return Group(table, *(Text(reason, style="dim") for reason in reasons or ["no decision was made on this day"]))


def _executed(document: Document) -> Text:
    breaks = document["breaks"]
    counts = ", ".join(f"{document[name]} {name}" for name in ("orders", "fills", "settled", "pending"))
    return Text.from_markup(
        f"\n[bold]Executed[/]   {counts}\n[bold]Breaks[/]     {breaks['open']} open, {breaks['critical']} critical"
    )


def _spent(document: Document) -> list[Text]:
    if "seconds" not in document:
        return []
    share = f"the orchestrator's share of its runs {percent(document['orchestration_share'])}"
    return [Text(f"Spent      {document['seconds']} s, {share}, {document['batches_written']} new batches")]
