"""Memory that a delivery of 500 MB takes while it is read. How fast it is read belongs to the modules of parsers."""

import json
import subprocess
import sys
from pathlib import Path

from fo_platform_tests.benchmarks.figures import Figure

SIZE = 500 * 2**20
_MOVEMENT = (
    b":61:2206130613D10,50NTRFNONREF//B1\r\n:86:Rent for June\r\n:61:2206130613C10,50NTRFREF//B2\r\n:86:Paid back\r\n"
)
_TRADE = (
    b'<Trade accountId="U1" currency="USD" assetCategory="STK" symbol="KO" isin="US1912161007" tradeID="%d" '
    b'tradeDate="20220613" quantity="1" tradePrice="60.5" netCash="-60.5" buySell="BUY" levelOfDetail="EXECUTION"/>\n'
)
_HOLDING = (
    b":16R:FIN\r\n:35B:ISIN CH00%08d\r\n/DE/A0B1C2\r\nMADE UP LTD\r\n:93B::AGGR//UNIT/16,5\r\n"
    b":16R:SUBBAL\r\n:93B::AGGR//UNIT/16,5\r\n:94F::SAFE//NCSD/X\r\n:16S:SUBBAL\r\n:90B::MRKT//ACTU/CHF117,62\r\n"
    b":98A::PRIC//20220610\r\n:19A::HOLD//CHF1940,73\r\n:16S:FIN\r\n"
)
_PEAK = """
import json, re, sys
from pathlib import Path
from fo_platform.custodians.delivery import delivery_at
from fo_platform.custodians.parse import formats, parse

def peak():
    status = Path("/proc/self/status").read_text()  # What getrusage says includes the process that started this one.
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", status)[1]) / 1024

formats()
before = peak()
parsed = parse(delivery_at(Path(sys.argv[1])))
totals = parsed.totals()
rows = sum(len(statement.records) for statement in parsed.statements)
print(json.dumps({"verdict": parsed.verdict, "rows": rows, "before": before, "peak": peak()}))
"""


def bounded(folder: Path) -> list[Figure]:
    """Peak resident memory of a process that reads and sums up one statement of 500 MB."""
    return [
        _figure("MT940", _mt940(folder / "long.sta")),
        _figure("MT535", _mt535(folder / "long.fin")),
        _figure("Flex", _flex(folder / "long.xml")),
    ]


def _figure(name: str, path: Path) -> Figure:
    done = subprocess.run([sys.executable, "-c", _PEAK, path], stdout=subprocess.PIPE, text=True, check=True)
    path.unlink()
    found = json.loads(done.stdout)
    assert found["verdict"] == "clean", found
    what = f"{name}, 500 MB, {found['rows']:,} rows: peak memory (imports alone: {found['before']:.0f} MB)"
    return Figure(what, found["peak"], "MB", limit=400)


def _mt940(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(b":20:ST\r\n:25:CH9300762011623852957\r\n:28C:1/1\r\n:60F:C220610CHF1000,00\r\n")
        for _ in range(SIZE // len(_MOVEMENT)):
            file.write(_MOVEMENT)
        file.write(b":62F:C220613CHF1000,00\r\n-\r\n")
    return path


def _mt535(path: Path) -> Path:
    """One message, however many holdings it has."""
    with path.open("wb") as file:
        file.write(b":16R:GENL\r\n:28E:1/ONLY\r\n:20C::SEME//1\r\n:23G:NEWM\r\n:98A::STAT//20220613\r\n")
        file.write(b":22F::STBA//SETT\r\n:97A::SAFE//1\r\n:16S:GENL\r\n:16R:SUBSAFE\r\n")
        for number in range(SIZE // len(_HOLDING % 10**6)):
            file.write(_HOLDING % (number % 10**8))
        file.write(b":16S:SUBSAFE\r\n-\r\n")
    return path


def _flex(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(
            b'<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1" '
        )
        file.write(b'fromDate="20220613" toDate="20220613" whenGenerated="20220614;010203"><Trades>\n')
        for number in range(SIZE // len(_TRADE)):
            file.write(_TRADE % number)
        file.write(b"</Trades></FlexStatement></FlexStatements></FlexQueryResponse>\n")
    return path
