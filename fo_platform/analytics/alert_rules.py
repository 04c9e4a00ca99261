"""Alert rules: what a person must look at, how badly, and what to do. Finding who is affected does not belong here."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warn", "critical"]


@dataclass(frozen=True)
class Rule:
    """One rule: `title` says what is wrong, `remedy` what to do, both halves of one sentence.

    is_worst: whether the alert's value is the worst of its findings instead of their sum.
    """

    severity: Severity
    unit: str
    title: str
    remedy: str
    is_worst: bool = False


RULES: dict[str, Rule] = {
    "delivery_missing": Rule("critical", "deliveries", "Nothing arrived from", "ask the source to send what was due"),
    "delivery_late": Rule("warn", "deliveries", "Late from", "see that it is in, or ask the source when it comes"),
    "delivery_duplicate": Rule("warn", "deliveries", "Nothing new arrived from", "ask the source to send what was due"),
    "delivery_out_of_order": Rule(
        "warn", "deliveries", "Only an older statement arrived from", "ask the source to send what was due"
    ),
    "delivery_incomplete": Rule(
        "critical", "deliveries", "Pages are missing from", "ask the source for the other pages"
    ),
    "delivery_quarantined": Rule(
        "critical", "deliveries", "Quarantined from", "ask the source for a whole and valid file"
    ),
    "stale_holdings": Rule(
        "warn", "fraction of NAV", "Stale statement or price of", "obtain the delivery that they wait for"
    ),
    "unpriced_holdings": Rule(
        "critical", "holdings", "Left out of net worth for want of a price:", "have a price delivered"
    ),
    "open_breaks_critical": Rule("critical", "breaks", "Critical breaks on", "settle them before anything is traded"),
    "open_breaks_warn": Rule("warn", "breaks", "Breaks on", "settle them with the custodian"),
    "open_breaks_info": Rule("info", "breaks", "Small breaks on", "see that they close"),
    "drift_breach": Rule(
        "warn", "fraction", "Beyond the drift limit:", "read the evaluation and decide", is_worst=True
    ),
    "hard_limit_breach": Rule(
        "critical", "fraction of NAV", "Outside hard limits:", "rebalance or have the limits changed", is_worst=True
    ),
    "issuer_concentration": Rule(
        "warn", "fraction of NAV", "Above the issuer limit:", "reduce it or have the limit changed", is_worst=True
    ),
}
