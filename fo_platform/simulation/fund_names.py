"""What the demo's funds are called and which names they hold beside the demo's own. How much of each is elsewhere."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FUND_NAMES = {
    "MTUM": "Demo USA Momentum Factor ETF (simulated)",
    "QUAL": "Demo USA Quality Factor ETF (simulated)",
    "SIZE": "Demo USA Size Factor ETF (simulated)",
    "USMV": "Demo USA Minimum Volatility ETF (simulated)",
    "VLUE": "Demo USA Value Factor ETF (simulated)",
    "USGOV": "Demo US Treasury Bond ETF (simulated)",
    "USCORP": "Demo US Corporate Bond ETF (simulated)",
}


@dataclass(frozen=True)
class Company:
    """A company whose shares funds hold; the country of risk is stated where it is not that of its seat."""

    name: str
    isin: str
    ticker: str
    country_risk: str = ""

    @property
    def country(self) -> str:
        """Country in which it is organised: the one that numbered its shares."""
        return self.isin[:2] if self.isin[:2] != "AN" else "CW"


COMPANIES = tuple(
    Company(*row)
    for row in (
        ("NVIDIA CORP", "US67066G1040", "NVDA"), ("VISA INC", "US92826C8394", "V"),
        ("COSTCO WHOLESALE CORP", "US22160K1051", "COST"), ("ACCENTURE PLC", "IE00B4BNMY34", "ACN", "US"),
        ("CHUBB LTD", "CH0044328745", "CB", "US"), ("MEDTRONIC PLC", "IE00BTN1Y115", "MDT", "US"),
        ("BERKSHIRE HATHAWAY INC", "US0846707026", "BRK.B"), ("TESLA INC", "US88160R1014", "TSLA"),
        ("LINDE PLC", "IE00BZ12WP82", "LIN", "GB"), ("NXP SEMICONDUCTORS NV", "NL0009538784", "NXPI"),
        ("SCHLUMBERGER NV", "AN8068571086", "SLB", "US"), ("INTEL CORP", "US4581401001", "INTC"),
        ("CISCO SYSTEMS INC", "US17275R1023", "CSCO"), ("NEWMONT CORP", "US6516391066", "NEM"),
        ("ADOBE INC", "US00724F1012", "ADBE"), ("TEXAS INSTRUMENTS INC", "US8825081040", "TXN"),
        ("MCDONALDS CORP", "US5801351017", "MCD"), ("NIKE INC", "US6541061031", "NKE"),
        ("AT&T INC", "US00206R1023", "T"), ("INTL BUSINESS MACHINES CORP", "US4592001014", "IBM"),
    )
)  # fmt: skip
"""Companies that the demo's instrument master does not have."""

TREASURIES = (
    ("US TREASURY 1 1/2 02/15/25 (SIMULATED)", "US00099G0150", Decimal("0.015"), date(2025, 2, 15)),
    ("US TREASURY 2 1/4 08/15/27 (SIMULATED)", "US00099G0234", Decimal("0.0225"), date(2027, 8, 15)),
    ("US TREASURY 1 1/8 02/15/31 (SIMULATED)", "US00099G0317", Decimal("0.01125"), date(2031, 2, 15)),
    ("US TREASURY 3 05/15/42 (SIMULATED)", "US00099G0499", Decimal("0.03"), date(2042, 5, 15)),
)
"""Government bonds beside the demo's own: title, ISIN, coupon, maturity."""

BONDS = (
    ("APPLE INC", "APPLE INC 2.4 05/03/29 (SIMULATED)", "US00099D0120", Decimal("0.024"), date(2029, 5, 3)),
    ("MICROSOFT CORP", "MICROSOFT 3.3 02/06/27 (SIMULATED)", "US00099D0203", Decimal("0.033"), date(2027, 2, 6)),
    ("JPMORGAN CHASE & CO", "JPMORGAN 3.2 06/15/26 (SIMULATED)", "US00099D0385", Decimal("0.032"), date(2026, 6, 15)),
    ("BANK OF AMERICA CORP", "BANK OF AMERICA 3.5 04/19/26 (SIMULATED)", "US00099D0468", Decimal("0.035"),
     date(2026, 4, 19)),
    ("EXXON MOBIL CORP", "EXXON MOBIL 2.6 10/15/30 (SIMULATED)", "US00099D0534", Decimal("0.026"), date(2030, 10, 15)),
    ("PFIZER INC", "PFIZER 2.6 04/01/30 (SIMULATED)", "US00099D0617", Decimal("0.026"), date(2030, 4, 1)),
    ("INTEL CORP", "INTEL 3.9 03/25/30 (SIMULATED)", "US00099D0799", Decimal("0.039"), date(2030, 3, 25)),
    ("AT&T INC", "AT&T 2.75 06/01/31 (SIMULATED)", "US00099D0872", Decimal("0.0275"), date(2031, 6, 1)),
)  # fmt: skip
"""Corporate bonds: issuer, title, ISIN, coupon, maturity."""


def lei(name: str) -> str:
    """A made-up LEI with right check digits (ISO 17442), the same for the same name; no office gives out 9999."""
    body = "9999" + hashlib.sha256(name.encode()).hexdigest()[:14].upper()
    number = int("".join(str(int(sign, 36)) for sign in f"{body}00"))
    return f"{body}{98 - number % 97:02}"
