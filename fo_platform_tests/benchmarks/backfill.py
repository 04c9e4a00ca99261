"""Ten years of six custodians' mornings, read from bytes to raw records: rows a second, and memory that stays flat."""

import json
import subprocess
import sys
from pathlib import Path

from fo_platform_tests.benchmarks.figures import Figure

SESSIONS = 2520
_READ = """
import hashlib, json, psutil, sys, time
from datetime import date
from pathlib import Path
import pandas as pd
from fo_platform.custodians.accepted import accepted_records
from fo_platform.custodians.parse import _remembered, parse
from fo_platform.simulation.world import CUSTODIANS, MARKET_DATA, World

inbox = Path(sys.argv[1])
World(inbox / "world").deliver(date(2022, 6, 14), inbox / "inbox", inbox / "broker")
archive, known = {}, []
for source in (*CUSTODIANS, MARKET_DATA):
    for content in (path.read_bytes() for path in sorted((inbox / "inbox" / source).iterdir())):
        parsed, sha256 = parse(content), hashlib.sha256(content).hexdigest()
        archive[sha256] = content
        said = {"source": source, "file_sha256": sha256, "subject": sha256, "feed": parsed.format}
        accounts = {statement.account for statement in parsed.statements}
        known += [{**said, "account_id_source": account} for account in accounts]
deliveries = pd.DataFrame(known).assign(
    page="", verdict="accepted", statement_date=date(2022, 6, 13), received_at=pd.Timestamp("2022-06-14T11:30Z")
)
process, rows, began, early = psutil.Process(), 0, time.process_time(), 0
for session in range(int(sys.argv[2])):
    _remembered.cache_clear()
    for _, stated in deliveries.groupby("source"):
        rows += len(accepted_records(stated, archive.__getitem__))
    early = early or (process.memory_info().rss if session == int(sys.argv[2]) // 10 else 0)
spent, late = time.process_time() - began, process.memory_info().rss
print(json.dumps({"files": len(archive), "rows": rows, "seconds": spent, "growth": late / early}))
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
