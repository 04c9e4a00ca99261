"""`python -m fo_platform.cli`: the same as the `fo` script."""

from fo_platform.cli.main import run

run()
