"""An independent library reads the same holdings from the statements that it can read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from fo_platform.custodians.parse import parse

HEAD = """:16R:GENL
:28E:1/ONLY
:23G:NEWM
:98A::STAT//20220613
:22F::STBA//TRAD
:97A::SAFE//0835-1
:16S:GENL
"""
HOLDING = """:16R:FIN
:35B:ISIN {isin}
/DE/{wkn}
{name}
:90B::MRKT//ACTU/EUR{price}
:98A::PRIC//20220610
:93B::AGGR//UNIT/{quantity}
:19A::HOLD//EUR{value}
:70E::HOLD//1STK
2{cost}+EUR
:16S:FIN
"""
ROWS = [
    ("DE0007164600", "716460", "SAP SE", "95,24", "16,8211", "1602,04", "80,5"),
    ("LU0635178014", "ETF127", "A FUND", "38,82", "250,", "9705,", "23,968293"),
    ("US5949181045", "870747", "A SHARE", "0,015", "1000000,", "15000,", "0,01"),
]
NAMES = ("isin", "wkn", "name", "price", "quantity", "value", "cost")


def statement() -> str:
    body = "".join(HOLDING.format(**dict(zip(NAMES, row, strict=True))) for row in ROWS)
    return f"{HEAD}{body}-\n"


def theirs() -> Iterator[tuple[str, str, str, Decimal, Decimal, Decimal]]:
    utils: Any = pytest.importorskip("fints.utils")
    for row in utils.MT535_Miniparser().parse(statement().splitlines()):
        figures = (Decimal(repr(number)).normalize() for number in (row.market_value, row.pieces, row.total_value))
        yield (row.ISIN, row.name, row.valuation_date.isoformat(), *figures)  # type: ignore[misc]


def test_fints_reads_the_same_holdings() -> None:
    parsed = parse(statement().encode(), "mt535")
    assert parsed.verdict == "clean", parsed.reason
    names = ("price", "quantity", "market_value")
    ours = [
        (
            record.fields["isin"],
            record.fields["description"],
            record.fields["price_date"],
            *(Decimal(record.fields[name]).normalize() for name in names),
        )
        for record in parsed.records
    ]
    assert ours == list(theirs())
    assert [record.fields["cost_price"] for record in parsed.records] == ["80.5", "23.968293", "0.01"]
