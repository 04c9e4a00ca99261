"""What funds report that they own: leaves with weights, issuers and places. Adding them up belongs to look_through."""

import pandas as pd

from fo_platform import ids
from fo_platform.analytics.allocation import CASH
from fo_platform.analytics.scopes import TEXT
from fo_platform.once import once

MONEY_MARKET = "STIV"
"""N-PORT's category of what a fund keeps instead of cash: short-term investment vehicles."""

ATTRIBUTES = ["instrument_id", "leaf_name", "issuer_id", "asset_class", "country", "country_domicile", "currency_risk"]
"""What is told of a leaf, where it is known."""


@once
def reported(fund_holdings: pd.DataFrame) -> pd.DataFrame:
    """Lines of the newest report of every fund that is an instrument of ours, each with its leaf_id.

    fund_holdings: reference.FundHoldings. A leaf is known by our instrument, else as ISIN.<isin>, CUSIP.<cusip>, or
    NAME.<digest of what the report says of it>.
    """
    funds = fund_holdings[["fund_instrument_id", "report_date", "fund_id"]].drop_duplicates().dropna()
    newest = funds.sort_values(["report_date", "fund_id"]).drop_duplicates("fund_instrument_id", keep="last")
    lines = fund_holdings[fund_holdings["fund_id"].isin(newest["fund_id"])]
    best = lines["instrument_id"].fillna("ISIN." + lines["isin"]).fillna("CUSIP." + lines["cusip"])
    said = lines.loc[best.isna(), ["description", "lei", "country"]].fillna("")
    digests = ["NAME." + ids.short_id(*row) for row in said.itertuples(index=False)]
    return lines.assign(leaf_id=best.fillna(pd.Series(digests, index=said.index, dtype=TEXT)))


def owned_weights(lines: pd.DataFrame) -> pd.DataFrame:
    """What every fund owns: fund_id and instrument_id as ours, weight over the fund's NAV, and report_date.

    lines: as of `reported`. A line without a weight has that of its value over the NAV that the other lines imply; of a
    report without any weight the values make up all of NAV.
    """
    value = lines["market_value_local"]
    stated = pd.DataFrame({"weight": lines["weight"], "value": value.where(lines["weight"].notna()), "whole": value})
    sums = stated.groupby(lines["fund_id"]).transform("sum")
    nav = (sums["value"] / sums["weight"]).where(sums["weight"] != 0, sums["whole"])
    owned = pd.DataFrame(
        {
            "fund_id": lines["fund_instrument_id"],
            "instrument_id": lines["leaf_id"],
            "weight": lines["weight"].fillna(value / nav),
            "report_date": lines["report_date"],
        }
    )
    return owned[owned["weight"].notna()]


def oldest_reports(owned: pd.DataFrame) -> pd.Series:
    """Day of the oldest report that looking through a fund rests on, its own or of a fund in it; by fund.

    owned: as of `owned_weights`, without funds that own themselves.
    """
    oldest = owned.drop_duplicates("fund_id").set_index("fund_id")["report_date"]
    inside = owned[owned["instrument_id"].isin(oldest.index)]
    while True:
        below = inside["instrument_id"].map(oldest).groupby(inside["fund_id"]).min().reindex(oldest.index)
        older = below.where(below < oldest, oldest)
        if older.equals(oldest):
            return oldest
        oldest = older


def leaf_attributes(lines: pd.DataFrame, instruments: pd.DataFrame, identifiers: pd.DataFrame) -> pd.DataFrame:
    """What is known of every leaf, one row each, with index leaf_id and columns ATTRIBUTES; the master's word is first.

    lines: as of `reported`. identifiers: those in force. The issuer of a leaf outside the master is the one whose LEI
    it states, or LEI.<lei> where no instrument of ours has it; an instrument's domicile is the country of its ISIN.
    """
    known = pd.concat([_of_master(instruments, identifiers), _of_reports(lines, instruments, identifiers)])
    return known[~known.index.duplicated()]


def _of_master(instruments: pd.DataFrame, identifiers: pd.DataFrame) -> pd.DataFrame:
    isins = identifiers[identifiers["id_type"] == "ISIN"].drop_duplicates("instrument_id").set_index("instrument_id")
    domicile = instruments["instrument_id"].map(isins["id_value"].str[:2]).astype(TEXT).fillna(instruments["country"])
    named = instruments.assign(leaf_name=instruments["instrument_name"], country_domicile=domicile)
    return named.set_index(named["instrument_id"].rename("leaf_id"))[ATTRIBUTES]


def _of_reports(lines: pd.DataFrame, instruments: pd.DataFrame, identifiers: pd.DataFrame) -> pd.DataFrame:
    issuers = lines["lei"].map(_issuers_by_lei(lines, instruments, identifiers)).astype(TEXT)
    named = lines.assign(
        leaf_name=lines["description"],
        issuer_id=issuers.fillna("LEI." + lines["lei"]),
        asset_class=pd.Series(CASH, lines.index, dtype=TEXT).where(lines["asset_category"] == MONEY_MARKET),
    )
    return named.set_index("leaf_id")[ATTRIBUTES]


def _issuers_by_lei(lines: pd.DataFrame, instruments: pd.DataFrame, identifiers: pd.DataFrame) -> pd.Series:
    """Issuer of an LEI that instruments of ours have, by identifiers or by what funds report; none where it has two."""
    named = identifiers[identifiers["id_type"] == "LEI"].rename(columns={"id_value": "lei"})
    columns = ["lei", "instrument_id"]
    pairs = pd.concat([named[columns], lines[columns]]).drop_duplicates().dropna()
    issuers = pairs["instrument_id"].map(instruments.set_index("instrument_id")["issuer_id"])
    known = pairs.assign(issuer_id=issuers)[["lei", "issuer_id"]].dropna().drop_duplicates()
    return known.drop_duplicates("lei", keep=False).set_index("lei")["issuer_id"]
