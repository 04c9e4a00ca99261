"""Columns of what accounting and performance systems export: balances, fees, returns. Files do not belong here."""

from fo_platform.custodians._cells import currency, day, fraction, one_of, percent, text
from fo_platform.custodians._declared import liabilities
from fo_platform.custodians._tables import Column, Layout, Table, summed

_ENTITY = Column(
    "account", "entity|account of entity|company|book|legal entity|our account|account|portfolio|owner", text
)
_CURRENCY = Column("currency", "currency|ccy", currency)
_KINDS = one_of(
    asset="assets|a", liability="liabilities|l", equity="capital|e", income="revenue|revenues|i",
    expense="expenses|cost|costs|x",
)  # fmt: skip

BALANCES = Table(
    "trial balance",
    (
        Column("account", "entity|company|book|legal entity|our account|owner|entity id", text),
        Column(
            "ledger_account", "ledger account|account number|account no|account code|gl account|gl code|account", text
        ),
        Column("description", "name|account name|description|title", text),
        Column("ledger_account_kind", "kind|account kind|account type|type|class", _KINDS),
        _CURRENCY,
        summed("debit", "debit|debits|debit balance|dr"),
        summed("credit", "credit|credits|credit balance|cr"),
        Column("balance_date", "as of|as of date|date|period end|balance date", day),
    ),
    core=("ledger_account", "debit", "credit"),
    needed=("account", "ledger_account", "ledger_account_kind", "currency", "balance_date"),
)

FEES = Table(
    "fees",
    (
        _ENTITY,
        Column("fee_id_source", "fee id|fee|invoice|invoice number|fee number|invoice no", text),
        Column("description", "description|payee|provider|charged by", text),
        Column("fee_kind", "kind|fee kind|fee type|type",
               one_of(management="management_fee|advisory|investment_management", custody="custody_fee|safekeeping",
                      performance="performance_fee|incentive|carried_interest",
                      administration="administration_fee|accounting|audit|admin", other="legal|bank_charges")),
        Column("period_start", "period start|from|period from", day),
        Column("period_end", "period end|to|period to", day),
        Column("charged_date", "charged|charged date|date charged|invoice date|charged on|booking date", day),
        _CURRENCY,
        summed("amount", "amount|fee amount|amount charged|net amount"),
    ),
    core=("fee_id_source", "charged_date", "amount"),
    needed=("account", "fee_id_source", "fee_kind", "charged_date", "amount", "currency"),
    key=("account", "fee_id_source"),
)  # fmt: skip

PERFORMANCE = Table(
    "performance",
    (
        Column("account", "account|entity|investor|our account|owner", text),
        Column("portfolio_id_source", "portfolio|portfolio id|portfolio code|composite", text),
        _CURRENCY,
        Column("period_start", "period start|from|start date|begin date", day),
        Column("period_end", "period end|to|end date|as of|as of date", day),
        summed("nav_begin", "begin nav|beginning nav|opening nav|beginning market value|begin market value|bmv"),
        summed("net_flow", "net flows|net flow|flows|net contributions|external flows"),
        summed("gain", "gain|gain loss|profit|profit and loss|total gain"),
        summed("nav_end", "end nav|ending nav|closing nav|ending market value|end market value|emv"),
        Column("return_period", "return|period return|twr|time weighted return|net return", fraction),
        Column("return_period", "return %|period return %|twr %|net return %|return pct", percent),
    ),
    core=("portfolio_id_source", "period_end", "return_period"),
    needed=("portfolio_id_source", "currency", "period_start", "period_end", "nav_begin", "nav_end", "return_period"),
    key=("portfolio_id_source", "period_start", "period_end"),
)

BENCHMARKS = Table(
    "benchmarks",
    (
        Column("benchmark_id", "benchmark|benchmark id|index|index id|benchmark code", text),
        Column("benchmark_name", "benchmark name|index name|name", text),
        Column("return_date", "date|return date|as of|day", day),
        Column("return_1d", "return|daily return|return 1d|1d return|total return", fraction),
        Column("return_1d", "return %|daily return %|1d return %|total return %", percent),
        _CURRENCY,
    ),
    core=("benchmark_id", "return_date", "return_1d"),
    needed=("benchmark_id", "return_date", "return_1d"),
    key=("benchmark_id", "return_date"),
)

LEDGER = Layout(
    (BALANCES, liabilities(needs_total=False), FEES),
    dict.fromkeys(("trial balance", "ledger balances", "liabilities and fees"), {}),
)
RETURNS = Layout(
    (PERFORMANCE, BENCHMARKS), dict.fromkeys(("performance export", "portfolio performance", "benchmark returns"), {})
)
