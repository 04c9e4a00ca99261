"""Columns of what an office values and owes by its own or an expert's statement. Files do not belong here.

The same liabilities are stated by accounting and by owners.
"""

from fo_platform.custodians._cells import (
    amount,
    currency,
    day,
    fraction,
    not_negative,
    one_of,
    percent,
    percent_share,
    share,
    text,
)
from fo_platform.custodians._tables import Column, Layout, Table, summed

_OWNER = Column("account", "owner|account|entity|investor|owning entity|legal entity|holder|our account", text)
_CURRENCY = Column("currency", "currency|ccy", currency)
_SHARES = (
    Column("ownership_share", "ownership|ownership share|share|interest held|ownership interest", share),
    Column("ownership_share", "ownership %|% ownership|ownership percent|ownership pct|% owned|share %", percent_share),
)

APPRAISALS = Table(
    "appraisal",
    (
        _OWNER,
        Column("asset_id_source", "property id|property|asset id|property code|property number|object id", text),
        Column("description", "description|property name|name|address|property description", text),
        Column("appraisal_date", "appraisal date|valuation date|date of appraisal|date of valuation", day),
        summed("market_value", "value|appraised value|market value|fair value|appraisal value|valuation", not_negative),
        _CURRENCY,
        *_SHARES,
        summed("debt", "debt|mortgage|mortgage debt|loan balance|outstanding debt", not_negative),
        Column("method", "method|valuation method|basis|approach|appraisal method",
               one_of(appraisal="external_appraisal|appraised|external", cost="at_cost|acquisition_cost",
                      index_roll="index|index_roll_forward|indexed|roll_forward")),
        summed("net_operating_income", "noi|net operating income|annual noi"),
    ),
    core=("asset_id_source", "appraisal_date", "market_value"),
    needed=("account", "asset_id_source", "appraisal_date", "market_value", "currency"),
    key=("account", "asset_id_source", "appraisal_date"),
)  # fmt: skip

_LIABILITY_COLUMNS = (
    _OWNER,
    Column("liability_id_source", "liability id|loan id|liability|loan number|facility|facility id|loan", text),
    Column("description", "description|lender|name|liability name", text),
    Column("liability_kind", "kind|liability kind|liability type|type",
           one_of(mortgage="mortgage_loan|mortgage_debt", loan="bank_loan|term_loan|credit_line|lombard_loan",
                  margin="margin_loan|margin_debit", tax="tax_payable|taxes|deferred_tax|taxes_payable",
                  accrued="accrued_expense|accrued_expenses|accruals", other="payable|other_liability")),
    _CURRENCY,
    summed("amount", "balance|outstanding|amount|outstanding balance|principal|principal outstanding|amount owed",
           not_negative),
    Column("interest_rate", "rate|interest rate|interest", fraction),
    Column("interest_rate", "rate %|interest rate %|interest %|rate percent|interest rate percent", percent),
    Column("maturity_date", "maturity|maturity date|due date|final maturity", day),
    Column("as_of_date", "as of|as of date|date|balance date|statement date|period end", day),
)  # fmt: skip


def liabilities(*, needs_total: bool) -> Table:
    """What is owed, one row a liability, with a row of totals or without."""
    return Table(
        "liabilities",
        _LIABILITY_COLUMNS,
        core=("liability_id_source", "amount"),
        needed=("account", "liability_id_source", "liability_kind", "amount", "currency", "as_of_date"),
        key=("account", "liability_id_source", "as_of_date"),
        identifies=False,
        needs_total=needs_total,
    )


HOLDINGS = Table(
    "holdings",
    (
        _OWNER,
        Column("asset_id_source", "asset|asset id|holding|holding id|asset code", text),
        Column("description", "description|name|asset name", text),
        Column("asset_class", "class|asset class|category|asset category", text),
        Column("quantity", "quantity|units|number|shares", amount),
        summed("market_value", "value|market value|declared value|fair value|estimated value", not_negative),
        _CURRENCY,
        Column("appraisal_date", "as of|as of date|date|value date|valuation date|declared on", day),
        *_SHARES,
        Column("isin", "isin", text),
    ),
    core=("asset_id_source", "asset_class"),
    needed=("account", "asset_id_source", "asset_class", "currency", "appraisal_date"),
    key=("account", "asset_id_source", "appraisal_date"),
    needs_total=True,
)  # fmt: skip

COMMITMENTS = Table(
    "commitments",
    (
        _OWNER,
        Column("fund_id_source", "fund id|fund code", text),
        Column("fund_name", "fund|fund name|partnership", text),
        _CURRENCY,
        Column("nav_date", "as of|as of date|date|nav date|declared on", day),
        summed("commitment", "commitment|total commitment|committed", not_negative),
        summed("called", "called|capital called|paid in|called to date", not_negative),
        summed("distributed", "distributed|distributions|distributed to date", not_negative),
        summed("recallable", "recallable", not_negative),
        summed("unfunded", "unfunded|unfunded commitment|remaining commitment"),
        summed("nav_end", "nav|value|ending nav|fair value"),
    ),
    core=("fund_name", "commitment", "unfunded"),
    needed=("account", "fund_name", "currency", "nav_date", "commitment", "called", "unfunded"),
    key=("account", "fund_id_source", "fund_name", "nav_date"),
    identifies=False,
    needs_total=True,
)  # fmt: skip

APPRAISAL = Layout((APPRAISALS,), dict.fromkeys(("property appraisals", "appraisals", "real estate appraisals"), {}))
OWNER = Layout(
    (HOLDINGS, liabilities(needs_total=True), COMMITMENTS),
    dict.fromkeys(("owner workbook", "owner declaration", "declared assets and liabilities"), {}),
    is_workbook=True,
)
