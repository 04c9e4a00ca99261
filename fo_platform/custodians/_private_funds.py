"""Columns of capital accounts and of call and distribution notices, and how they tie. Files do not belong here.

A fund states what it takes either as a positive number that is deducted or, as the industry's template does, as a
negative one that is added. A row is read the way in which it ties; stored is the first.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from fo_platform.custodians._cells import currency, day, not_negative, one_of, text
from fo_platform.custodians._numbers import EXACT, add
from fo_platform.custodians._tables import Column, Layout, Table, summed
from fo_platform.custodians.records import Control
from fo_platform.units import plain

Fields = dict[str, str]

_FUND = (
    Column("account", "investor|account|investor id|investor name|limited partner|lp|lp name|our account|entity", text),
    Column("fund_id_source", "fund id|fund code|fund number|partnership id", text),
    Column("fund_name", "fund|fund name|partnership|partnership name|investment|vehicle", text),
    Column("currency", "currency|ccy|reporting currency|fund currency", currency),
    summed("commitment", "commitment|total commitment|capital commitment|lp commitment", not_negative),
)  # fmt: skip

_NAV_ROLL = (
    summed("nav_begin", "beginning nav|opening nav|begin nav|beginning balance|opening balance|beginning capital|"
           "beginning capital balance|nav beginning of period|opening capital|beginning net asset value"),
    summed("contributions", "contributions|capital contributions|paid in|capital called in period|drawdowns"),
    summed("distributions", "distributions|total distributions|distributions in period"),
    summed("distributions_return_of_capital", "return of capital|distributions return of capital|"
           "distribution return of capital|roc"),
    summed("distributions_gain", "gain distributions|distributions gain|distributions of gain|"
           "realised gain distributed|realized gain distributed|distributions capital gain"),
    summed("distributions_income", "income distributions|distributions income|distributions of income"),
    summed("distributions_recallable", "recallable distributions|distributions recallable|of which recallable"),
    summed("management_fee", "management fee|management fees|net management fee|management fees net|"
           "management fees net of offset|management fees net of offsets"),
    summed("management_fee_gross", "management fee gross|gross management fee|management fees gross|"
           "management fees gross of offsets"),
    summed("management_fee_offset", "management fee offset|fee offset|offset|management fees offset|fee offsets|"
           "management fee offsets"),
    summed("expenses", "expenses|partnership expenses|fund expenses|total expenses|other expenses"),
    summed("carried_interest", "accrued carry|carry|carried interest|accrued carried interest|incentive allocation|"
           "accrued incentive allocation|change in accrued carry|incentive fee|performance fee"),
    summed("realised_gain", "realised|realized|realised gain|realized gain|realised gain loss|realized gain loss|"
           "net realized gain loss|net realised gain loss|realised gains|realized gains"),
    summed("unrealised_gain", "unrealised|unrealized|unrealised gain|unrealized gain|unrealised gain loss|"
           "unrealized gain loss|change in unrealized|change in unrealised|net unrealized gain loss|"
           "change in unrealized gain loss|change in unrealised gain loss"),
    summed("nav_end", "ending nav|closing nav|end nav|ending balance|closing balance|ending capital|nav end of period|"
           "ending capital balance|closing capital|ending net asset value"),
)  # fmt: skip

CAPITAL_ACCOUNT = Table(
    "capital account",
    (
        *_FUND,
        Column("period_start", "period start|period begin|from|start date|period beginning|beginning date", day),
        Column("nav_date", "period end|as of|nav date|to|end date|valuation date|period ending|as of date|ending date",
               day),
        *_NAV_ROLL,
        summed("called", "called|called itd|capital called|cumulative contributions|contributions itd|called to date|"
               "contributions since inception|capital called to date", not_negative),
        summed("distributed", "distributed|distributed itd|cumulative distributions|distributions itd|"
               "distributed to date|distributions since inception", not_negative),
        summed("recallable", "recallable|recallable itd|cumulative recallable|recallable distributions itd|"
               "recallable to date|recallable distributions since inception", not_negative),
        summed("unfunded", "unfunded|unfunded commitment|remaining commitment|ending unfunded commitment|"
               "open commitment|undrawn commitment"),
    ),
    core=("nav_begin", "contributions", "nav_end"),
    needed=("account", "currency", "nav_date", "nav_begin", "nav_end"),
    key=("account", "fund_id_source", "fund_name", "nav_date"),
)  # fmt: skip

_PARTS = {
    "call": (
        summed("call_investments", "investments|call for investments|capital for investments|investment"),
        summed("call_management_fee", "management fee|management fees|call for management fees"),
        summed("call_expenses", "expenses|partnership expenses|fund expenses|call for expenses|organizational costs|"
               "organisational costs"),
        summed("call_other", "other|other call|working capital|call for other"),
        summed("call_outside_fund", "outside fund|outside fund subtotal|outside fund call|subtotal outside fund|"
               "total outside fund"),
    ),
    "distribution": (
        summed("distribution_return_of_capital", "return of capital|roc"),
        summed("distribution_gain", "gain|capital gain|realised gain|realized gain|gains"),
        summed("distribution_income", "income|dividends and interest|ordinary income|income distribution"),
        summed("distribution_carry", "carry|carried interest|carried interest paid"),
        summed("distribution_withholding", "withholding|withholding tax|tax withheld"),
        summed("distribution_outside_fund", "outside fund distribution|distribution outside fund"),
    ),
}  # fmt: skip

NOTICE = Table(
    "capital notice",
    (
        *_FUND,
        Column("notice_id", "notice id|notice|notice number|notice no|reference|transaction id", text),
        Column("notice_type", "notice type|type|transaction type",
               one_of(call="capital_call|drawdown|contribution|capital_call_notice",
                      distribution="capital_distribution|distribution_notice|dist")),
        Column("notice_date", "notice date|date of notice|issue date|date", day),
        Column("due_date", "due date|payment date|value date|funding date|due", day),
        summed("amount", "total|amount|total amount|total call|call amount|amount due|total due|total distribution|"
               "distribution amount|net amount", not_negative),
        *_PARTS["call"],
        *_PARTS["distribution"],
        summed("inside_fund", "inside fund|inside fund subtotal|subtotal inside fund|total inside fund"),
        summed("outside_commitment", "outside commitment|not reducing unfunded|call outside commitment"),
        summed("recallable", "recallable|recallable amount|recallable distribution|of which recallable|"
               "increase in unfunded", not_negative),
        summed("unfunded_before", "unfunded before|unfunded commitment before|beginning unfunded commitment|"
               "unfunded before notice|beginning unfunded"),
        summed("unfunded_after", "unfunded after|unfunded commitment after|ending unfunded commitment|"
               "unfunded after notice|remaining unfunded|ending unfunded|remaining commitment"),
    ),
    core=("notice_id", "due_date", "amount"),
    needed=("account", "currency", "notice_id", "notice_type", "notice_date", "due_date", "amount"),
    key=("account", "notice_id"),
)  # fmt: skip

_VERSIONS = ("1", "1.0", "1.1", "2", "2.0")
ACCOUNTS = Layout(
    (CAPITAL_ACCOUNT,),
    dict.fromkeys(("ilpa capital account statement", "capital account statement", "partner s capital account"), {}),
    _VERSIONS,
)
NOTICES = Layout(
    (NOTICE,),
    {
        "ilpa capital call and distribution notice": {},
        "ilpa capital call & distribution notice": {},
        "capital call & distribution template": {},
        "capital call notice": {"notice_type": "call"},
        "distribution notice": {"notice_type": "distribution"},
        "capital distribution notice": {"notice_type": "distribution"},
    },
    _VERSIONS,
)

_DEDUCTED = ("distributions", "management_fee", "expenses", "carried_interest")
_PAID_OUT = (
    "distributions_return_of_capital",
    "distributions_gain",
    "distributions_income",
    "distributions_recallable",
)
_TURNED = (*_DEDUCTED, *_PAID_OUT, "management_fee_gross")
_ADDED = ("contributions", "realised_gain", "unrealised_gain")


def capital_account(stated: Mapping[str, str]) -> tuple[Fields, list[Control]]:
    """A row of a capital account as fields, and the sums that it must satisfy."""
    fields = _named(stated)
    fields, fee = _net_fee(fields)
    fields, paid = _paid_out(fields)
    return _deducted(fields), [*fee, *paid, _rolled(_deducted(fields)), *unfunded(fields)]


def notice(stated: Mapping[str, str]) -> tuple[Fields, list[Control]]:
    """A notice as fields, and the sums that it must satisfy."""
    fields = _named(stated)
    parts = [column.name for column in _PARTS[fields["notice_type"]]]
    name = fields["notice_id"]
    controls = []
    if any(part in fields for part in parts):
        controls.append(_control(f"parts of notice {name}", fields["amount"], _sum(fields, parts)))
    if "inside_fund" in fields:
        inside = _sum(fields, [part for part in parts if not part.endswith("outside_fund")])
        controls.append(_control(f"inside fund of notice {name}", fields["inside_fund"], inside))
    if "unfunded_before" in fields and "unfunded_after" in fields:
        controls.append(_control(f"unfunded after notice {name}", fields["unfunded_after"], _left(fields)))
    return fields, controls


def _left(fields: Fields) -> Decimal:
    """What stays unfunded: a call takes from it what is within the commitment, and what may be recalled returns."""
    before, recallable = _sum(fields, ["unfunded_before"]), _sum(fields, ["recallable"])
    called = _sum(fields, ["amount"]) if fields["notice_type"] == "call" else Decimal(0)
    return add((before, -called, _sum(fields, ["outside_commitment"]), recallable))


def _named(stated: Mapping[str, str]) -> Fields:
    """The fund by whatever names it."""
    if "fund_id_source" not in stated and "fund_name" not in stated:
        raise ValueError("fund is blank")
    return {"fund_id_source": stated.get("fund_name", ""), **stated}


def _net_fee(fields: Fields) -> tuple[Fields, list[Control]]:
    """The management fee after its offset, which reduces it whichever sign it is written with."""
    if "management_fee_gross" not in fields:
        return fields, []
    gross, offset = _sum(fields, ["management_fee_gross"]), abs(_sum(fields, ["management_fee_offset"]))
    net = EXACT.subtract(gross, offset) if gross >= 0 else EXACT.add(gross, offset)
    if "management_fee" in fields:
        return fields, [_control(f"net management fee {_label(fields)}", fields["management_fee"], net)]
    return {**fields, "management_fee": plain(net)}, []


def _paid_out(fields: Fields) -> tuple[Fields, list[Control]]:
    """Distributions as the sum of their parts; what is recallable is a part of its own, or of the others."""
    parts = [name for name in _PAID_OUT if name in fields]
    sums = [plain(_sum(fields, names)) for names in (parts, _PAID_OUT[:-1])]
    if "distributions" not in fields:
        read = [{**fields, "distributions": whole} for whole in sums]
        return next((way for way in read if _rolled(_deducted(way)).ok), read[0]) if parts else fields, []
    if not set(parts) & set(_PAID_OUT[:-1]):
        return fields, []
    stated = fields["distributions"]
    return fields, [_control(f"distributions {_label(fields)}", stated, Decimal(stated if stated in sums else sums[0]))]


def _deducted(fields: Fields) -> Fields:
    """The row with what was deducted as positive numbers, whichever way it is written in which the row ties."""
    turned = {name: plain(-Decimal(fields[name])) for name in _TURNED if name in fields}
    other = {**fields, **turned}
    is_signed = any(fields.get(name, "").startswith("-") for name in _DEDUCTED)
    return other if is_signed and not _rolled(fields).ok and _rolled(other).ok else fields


def _rolled(fields: Fields) -> Control:
    added, deducted = _sum(fields, ("nav_begin", *_ADDED)), _sum(fields, _DEDUCTED)
    return _control(f"NAV {_label(fields)}", fields["nav_end"], EXACT.subtract(added, deducted))


def unfunded(fields: Fields) -> list[Control]:
    """What stays of a commitment, where all that it follows from is stated."""
    if not {"commitment", "called", "unfunded"} <= fields.keys():
        return []
    left = add((_sum(fields, ["commitment"]), -_sum(fields, ["called"]), _sum(fields, ["recallable"])))
    return [_control(f"unfunded {_label(fields)}", fields["unfunded"], left)]


def _label(fields: Fields) -> str:
    return f"{fields['fund_id_source']} {fields['nav_date']}"


def _sum(fields: Fields, names: Iterable[str]) -> Decimal:
    return add(Decimal(fields[name]) for name in names if name in fields)


def _control(name: str, expected: str, actual: Decimal) -> Control:
    return Control(name, expected, plain(actual), Decimal(expected) == actual)
