"""`python -m fo_platform_tests.reference_cases FILE`: one line a published case. Exit 1 when one fails.

What a function computes belongs to the modules beside this one.
"""

import json
import sys
from pathlib import Path

from fo_platform_tests.reference_cases._runner import adapters, run


def main(path: Path) -> int:
    """Run every case of a file, one line each, and say how many passed."""
    known = adapters()
    outcomes = [run(case, known) for case in json.loads(path.read_text(encoding="utf-8"))]
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    lines = [*(outcome.line for outcome in outcomes), f"{len(outcomes) - failed} passed, {failed} failed"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
