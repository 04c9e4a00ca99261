"""`python -m fo_platform_tests.reference_cases FILE`: one line a published case. Exit 1 when one fails.

What a function computes belongs to the modules beside this one.
"""

import json
import sys
from pathlib import Path

from fo_platform_tests.reference_cases._runner import Outcome, adapters, run


def main(path: Path) -> int:
    """Run every case of a file, one line each, and say how many passed; a file without any case has failed."""
    outcomes = _outcomes(path)
    failed = sum(bool(outcome.problem) for outcome in outcomes)
    lines = [*(outcome.line for outcome in outcomes), f"{len(outcomes) - failed} passed, {failed} failed"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if failed else 0


def _outcomes(path: Path) -> list[Outcome]:
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [Outcome(path.name, "file", f"cannot be read: {error}")]
    if not isinstance(cases, list) or not cases:
        return [Outcome(path.name, "file", "holds no list of cases")]
    known = adapters()
    return [run(case, known) for case in cases]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) if len(sys.argv) == 2 else "one argument: the file of cases")
