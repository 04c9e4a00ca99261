"""One corporate action message, MT564 to MT568, as fields of its event and options. Files do not belong here."""

import json
import re

from fo_platform.custodians._numbers import swift_number
from fo_platform.custodians._settlement import links, status_fields
from fo_platform.custodians._swift import Block, Message, readable
from fo_platform.custodians._swift_fields import (
    identity,
    inside,
    joined,
    money,
    plausible_day,
    quantity_fields,
    texts_of,
    walk,
)

TYPES = frozenset(map(str, range(564, 569)))

_OPTIONS = ("CAOPTN", "CACONF", "CAINST")
_RATE = re.compile(r"(?:[A-Z]{4}/)?([A-Z]{3})([0-9.,]{1,40})(?:/[A-Z]{4})?")
"""An amount a security, of field 92F, or of 92H before its status, or of 92J behind the code of its type as well."""
_TYPED = re.compile(r"[A-Z]{4}/")
_RATIO = re.compile(r"([0-9.,]{1,40})/([0-9.,]{1,40})")
_NUMBER = re.compile(r"N?[0-9]{1,20},[0-9]{0,20}")
_WITHDRAWN = frozenset({"CANC", "WITH"})
_PER_SECURITY = ("GRSS", "NETT", "INTP", "OFFR", "CINL")
_ENTITLED = ("19B:PSTA", "19B:ENTL", "19B:NETT", "19B:GRSS")
_PARTS = {"amount_gross": "19B:GRSS", "amount_net": "19B:NETT", "tax": "19B:TAXR", "tax_withheld": "19B:WITL"}
_DAYS = {
    "ex_date": "XDTE", "record_date": "RDTE", "pay_date": "PAYD", "announcement_date": "ANOU",
    "effective_date": "EFFD", "response_date": "RDDT", "market_date": "MKDT", "posting_date": "POST",
    "value_date": "VALU",
}  # fmt: skip


def account_blocks(message: Message) -> list[Block]:
    """The accounts that a message is about, each with its balances.

    A confirmation states one beside its security, and a status advice, which has no block of it, among its details.
    """
    found = (inside(message.root, name) for name in ("ACCTINFO", "USECU", "CADETL"))
    return next(filter(None, found), [])


def event_fields(message: Message) -> dict[str, str]:
    """The event, its terms with those of the option that counts unless another is chosen, and all options as JSON."""
    general = joined(inside(message.root, "GENL"))
    details = joined(inside(message.root, "CADETL"))
    function = general.first("23G")[:4]
    options = inside(message.root, *_OPTIONS)
    chosen = _default(options)
    terms = joined(walk(chosen)) if chosen else Block("", 0)
    narratives = joined(inside(message.root, "ADDINFO", "CADETL"))
    optional = {
        **_underlying(message),
        "message_type": message.type,
        "function": function,
        "reference": general.first("20C:SEME"),
        **links(message.root),
        "event_reference": general.first("20C:CORP"),
        "event_reference_official": general.first("20C:COAF"),
        "event_type": general.first("22F:CAEV"),
        "participation": general.first("22F:CAMV"),
        "event_status": function if function in _WITHDRAWN else general.first("25D:PROC"),
        **status_fields(message.root),
        **_days(details, terms),
        **_rates(details, terms),
        **(_moved(chosen) if chosen else {}),
        "option_number": terms.first("13A:CAON"),
        "option_type": terms.first("22F:CAOP", "22H:CAOP"),
        "options": _listed(options),
        "narrative": readable(narratives.first("70E:ADTX", "70F:ADTX", "70E:TXNR", "70F:TXNR"))[:2000],
    }
    return _one_currency({name: text for name, text in optional.items() if text})


def balance_fields(account: Block) -> dict[str, str]:
    """The eligible or confirmed balance of one account."""
    texts = next((account.fields[key] for key in ("93B:CONB", "93B:ELIG", "93B:SETT") if key in account.fields), [])
    return quantity_fields(texts)


def _one_currency(fields: dict[str, str]) -> dict[str, str]:
    """The fields with one currency of rate and amount; a rate in another one stands by its own name only."""
    currency = fields.pop("cash_rate_currency", "")
    if currency and fields.setdefault("currency", currency) != currency:
        fields.pop("cash_rate")
    return fields


def _underlying(message: Message) -> dict[str, str]:
    text = joined(inside(message.root, "USECU")).first("35B") or joined(walk(message.root)).first("35B")
    return identity(text) if text else {}


def _default(options: list[Block]) -> Block | None:
    """The option that is marked as the default, or else the only one."""
    marked = [option for option in options if option.first("17B:DFLT") == "Y"]
    return next(iter(marked or options), None) if marked or len(options) == 1 else None


def _days(*places: Block) -> dict[str, str]:
    """Each day of the event from the first place that states it."""
    found = ((name, day) for name, tag in _DAYS.items() for place in places if (day := _day(place, tag)))
    days: dict[str, str] = {}
    for name, day in found:
        days.setdefault(name, day)
    return days


def _day(place: Block, qualifier: str) -> str:
    return plausible_day(place.first(*(f"98{letter}:{qualifier}" for letter in "ABCE")))


def _rates(*places: Block) -> dict[str, str]:
    """Ratio, amount a security and every other rate; those of the option go before those of the event.

    The rate of one type of income, of field 92J, is part of that of all, which goes before it.
    """
    rates: dict[str, str] = {}
    for place in places:
        rates |= {f"price_{name.lower()}": text.rpartition("/")[2] for name, text in texts_of(place, "90B")}
        for qualifier, text in sorted(texts_of(place, "92"), key=lambda stated: not _TYPED.match(stated[1])):
            rates |= _rate(qualifier, text)
    paid = [f"rate_{qualifier.lower()}" for qualifier in _PER_SECURITY]
    per_security = next((name for name in paid if f"{name}_currency" in rates), "rate_grss")
    if per_security in rates:
        rates["cash_rate"] = rates[per_security]
        rates["cash_rate_currency"] = rates.get(f"{per_security}_currency", "")
    return rates


def _rate(qualifier: str, text: str) -> dict[str, str]:
    """A rate by its qualifier: a ratio of new to old, an amount a security with its currency, a plain number."""
    name = f"rate_{qualifier.lower()}"
    ratio, amount = _RATIO.fullmatch(text), _RATE.fullmatch(text)
    if ratio:
        return {"ratio_new": swift_number(ratio[1]), "ratio_old": swift_number(ratio[2]), "ratio_type": qualifier}
    if amount:
        return {name: swift_number(amount[2]), f"{name}_currency": amount[1]}
    return {name: swift_number(text) if _NUMBER.fullmatch(text) else text}


def _moved(option: Block) -> dict[str, str]:
    """Money and securities that the option moves: money in is positive; securities that it brings are named."""
    fields = {"currency": option.first("11A:OPTN")}
    cash = next(iter(inside(option, "CASHMOVE")), None)
    if cash is not None:
        fields |= _paid(cash)
    resulting = next((block for block in inside(option, "SECMOVE") if block.first("22H:CRDB") != "DEBT"), None)
    if resulting is not None:
        named = identity(resulting.first("35B")) if resulting.first("35B") else {}
        fields |= {f"resulting_{name}": text for name, text in named.items()}
        fields |= {f"resulting_{name}": text for name, text in _securities(resulting).items()}
    return fields


def _paid(cash: Block) -> dict[str, str]:
    """What one movement of money pays: the amount posted, or that to which the account is entitled, and its parts."""
    text = cash.first(*_ENTITLED)
    if not text:
        return {}
    currency, amount = money(text)
    is_out = cash.first("22H:CRDB") == "DEBT" and amount != "0"
    parts = {name: money(cash.first(key))[1] for name, key in _PARTS.items() if cash.first(key)}
    return {"currency": currency, "amount": f"-{amount.removeprefix('-')}" if is_out else amount, **parts}


def _securities(movement: Block) -> dict[str, str]:
    texts = next((movement.fields[key] for key in ("36B:PSTA", "36B:ENTL") if key in movement.fields), [])
    return quantity_fields(texts)


def _listed(options: list[Block]) -> str:
    """All options as JSON text, in order."""
    return json.dumps([_option(option) for option in options], ensure_ascii=False) if options else ""


def _option(option: Block) -> dict[str, object]:
    terms = joined(walk(option))
    stated: dict[str, object] = {
        "number": option.first("13A:CAON"),
        "type": option.first("22F:CAOP", "22H:CAOP"),
        "is_default": option.first("17B:DFLT") == "Y",
        **_days(terms),
        **_rates(terms),
        "cash": [_movement(block, _paid(block)) for block in inside(option, "CASHMOVE")],
        "securities": [_movement(block, _received(block)) for block in inside(option, "SECMOVE")],
    }
    return {name: found for name, found in stated.items() if found not in ("", [])}


def _movement(block: Block, fields: dict[str, str]) -> dict[str, str]:
    return {"direction": block.first("22H:CRDB"), **fields}


def _received(block: Block) -> dict[str, str]:
    named = identity(block.first("35B")) if block.first("35B") else {}
    return {**named, **_securities(block)}
