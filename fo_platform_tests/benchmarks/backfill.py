"""Ten years of six custodians' mornings, read from bytes to raw records: rows a second, and memory that stays flat."""

import json
import subprocess
import sys
from pathlib import Path

from fo_platform_tests.benchmarks.figures import Figure

SESSIONS = 2520
_READ = """
import json, psutil, sys, time
from datetime import date
from pathlib import Path
import pandas as pd
from fo_platform.custodians.accepted import _records
from fo_platform.custodians.parse import parse
from fo_platform.simulation.world import CUSTODIANS, MARKET_DATA, World

inbox = Path(sys.argv[1])
World(inbox / "world").deliver(date(2022, 6, 14), inbox / "inbox", inbox / "broker")
files = [path.read_bytes() for s in (*CUSTODIANS, MARKET_DATA) for path in sorted((inbox / "inbox" / s).iterdir())]
process, rows, began, early = psutil.Process(), 0, time.process_time(), 0
for session in range(int(sys.argv[2])):
    for content in files:
        parsed = parse(content)
        said = {"file_sha256": "0" * 64, "feed": parsed.format, "received_at": pd.Timestamp("2022-06-14T11:30Z")}
        stated = [{**said, "account_id_source": statement.account} for statement in parsed.statements]
        rows += len(_records(parsed, pd.DataFrame(stated)))
    early = early or (process.memory_info().rss if session == int(sys.argv[2]) // 10 else 0)
spent, late = time.process_time() - began, process.memory_info().rss
print(json.dumps({"files": len(files), "rows": rows, "seconds": spent, "growth": late / early}))
"""


def backfilled(folder: Path) -> list[Figure]:
    """Reading alone; storing a day is measured in stores."""
    command = [sys.executable, "-c", _READ, folder, str(SESSIONS)]
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    what = f"backfill of {SESSIONS:,} sessions, 6 sources, {found['files']} files each, {found['rows']:,} rows"
    return [
        Figure(f"{what}: rows per CPU second", found["rows"] / found["seconds"], "rows/s"),
        Figure("backfill: memory at its end / after a tenth", found["growth"], limit=1.1),
    ]
