"""Fees against tariffs once more, from the list of charges outwards."""

from collections import defaultdict

import pandas as pd

from fo_platform_tests.analytics.second._liquidity import today

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


def second(read) -> pd.DataFrame:
    """What was charged of every period on the books, and what it should have been where that needs no history."""
    day = today(read)
    tariffs = read("policy.fee_tariffs").sort_values("tier_from_local").to_dict("records")
    commitments = read("book.private_capital").set_index("fund_id")["commitment_local"].to_dict()
    made = _made(read, tariffs)
    rows = []
    for row in read("analytics.fee_analysis").to_dict("records"):
        key = tuple(row[name] for name in KEY)
        tariff = _tariff(tariffs, row["provider"], row["layer"], row["entity_id"], row["account_id"])
        expected = _expected(tariff, commitments) if tariff else None
        carried = row["fee_expected_local"] if expected is None else expected
        charged = made.pop(key, float("nan"))
        assert row["period_end"] > day - pd.Timedelta(days=365)
        rows.append(dict(zip(KEY, key, strict=True)) | {"fee_expected_local": carried, "fee_charged_local": charged})
    assert not made, "a charge is missing from the table"
    frame = pd.DataFrame(rows)
    return frame.assign(fee_difference_local=frame["fee_charged_local"] - frame["fee_expected_local"])


KEY = ["entity_id", "provider", "account_id", "layer", "period_start", "currency"]


def _made(read, tariffs):
    accounts = read("policy.accounts").set_index("account_id")["custodian"].to_dict()
    funds = read("book.private_capital").set_index("fund_name")["fund_id"].to_dict()
    providers = {tariff["provider"] for tariff in tariffs}
    made = defaultdict(float)
    for fee in read("book.fees").itertuples():
        provider, account = accounts[fee.account_id], fee.account_id
        if provider not in providers and pd.notna(fee.description):
            provider, account = f"FUND.{funds[fee.description]}" if fee.description in funds else fee.description, "*"
        start = fee.period_start
        if pd.isna(start):
            tariff = _tariff(tariffs, provider, fee.fee_kind, fee.entity_id, account)
            length = MONTHS[tariff["fee_period"]] if tariff else 1
            month = (fee.charged_date.month - 1) // length * length + 1
            start = pd.Timestamp(fee.charged_date.year, month, 1)
        made[fee.entity_id, provider, account, fee.fee_kind, start, fee.currency] += fee.fee_local
    return dict(made)


def _tariff(tariffs, provider, layer, entity, account):
    """The first tier of the most specific tariff; the demo's tariffs have one date each."""
    fitting = [
        row
        for row in tariffs
        if (row["provider"], row["layer"]) == (provider, layer)
        and row["entity_id"] in (entity, "*")
        and row["account_id"] in (account, "*")
    ]
    ranked = sorted(fitting, key=lambda row: (row["account_id"] == "*", row["entity_id"] == "*"))
    if not ranked:
        return None
    best = ranked[0]
    same = [row for row in fitting if all(row[n] == best[n] for n in ("account_id", "entity_id"))]
    return best | {"tiers": [(row["tier_from_local"], row["fee_rate"]) for row in same]}


def _expected(tariff, commitments):
    """A charge that needs no history: flat, of a commitment, or of an agreed value; otherwise None."""
    part = MONTHS[tariff["fee_period"]] / 12
    if tariff["fee_basis"] == "flat":
        return tariff["fee_rate"]
    if tariff["fee_basis"] == "bps_of_commitment":
        return round(commitments[tariff["provider"].removeprefix("FUND.")] * tariff["fee_rate"] / 10_000 * part, 2)
    if tariff["fee_basis"] == "bps_of_value" and pd.notna(tariff["agreed_value_local"]):
        value, fee = tariff["agreed_value_local"], 0.0
        tops = [start for start, _ in tariff["tiers"][1:]] + [float("inf")]
        for (start, rate), top in zip(tariff["tiers"], tops, strict=True):
            fee += max(min(value, top) - start, 0.0) * rate / 10_000
        return round(max(fee * part, tariff["minimum_local"]), 2)
    return None
