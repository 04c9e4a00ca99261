"""The securities of the demo world with their identifiers and market habits. Prices and holdings do not belong here."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Instrument:
    """One security, or money when `instrument_type` is cash.

    start_price: price at the start of a simulated path, None for real closes. market_beta, rates_beta and
    idiosyncratic_volatility (annual) drive that path. coupon: annual fraction of face value, paid at each
    (month, day) of coupon_days. dividend: (pay date, amount per share).
    """

    instrument_id: str
    name: str
    instrument_type: str
    asset_class: str
    currency: str
    market: str
    country: str
    isin: str = ""
    valor: str = ""
    conid: str = ""
    mic: str = ""
    issuer_id: str = ""
    adv_quantity: int = 0
    spread_bps: Decimal = Decimal(0)
    start_price: float | None = None
    market_beta: float = 0.0
    rates_beta: float = 0.0
    idiosyncratic_volatility: float = 0.0
    coupon: Decimal = Decimal(0)
    coupon_days: tuple[tuple[int, int], ...] = ()
    dividend: tuple[date, Decimal] | None = None

    @property
    def cusip(self) -> str:
        """The national number inside a US ISIN, else nothing."""
        return self.isin[2:11] if self.isin.startswith("US") else ""

    @property
    def is_per_100(self) -> bool:
        """Whether quantity is face value and the price is a percentage of it."""
        return self.instrument_type == "bond"

    @property
    def scale(self) -> Decimal:
        """What quantity x price is multiplied with to give money."""
        return Decimal("0.01") if self.is_per_100 else Decimal(1)

    @property
    def opening_step(self) -> Decimal:
        """What the quantities of an opening lot are multiples of; coins are held in eighteen decimals."""
        if self.instrument_type == "coin":
            return Decimal("0.010000000123456789")
        return Decimal(1000 if self.is_per_100 else 10)

    @property
    def lot_size(self) -> int:
        """Smallest tradeable step."""
        return 1000 if self.is_per_100 else 1


_US_EQUITY = (
    ("AAPL", "APPLE INC", "share", "US0378331005", "265598", "XNAS", 86_000_000, "0.8"),
    ("AMD", "ADVANCED MICRO DEVICES", "share", "US0079031078", "4391", "XNAS", 95_000_000, "1.2"),
    ("BAC", "BANK OF AMERICA CORP", "share", "US0605051046", "10098", "XNYS", 47_000_000, "2.8"),
    ("BBY", "BEST BUY CO INC", "share", "US0865161014", "4736", "XNYS", 3_400_000, "2.5"),
    ("CVX", "CHEVRON CORP", "share", "US1667641005", "5437", "XNYS", 12_000_000, "1.0"),
    ("GE", "GENERAL ELECTRIC CO", "share", "US3696043013", "498843743", "XNYS", 7_000_000, "1.8"),
    ("HD", "HOME DEPOT INC", "share", "US4370761029", "7930", "XNYS", 4_100_000, "1.4"),
    ("JNJ", "JOHNSON & JOHNSON", "share", "US4781601046", "8719", "XNYS", 7_200_000, "1.0"),
    ("JPM", "JPMORGAN CHASE & CO", "share", "US46625H1005", "1520593", "XNYS", 13_000_000, "1.0"),
    ("KO", "COCA-COLA CO", "share", "US1912161007", "8894", "XNYS", 17_000_000, "1.6"),
    ("LLY", "ELI LILLY & CO", "share", "US5324571083", "9160", "XNYS", 3_100_000, "1.6"),
    ("MRK", "MERCK & CO INC", "share", "US58933Y1055", "70101545", "XNYS", 10_500_000, "1.2"),
    ("MSFT", "MICROSOFT CORP", "share", "US5949181045", "272093", "XNAS", 31_000_000, "0.8"),
    ("PEP", "PEPSICO INC", "share", "US7134481081", "11017", "XNAS", 5_600_000, "1.2"),
    ("PFE", "PFIZER INC", "share", "US7170811035", "11031", "XNYS", 26_000_000, "2.0"),
    ("PG", "PROCTER & GAMBLE CO", "share", "US7427181091", "11081", "XNYS", 7_600_000, "1.0"),
    ("RRC", "RANGE RESOURCES CORP", "share", "US75281A1097", "11706", "XNYS", 4_400_000, "4.0"),
    ("UNH", "UNITEDHEALTH GROUP INC", "share", "US91324P1021", "13272", "XNYS", 3_200_000, "1.5"),
    ("WMT", "WALMART INC", "share", "US9311421039", "13824", "XNYS", 9_300_000, "1.0"),
    ("XOM", "EXXON MOBIL CORP", "share", "US30231G1022", "13977", "XNYS", 28_000_000, "1.1"),
    ("MTUM", "MSCI USA MOMENTUM FACTOR ETF", "etf", "US46432F3964", "126689803", "BATS", 900_000, "3.0"),
    ("QUAL", "MSCI USA QUALITY FACTOR ETF", "etf", "US46432F3394", "131217064", "BATS", 1_500_000, "2.5"),
    ("SIZE", "MSCI USA SIZE FACTOR ETF", "etf", "US46432F3709", "126689820", "BATS", 25_000, "9.0"),
    ("USMV", "MSCI USA MIN VOL FACTOR ETF", "etf", "US46429B6974", "95580303", "BATS", 4_200_000, "1.8"),
    ("VLUE", "MSCI USA VALUE FACTOR ETF", "etf", "US46432F3881", "126689828", "BATS", 1_100_000, "3.0"),
)
"""Symbol, name, type, ISIN, broker's contract number, exchange, average daily volume, spread in basis points."""

_SIMULATED_US_BONDS = (
    Instrument(
        "USGOV", "US TREASURY BOND ETF", "etf", "fixed_income", "USD", "US", "US", isin="US00099A1097",
        conid="900000001", mic="XNAS", issuer_id="USGOV", adv_quantity=6_000_000, spread_bps=Decimal("1.5"),
        start_price=52.0, rates_beta=1.0, idiosyncratic_volatility=0.004,
    ),
    Instrument(
        "USCORP", "US CORPORATE BOND ETF", "etf", "fixed_income", "USD", "US", "US", isin="US00099B1070",
        conid="900000002", mic="ARCX", issuer_id="USCORP", adv_quantity=9_000_000, spread_bps=Decimal("2.0"),
        start_price=54.0, market_beta=0.06, rates_beta=0.8, idiosyncratic_volatility=0.008,
    ),
    Instrument(
        "UST2029", "US TREASURY 2 3/8 05/15/29", "bond", "fixed_income", "USD", "US", "US", isin="US00099C2A21",
        issuer_id="US_TREASURY", adv_quantity=400_000_000, spread_bps=Decimal("3.0"), start_price=101.5,
        rates_beta=0.9, idiosyncratic_volatility=0.004, coupon=Decimal("0.02375"), coupon_days=((5, 15), (11, 15)),
    ),
)  # fmt: skip

_SIMULATED_EUROPE = (
    Instrument(
        "NESN", "NESTLE SA", "share", "intl_equity", "CHF", "CH", "CH", isin="CH0038863350", valor="3886335",
        conid="56091310", mic="XSWX", issuer_id="NESN", adv_quantity=3_600_000, spread_bps=Decimal("2.5"),
        start_price=108.0, market_beta=0.45, idiosyncratic_volatility=0.13,
        dividend=(date(2022, 4, 13), Decimal("2.80")),
    ),
    Instrument(
        "ROG", "ROCHE HOLDING AG GENUSSSCHEIN", "share", "intl_equity", "CHF", "CH", "CH", isin="CH0012032048",
        valor="1203204", conid="6437110", mic="XSWX", issuer_id="ROG", adv_quantity=1_100_000,
        spread_bps=Decimal("2.5"), start_price=318.0, market_beta=0.45, idiosyncratic_volatility=0.15,
    ),
    Instrument(
        "NOVN", "NOVARTIS AG", "share", "intl_equity", "CHF", "CH", "CH", isin="CH0012005267", valor="1200526",
        conid="12346910", mic="XSWX", issuer_id="NOVN", adv_quantity=4_200_000, spread_bps=Decimal("2.5"),
        start_price=83.0, market_beta=0.45, idiosyncratic_volatility=0.14,
    ),
    Instrument(
        "SAP", "SAP SE", "share", "intl_equity", "EUR", "EU", "DE", isin="DE0007164600", valor="345952",
        conid="14204", mic="XETR", issuer_id="SAP", adv_quantity=2_300_000, spread_bps=Decimal("3.0"),
        start_price=105.0, market_beta=0.75, idiosyncratic_volatility=0.17,
    ),
    Instrument(
        "SIE", "SIEMENS AG", "share", "intl_equity", "EUR", "EU", "DE", isin="DE0007236101", valor="827766",
        conid="14252", mic="XETR", issuer_id="SIE", adv_quantity=1_700_000, spread_bps=Decimal("3.0"),
        start_price=122.0, market_beta=0.8, idiosyncratic_volatility=0.16,
    ),
    Instrument(
        "ASML", "ASML HOLDING NV", "share", "intl_equity", "EUR", "EU", "NL", isin="NL0010273215", valor="19531091",
        conid="117902840", mic="XAMS", issuer_id="ASML", adv_quantity=800_000, spread_bps=Decimal("3.5"),
        start_price=480.0, market_beta=0.95, idiosyncratic_volatility=0.18,
    ),
    Instrument(
        "CH2031", "SWISS CONFEDERATION 0.5 27.06.31", "bond", "fixed_income", "CHF", "CH", "CH", isin="CH0099900315",
        valor="9990031", issuer_id="SWISS_CONFEDERATION", adv_quantity=20_000_000, spread_bps=Decimal("6.0"),
        start_price=104.0, rates_beta=0.5, idiosyncratic_volatility=0.015, coupon=Decimal("0.005"),
        coupon_days=((6, 27),),
    ),
    Instrument(
        "DBR2030", "BUNDESREPUBLIK 0.25 15.08.30", "bond", "fixed_income", "EUR", "EU", "DE", isin="DE000A99F305",
        valor="9990047", issuer_id="GERMANY", adv_quantity=60_000_000, spread_bps=Decimal("4.0"), start_price=103.0,
        rates_beta=0.55, idiosyncratic_volatility=0.015, coupon=Decimal("0.0025"), coupon_days=((8, 15),),
    ),
)  # fmt: skip

_SIMULATED_COINS = (
    Instrument(
        "BTC", "BITCOIN", "coin", "digital_assets", "USD", "XX", "XX", issuer_id="BTC", adv_quantity=30_000,
        spread_bps=Decimal("5.0"), start_price=86_000.0, market_beta=1.1, idiosyncratic_volatility=0.55,
    ),
    Instrument(
        "ETH", "ETHER", "coin", "digital_assets", "USD", "XX", "XX", issuer_id="ETH", adv_quantity=200_000,
        spread_bps=Decimal("6.0"), start_price=6_450.0, market_beta=1.2, idiosyncratic_volatility=0.65,
    ),
)  # fmt: skip

_MONEY = (
    Instrument("CASH.USD", "US DOLLAR", "cash", "cash", "USD", "US", "US", issuer_id="CASH.USD"),
    Instrument("CASH.CHF", "SWISS FRANC", "cash", "cash", "CHF", "CH", "CH", issuer_id="CASH.CHF"),
    Instrument("CASH.EUR", "EURO", "cash", "cash", "EUR", "EU", "DE", issuer_id="CASH.EUR"),
)


def _us_equity(row: tuple[str, str, str, str, str, str, int, str]) -> Instrument:
    symbol, name, kind, isin, conid, mic, adv, spread = row
    return Instrument(
        symbol, name, kind, "us_equity", "USD", "US", "US", isin=isin, conid=conid, mic=mic, issuer_id=symbol,
        adv_quantity=adv, spread_bps=Decimal(spread),
    )  # fmt: skip


_SIMULATED = (*_SIMULATED_US_BONDS, *_SIMULATED_EUROPE, *_SIMULATED_COINS)
SECURITIES: dict[str, Instrument] = {row.instrument_id: row for row in (*map(_us_equity, _US_EQUITY), *_SIMULATED)}
MONEY: dict[str, Instrument] = {row.currency: row for row in _MONEY}
CURRENCIES = ("CHF", "EUR", "USD")

SERIES: dict[str, str] = {
    name: f"S9000000{number:02}"
    for number, name in enumerate(("MTUM", "QUAL", "SIZE", "USMV", "VLUE", "USGOV", "USCORP"), start=1)
}
"""Made-up numbers of the regulator for the funds among them."""
