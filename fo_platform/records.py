"""Records of every source as typed columns, in the vocabulary of all parsers. Identifying them belongs to book."""

import io

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as arrow_json

from fo_platform import units
from fo_platform.contracts import reference
from fo_platform.contracts._base import Table
from fo_platform.contracts._column import ARROW, Kind

POINTERS = ("file_sha256", "line", "byte_offset")
"""Where in the archive a row was read."""

IDENTIFIERS = ("isin", "cusip", "conid", "valor", "wkn", "sedol", "symbol")
"""Payload keys that may name an instrument, the most reliable first."""

NO_CURRENCY = "XXX"
"""ISO 4217 for no currency: what a record is in that states none."""

_IDENTIFIED: dict[str, Kind] = dict.fromkeys(IDENTIFIERS, "text")


def _stated(contract: type[Table]) -> dict[str, Kind]:
    """Fields of a market data record: the columns of its table, save where it was read."""
    return {name: column.kind for name, (column, _) in contract.fields().items() if name not in POINTERS}


FIELDS: dict[str, dict[str, Kind]] = {
    "position": {
        **_IDENTIFIED,
        "description": "text",
        "quantity": "quantity",
        "quantity_settled": "quantity",
        "quantity_type": "text",
        "price": "price",
        "price_basis": "text",
        "factor": "price",
        "multiplier": "price",
        "currency": "text",
        "market_value": "money",
        "accrued": "money",
        "cost": "money",
        "cost_price": "price",
        "side": "text",
    },
    "lot": {
        **_IDENTIFIED,
        "lot_id": "text",
        "acquired_date": "date",
        "quantity": "quantity",
        "cost": "money",
        "currency": "text",
    },
    "cash": {"currency": "text", "amount": "money", "amount_settled": "money"},
    "transaction": {
        **_IDENTIFIED,
        "kind": "text",
        "date": "date",
        "settle_date": "date",
        "amount": "money",
        "currency": "text",
        "quantity": "quantity",
        "reference": "text",
    },
    "instrument": _stated(reference.Instruments),
    "identifier": _stated(reference.Identifiers),
    "price": _stated(reference.Prices),
    "fx": _stated(reference.FxRates),
    "factor": _stated(reference.FactorReturns),
    "liquidity": _stated(reference.MarketLiquidity),
    "corporate_action": {
        **_IDENTIFIED,
        "description": "text",
        "event_reference": "text",
        "event_type": "text",
        "participation": "text",
        "event_status": "text",
        "ex_date": "date",
        "record_date": "date",
        "pay_date": "date",
        "ratio_new": "price",
        "ratio_old": "price",
        "cash_rate": "price",
        "quantity": "quantity",
        "amount": "money",
        "currency": "text",
    },
    "instruction": {
        **_IDENTIFIED,
        "description": "text",
        "message_type": "text",
        "function": "text",
        "reference": "text",
        "related_reference": "text",
        "movement": "text",
        "payment": "text",
        "status": "text",
        "status_reason": "text",
        "trade_date": "date",
        "settle_date": "date",
        "quantity": "quantity",
        "quantity_type": "text",
        "factor": "price",
        "price": "price",
        "amount": "money",
        "accrued": "money",
        "currency": "text",
    },
    "fund_holding": {
        **_IDENTIFIED,
        "fund_id_source": "text",
        "fund_name": "text",
        "lei": "text",
        "description": "text",
        "asset_category": "text",
        "issuer_category": "text",
        "country": "text",
        "country_other": "text",
        "currency_local": "text",
        "payoff": "text",
        "quantity": "quantity",
        "quantity_type": "text",
        "currency": "text",
        "market_value": "money",
        "weight": "float",
        "maturity_date": "date",
        "coupon_rate": "float",
    },
    "capital_account": {
        "fund_id_source": "text",
        "fund_name": "text",
        "currency": "text",
        "period_start": "date",
        "nav_date": "date",
        "nav_begin": "money",
        "contributions": "money",
        "distributions": "money",
        "management_fee": "money",
        "expenses": "money",
        "carried_interest": "money",
        "realised_gain": "money",
        "unrealised_gain": "money",
        "nav_end": "money",
        "commitment": "money",
        "called": "money",
        "distributed": "money",
        "recallable": "money",
        "unfunded": "money",
    },
    "capital_notice": {
        "fund_id_source": "text",
        "fund_name": "text",
        "notice_id": "text",
        "notice_type": "text",
        "notice_date": "date",
        "due_date": "date",
        "currency": "text",
        "amount": "money",
        "recallable": "money",
        "unfunded_after": "money",
    },
    "appraisal": {
        "asset_id_source": "text",
        "description": "text",
        "appraisal_date": "date",
        "currency": "text",
        "market_value": "money",
        "ownership_share": "float",
        "debt": "money",
        "method": "text",
        "net_operating_income": "money",
    },
    "liability": {
        "liability_id_source": "text",
        "description": "text",
        "liability_kind": "text",
        "currency": "text",
        "amount": "money",
        "interest_rate": "float",
        "maturity_date": "date",
    },
    "fee": {
        "fee_id_source": "text",
        "description": "text",
        "fee_kind": "text",
        "period_start": "date",
        "period_end": "date",
        "charged_date": "date",
        "currency": "text",
        "amount": "money",
    },
    "benchmark": {
        "benchmark_id": "text",
        "benchmark_name": "text",
        "return_date": "date",
        "return_1d": "float",
        "currency": "text",
    },
    "performance": {
        "portfolio_id_source": "text",
        "period_start": "date",
        "period_end": "date",
        "currency": "text",
        "nav_begin": "money",
        "net_flow": "money",
        "nav_end": "money",
        "return_period": "float",
    },
    "ledger_balance": {
        "ledger_account": "text",
        "description": "text",
        "ledger_account_kind": "text",
        "currency": "text",
        "debit": "money",
        "credit": "money",
    },
}
"""What the payload of each kind of record may say, and how it is typed."""


def unpack(raw_records: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Records of one kind, their payload as typed columns; in the order in which they were received.

    raw_records: raw.Record with `source`. A field that a record does not state is unknown; a field that the vocabulary
    does not know is left in the payload. `source` stays the declared source where the payload names none.
    """
    records = raw_records[raw_records["record_kind"] == kind]
    records = records.sort_values(["received_at", "file_sha256", "byte_offset"], kind="stable", ignore_index=True)
    texts = _parsed(records["payload"], list(FIELDS[kind]))
    fields = {name: _typed(texts[name], column) for name, column in FIELDS[kind].items()}
    if "source" in fields:
        fields["source"] = fields["source"].fillna(records["source"])
    return records.drop(columns="payload").assign(**fields)


def _parsed(payloads: pd.Series, names: list[str]) -> pd.DataFrame:
    """The named fields of JSON objects of strings; an empty string is unknown."""
    schema = pa.schema([(name, pa.string()) for name in names])
    text = "\n".join(payloads).encode()
    if not text:
        return _texts(schema.empty_table())
    read = arrow_json.ReadOptions(block_size=len(text) + 1)
    parse = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    return _texts(arrow_json.read_json(io.BytesIO(text), read_options=read, parse_options=parse))


def _texts(table: pa.Table) -> pd.DataFrame:
    nothing = pa.scalar(None, pa.string())
    columns = {name: pc.if_else(pc.equal(table[name], ""), nothing, table[name]) for name in table.column_names}
    texts: pd.DataFrame = pa.table(columns).to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow")}.get)
    return texts


def _typed(texts: pd.Series, kind: Kind) -> pd.Series:
    if pa.types.is_decimal(ARROW[kind]):
        return units.exact(texts, ARROW[kind])
    if kind == "date":
        return pd.to_datetime(texts, format="%Y-%m-%d").astype("datetime64[ns]")
    if kind == "flag":
        return texts.str.lower().isin(["y", "true", "1"]).astype("bool")
    return texts.astype("float64") if kind == "float" else texts
