"""One holding of a fund's N-PORT report as fields. The fund, its totals and the file do not belong here."""

from decimal import Decimal
from functools import lru_cache

from fo_platform.custodians._iso20022 import decimal, negative
from fo_platform.custodians._numbers import EXACT, iso_date
from fo_platform.custodians._xml import Element
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
_KNOWN = frozenset({"lei", "cusip", *_FIELDS.values()})
_CONDITIONAL = {
    "currencyConditional": (("curCd", "currency_local"), ("exchangeRt", "fx_rate")),
    "assetConditional": (("assetCat", "asset_category"),), "issuerConditional": (("issuerCat", "issuer_category"),),
}  # fmt: skip
"""Elements that stand in for a plain one where there is more to say: their attributes and the fields of those."""


def holding_fields(holding: Element) -> tuple[dict[str, str], frozenset[str]]:
    """What a holding states, short ones negative, and the names of elements that are not known.

    Those are kept under their own names. Weight and coupon are fractions; the market value is in US dollars.
    """
    fields = {
        _FIELDS.get(part.tag, part.tag): stated
        for part in holding
        if (stated := part.text) and (stated := stated.strip()) not in MISSING
    }
    strange = _NONE if fields.keys() <= _KNOWN else frozenset(fields) - _KNOWN
    fields["market_value"], fields["currency"] = decimal(fields.get("market_value", "")), CURRENCY
    if "quantity" in fields:
        quantity = decimal(fields["quantity"])
        fields["quantity"] = negative(quantity) if fields.get("payoff") == "Short" else quantity
    if "weight" in fields:
        fields["weight"] = fraction(fields["weight"])
    fields["quantity_type"] = "FAMT" if fields.get("quantity_type") == "PA" else "UNIT"
    if "description" not in fields:
        fields["description"] = fields.get("issuer_name", "")
    for part in holding.iterchildren(*_NESTED):
        fields |= _NESTED[part.tag](part)
    return fields, strange


@lru_cache(maxsize=65536)
def fraction(percent: str) -> str:
    """Per cent as a fraction: `1.92` -> `0.0192`."""
    return plain(Decimal(decimal(percent)).scaleb(-2, EXACT))


def _identifiers(element: Element) -> dict[str, str]:
    """The first of each kind that is stated; what the filer calls something else keeps what he calls it."""
    found: dict[str, str] = {}
    for part in element:
        stated, label = part.get("value", ""), part.get("otherDesc", "")
        if stated in MISSING:
            continue
        if part.tag != "other":
            found.setdefault(_SCHEMES.get(part.tag, "symbol"), stated)
        elif "sedol" in label.lower():
            found.setdefault("sedol", stated)
        elif "other_id" not in found:
            found["other_id"], found["other_id_type"] = stated, label
    return found


def _conditional(element: Element) -> dict[str, str]:
    attributes = _CONDITIONAL[element.tag]
    return {field: stated for name, field in attributes if (stated := element.get(name, "")) not in MISSING}


def _debt(element: Element) -> dict[str, str]:
    stated = {part.tag: text for part in element if (text := (part.text or "").strip()) not in MISSING}
    found = {"maturity_date": _day(stated["maturityDt"])} if "maturityDt" in stated else {}
    return {**found, "coupon_rate": fraction(stated["annualizedRt"])} if "annualizedRt" in stated else found


@lru_cache(maxsize=4096)
def _day(stated: str) -> str:
    return iso_date(stated).isoformat()


def _derivative(element: Element) -> dict[str, str]:
    category = next((part.get("derivCat", "") for part in element), "")
    return {"derivative": category} if category else {}


_NONE: frozenset[str] = frozenset()
_SCHEMES = {"isin": "isin", "ticker": "symbol"}
_NESTED = {
    "identifiers": _identifiers, "debtSec": _debt, "derivativeInfo": _derivative,
    **dict.fromkeys(_CONDITIONAL, _conditional),
}  # fmt: skip
