"""`fo`: the list of commands and their groups. What each does belongs to its module."""

import typer

from fo_platform.cli import control, keep, look, play
from fo_platform.cli.alerts import alerts
from fo_platform.cli.quarantine import quarantine

app = typer.Typer(
    name="fo",
    help="Run a family office's day: take in deliveries, prove the book, decide, sign, trade, settle, reconcile.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

PLAY = "The demo office's days"
LOOK = "Look"
CONTROL = "Decide and release"
KEEP = "Keep the record"

for panel, commands in {
    PLAY: (play.run, play.advance, play.ui),
    LOOK: (look.status, look.breaks, look.proposal, look.orders, look.parse),
    CONTROL: (control.approve, control.release),
    KEEP: (keep.rebuild, keep.restate, keep.doctor),
}.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(alerts, name="alerts", rich_help_panel=LOOK)
app.add_typer(quarantine, name="quarantine", rich_help_panel=CONTROL)
app.add_typer(keep.audit, name="audit", rich_help_panel=KEEP)


def run() -> None:
    """Entry point of the `fo` script."""
    app()
