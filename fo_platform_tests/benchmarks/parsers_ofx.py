"""Reading a large OFX statement against the library that people use. What is read is tested beside the formats."""

import io
import warnings
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import ofxparse
from rich.console import Console

from fo_platform.custodians.parse import parse
from fo_platform_tests.benchmarks.figures import Figure

SAMPLE = Path(__file__).parents[3] / "shared/samples/ofx/ofxparse_tiaacref.ofx"
HOLDINGS, TIMES = 2_000, 3
_BEGIN, _END = b"<POSOTHER>", b"</POSOTHER>"


def parsed_ofx(_: Path) -> list[Figure]:
    """Processor time for the holdings of a real statement, many times over; nothing where the sample is absent."""
    if not SAMPLE.is_file():
        Console().print(f"OFX is not measured: {SAMPLE.name} is not beside the project")
        return []
    data = enlarged(SAMPLE.read_bytes(), HOLDINGS)
    _prove_equal(data)
    pairs = [(_seconds(lambda: parse(data, "ofx")), _seconds(lambda: _theirs(data))) for _ in range(TIMES + 1)][1:]
    ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    rate = HOLDINGS / ours
    what = f"OFX, {HOLDINGS:,} holdings / ofxparse ({theirs:.2f} s; ours {rate:,.0f} rows a second)"
    return [Figure(what, ours / theirs, limit=0.1)]


def enlarged(data: bytes, holdings: int) -> bytes:
    """The statement with its holdings over and over."""
    start, end = data.find(_BEGIN), data.rfind(_END) + len(_END)
    held = data[start:end]
    times = -(-holdings // held.count(_BEGIN))
    parts = (held * times).split(_BEGIN)[1 : holdings + 1]
    return data[:start] + b"".join(_BEGIN + part for part in parts) + data[end:]


def _theirs(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ofxparse.OfxParser.parse(io.BytesIO(data))


def _prove_equal(data: bytes) -> None:
    """Both read the same number of holdings, so that neither is fast by leaving some out."""
    totals = parse(data, "ofx").totals()
    assert totals["positions"] == len(_theirs(data).account.statement.positions) == HOLDINGS


def _seconds(act: Any) -> float:
    started = process_time()
    act()
    return process_time() - started
