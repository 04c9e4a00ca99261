"""Reading Flex, MT940 and MT535 against the libraries that read them, on enlarged real files. Memory is not here."""

import logging
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fo_platform.custodians.parse import parse
from fo_platform_tests.benchmarks.figures import Figure, rate_ratio

SAMPLES = Path(__file__).parents[3] / "shared/samples"
_FIN = """:16R:FIN
:35B:ISIN CH00{number:08d}
/DE/A0B1C2
MADE UP LTD
:93B::AGGR//UNIT/{number},
:90B::MRKT//ACTU/CHF117,62
:98A::PRIC//20220610
:19A::HOLD//CHF1234,5
:16S:FIN
"""


def parsers_text(_: Path) -> list[Figure]:
    """Rows per CPU second over the peer's, in one run; nothing where the samples are not beside the project."""
    return [_flex(), _mt940(), _mt535()] if SAMPLES.is_dir() else []


def _rows(data: bytes, kind: str) -> Callable[[], int]:
    return lambda: sum(record.kind == kind for record in parse(data).each_record())


def _flex() -> Figure:
    """Open positions of a real account, repeated, against ibflex, which reads every attribute too."""
    import ibflex.parser

    logging.getLogger("ibflex").setLevel(logging.ERROR)
    data = (SAMPLES / "ibflex/pp_17.xml").read_bytes()
    rows = re.findall(rb"<OpenPosition [^>]*/>", data)
    start = data.index(rows[0])
    many = data[:start] + b"\n".join(rows * 300) + data[data.index(b"</OpenPositions>") :]

    def peer() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return sum(len(s.OpenPositions) for s in ibflex.parser.parse(many).FlexStatements)

    return Figure("Flex positions: rows per CPU second / ibflex's", rate_ratio(_rows(many, "position"), peer), least=3)


def _mt940() -> Figure:
    """Movements of a real statement, repeated within it, against mt-940 reading reversals right."""
    import mt940

    text = (SAMPLES / "mt940/wolph_abnamro.sta").read_bytes().decode("latin-1").replace("\r\n", "\n")
    start, end = text.index(":61:"), text.index(":62")
    many = text[:start] + text[start:end] * 400 + text[end:]

    def peer() -> int:
        read: Any = mt940.models.Transactions(options=mt940.Options(reversal_sign=True))
        read.parse(many)
        return len(read.transactions)

    ours = _rows(many.encode("latin-1"), "transaction")
    return Figure("MT940 movements: rows per CPU second / mt-940's", rate_ratio(ours, peer), least=10)


def _mt535() -> Figure:
    """Holdings of a made-up statement that the peer can read at all, against fints."""
    from fints.utils import MT535_Miniparser

    holdings = "".join(_FIN.format(number=number) for number in range(1, 5001))
    general = ":16R:GENL\n:28E:1/ONLY\n:20C::SEME//1\n:23G:NEWM\n:98A::STAT//20220613\n:22F::STBA//SETT\n"
    text = f"{general}:97A::SAFE//1\n:16S:GENL\n:16R:SUBSAFE\n{holdings}:16S:SUBSAFE\n-\n"
    peer = text.replace("\n", "\r\n").split("\r\n")
    ours = _rows(text.encode(), "position")
    return Figure(
        "MT535 holdings: rows per CPU second / fints'",
        rate_ratio(ours, lambda: len(MT535_Miniparser().parse(peer))),
        least=1.5,
    )
