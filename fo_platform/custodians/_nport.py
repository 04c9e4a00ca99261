"""One holding of a fund's N-PORT report as fields. The fund, its totals and the file do not belong here."""

import re
from decimal import Decimal
from functools import lru_cache

from fo_platform.custodians._iso20022 import decimal, negative, strange_names
from fo_platform.custodians._numbers import EXACT, iso_date
from fo_platform.custodians._xml_plain import Stated
from fo_platform.units import plain

CURRENCY = "USD"
"""Every value of a report is in US dollars, whatever the holding is in."""
MISSING = frozenset({"", "N/A", "NA", "XXXX", "000000000"})

_FIELDS = {
    "title": "description", "name": "issuer_name", "assetCat": "asset_category", "issuerCat": "issuer_category",
    "invCountry": "country", "invOtherCountry": "country_other", "payoffProfile": "payoff", "curCd": "currency_local",
    "fairValLevel": "fair_value_level", "isRestrictedSec": "is_restricted", "valUSD": "market_value",
    "balance": "quantity", "units": "quantity_type", "descOthUnits": "quantity_unit", "pctVal": "weight",
    "fundCat": "liquidity_category",
}  # fmt: skip
_KNOWN = frozenset({"lei", "cusip", *_FIELDS, *_FIELDS.values()})
_CONDITIONAL = (
    ("currencyConditional@curCd", "currency_local"), ("currencyConditional@exchangeRt", "fx_rate"),
    ("assetConditional@assetCat", "asset_category"), ("issuerConditional@issuerCat", "issuer_category"),
)  # fmt: skip
"""Attributes of elements that stand in for a plain one where there is more to say, and their fields."""
WANTED = re.compile(r"[^/]+|debtSec/[^/]+")
"""Paths of the texts of a holding that are looked at."""
_IDENTIFIER = re.compile(r"identifiers(?:\[[0-9]+\])?/([^/@[]+)(?:\[[0-9]+\])?@value")
_DERIVATIVE = re.compile(r"derivativeInfo/[^/@]+@derivCat")


def holding_fields(holding: Stated) -> tuple[dict[str, str], frozenset[str]]:
    """What a holding states, short ones negative, and the names of elements that are not known.

    Those are kept under their own names. Weight and coupon are fractions; the market value is in US dollars.
    """
    texts = holding.texts
    fields = {_FIELDS.get(name, name): stated for name in holding.children if (stated := texts[name]) not in MISSING}
    strange = _NONE if fields.keys() <= _KNOWN else strange_names(tuple(fields), _KNOWN, _NONE)
    fields["market_value"], fields["currency"] = decimal(fields.get("market_value", "")), CURRENCY
    if "quantity" in fields:
        quantity = decimal(fields["quantity"])
        fields["quantity"] = negative(quantity) if fields.get("payoff") == "Short" else quantity
    if "weight" in fields:
        fields["weight"] = fraction(fields["weight"])
    fields["quantity_type"] = "FAMT" if fields.get("quantity_type") == "PA" else "UNIT"
    if "description" not in fields:
        fields["description"] = fields.get("issuer_name", "")
    for name in filter(_NESTED.__contains__, holding.children):
        fields |= _NESTED[name](holding)
    return fields, strange


@lru_cache(maxsize=65536)
def fraction(percent: str) -> str:
    """Per cent as a fraction: `1.92` -> `0.0192`."""
    return plain(Decimal(decimal(percent)).scaleb(-2, EXACT))


def _identifiers(holding: Stated) -> dict[str, str]:
    """The first of each kind that is stated; what the filer calls something else keeps what he calls it."""
    found: dict[str, str] = {}
    for name, stated in holding.attributes.items():
        kind = _identifier(name)
        if not kind or stated in MISSING:
            continue
        label = holding.attributes.get(name.replace("@value", "@otherDesc"), "")
        if kind != "other":
            found.setdefault(_SCHEMES.get(kind, "symbol"), stated)
        elif "sedol" in label.lower():
            found.setdefault("sedol", stated)
        elif "other_id" not in found:
            found["other_id"], found["other_id_type"] = stated, label
    return found


@lru_cache(maxsize=4096)
def _identifier(name: str) -> str:
    """The kind of identifier whose value an attribute is; nothing for any other."""
    found = _IDENTIFIER.fullmatch(name)
    return found[1] if found else ""


def _conditional(holding: Stated) -> dict[str, str]:
    return {
        field: stated for name, field in _CONDITIONAL if (stated := holding.attributes.get(name, "")) not in MISSING
    }


def _debt(holding: Stated) -> dict[str, str]:
    day, rate = holding.texts.get("debtSec/maturityDt", ""), holding.texts.get("debtSec/annualizedRt", "")
    found = {"maturity_date": _day(day)} if day not in MISSING else {}
    return {**found, "coupon_rate": fraction(rate)} if rate not in MISSING else found


@lru_cache(maxsize=4096)
def _day(stated: str) -> str:
    return iso_date(stated).isoformat()


def _derivative(holding: Stated) -> dict[str, str]:
    stated = (text for name, text in holding.attributes.items() if _DERIVATIVE.fullmatch(name))
    category = next(stated, "")
    return {"derivative": category} if category else {}


_NONE: frozenset[str] = frozenset()
_SCHEMES = {"isin": "isin", "ticker": "symbol"}
_NESTED = {
    "identifiers": _identifiers, "debtSec": _debt, "derivativeInfo": _derivative,
    **dict.fromkeys((name.partition("@")[0] for name, _ in _CONDITIONAL), _conditional),
}  # fmt: skip
