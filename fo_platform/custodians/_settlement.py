"""One settlement message, MT540 to MT549 and the orders before it, as fields. Files and proof do not belong here."""

from collections.abc import Iterator

from fo_platform.custodians._numbers import swift_number
from fo_platform.custodians._swift import Block, Message, readable
from fo_platform.custodians._swift_fields import (
    identity,
    inside,
    joined,
    money,
    plausible_day,
    price_fields,
    quantity_fields,
    texts_of,
    walk,
)

CONFIRMATIONS = frozenset({"544", "545", "546", "547"})
TYPES = frozenset({"502", "509", "513", "514", "515", "518", *map(str, range(540, 550))})

_MOVEMENTS = {
    "540": ("RECE", "FREE"), "541": ("RECE", "APMT"), "542": ("DELI", "FREE"), "543": ("DELI", "APMT"),
    "544": ("RECE", "FREE"), "545": ("RECE", "APMT"), "546": ("DELI", "FREE"), "547": ("DELI", "APMT"),
}  # fmt: skip
"""Which way the securities go, and whether money goes the other way."""
_SIDES = {"BUYI": "RECE", "SELL": "DELI", "SUBS": "RECE", "REDM": "DELI"}
_DETAILS = ("TRADDET", "SETTRAN", "ORDRDET", "CONFDET")
_KINDS = {("RECE", "APMT"): "buy", ("DELI", "APMT"): "sell", ("RECE", "FREE"): "transfer_in",
          ("DELI", "FREE"): "transfer_out"}  # fmt: skip
_TURNED = {"transfer_in": "transfer_out", "transfer_out": "transfer_in"}
_AMOUNTS = {"SETT": "amount", "ESTT": "amount", "PSTA": "amount", "DEAL": "amount_deal", "ACRU": "accrued"}
"""The settled amount, estimated or not, and its parts; every other amount is kept by its qualifier."""
_REVERSALS = frozenset({"CANC", "RVSL"})


def account_of(message: Message) -> str:
    """The safekeeping account that a message is about, and not that of a party."""
    places = [*inside(message.root, "FIAC", "SETTRAN", "CONFDET", "ORDRDET", "GENL"), message.root]
    return joined(places).first("97A:SAFE", "97B:SAFE")


def day_of(message: Message) -> str:
    """The day on which a message was prepared, or else that of its trade."""
    stated = joined(walk(message.root))
    days = (plausible_day(text) for tag in ("PREP", "TRAD") for text in _dated(stated, tag))
    return next(filter(None, days), "")


def instruction_fields(message: Message) -> dict[str, str]:
    """What a message orders, confirms or says of a settlement; amounts and quantities as stated, without direction."""
    general = joined(inside(message.root, "GENL"))
    details = joined(inside(message.root, *_DETAILS, "FIAC", "FIA"))
    settlement = joined(walk(message.root))
    movement, payment = _direction(message.type, settlement)
    optional = {
        "message_type": message.type,
        "function": general.first("23G")[:4],
        "copy": general.first("23G")[5:],
        "reference": general.first("20C:SEME"),
        **links(message.root),
        "movement": movement,
        "payment": payment,
        **status_fields(message.root),
        **movement_fields(settlement),
        "factor": _number(details.first("92A:CUFC", "92B:CUFC")),
        **price_fields(settlement.first("90A:DEAL", "90A:LIMI"), settlement.first("90B:DEAL", "90B:LIMI")),
        **parties(message.root),
    }
    named = identity(details.first("35B")) if details.first("35B") else {}
    return {**named, **{name: text for name, text in optional.items() if text}}


def transaction_fields(instruction: dict[str, str]) -> dict[str, str]:
    """A confirmed settlement as a booking: money in and securities in are positive, a cancelled one is turned."""
    return booked(instruction, is_reversal=instruction.get("function") in _REVERSALS)


def booked(fields: dict[str, str], *, is_reversal: bool) -> dict[str, str]:
    """A movement with its kind, signed quantity and amount; ValueError where it names no direction or day.

    An amount that is stated as negative is money out, whichever way the securities went. What is stated of a movement
    free of payment is a value and no money.
    """
    movement, payment = fields.get("movement", ""), fields.get("payment", "")
    kind = _KINDS.get((movement, payment))
    if kind is None or "quantity" not in fields:
        raise ValueError("it states no direction (22H REDE, PAYM) or no quantity (36B)")
    if "settle_date" not in fields:
        raise ValueError("it states no day of settlement (98A ESET or SETT)")
    stated = dict(fields)
    amount = stated.pop("amount", "")
    is_out = amount.startswith("-") or movement == "RECE"
    signed = {"amount": _signed(amount, is_negative=is_out != is_reversal)} if payment == "APMT" else {"value": amount}
    return {
        **stated,
        "kind": _TURNED.get(kind, kind) if is_reversal else kind,
        "date": fields.get("trade_date", fields["settle_date"]),
        "quantity": _signed(fields["quantity"], is_negative=(movement == "DELI") != is_reversal),
        **(signed if amount else {}),
        **({"reversal": "Y"} if is_reversal else {}),
    }


def movement_fields(stated: Block) -> dict[str, str]:
    """Days, quantity, amounts and type of a movement of securities, as stated."""
    return {
        **_days(stated),
        **_quantities(stated),
        **_amounts(stated),
        "settlement_type": stated.first("22F:SETR"),
    }


def status_fields(block: Block) -> dict[str, str]:
    """Status and reason of status blocks: `SETT/PENF` and `PENF/CLAC`; several one behind another."""
    statuses = inside(block, "STAT")
    reasons = [reason for status in statuses for reason in inside(status, "REAS")]
    narrative = joined(reasons).first("70D:REAS")
    stated = [(q, t) for status in statuses for q, t in texts_of(status, "25D")]
    given = [(q, t) for reason in reasons for q, t in texts_of(reason, "24B")]
    fields = {
        "status": _coded(stated),
        "status_reason": _coded(given),
        "status_narrative": readable(narrative),
    }
    return {name: text for name, text in fields.items() if text}


def parties(block: Block) -> dict[str, str]:
    """Parties to the settlement by their role, with their accounts: `party_deag`, `party_deag_account`."""
    found: dict[str, str] = {}
    for party in inside(block, "SETPRTY", "CONFPRTY", "TRADPRTY", "OTHRPRTY"):
        account = party.first("97A:SAFE", "97B:SAFE")
        for role, text in texts_of(party, "95"):
            name = f"party_{role.lower()}"
            found = {name: readable(text), **({f"{name}_account": account} if account else {}), **found}
    return found


def _direction(message_type: str, stated: Block) -> tuple[str, str]:
    """Which way the securities go and whether against payment: by the type, or by what the message says."""
    if message_type in _MOVEMENTS:
        return _MOVEMENTS[message_type]
    movement = stated.first("22H:REDE") or _SIDES.get(stated.first("22H:BUSE"), "")
    delivers = any(key.startswith("95") and key[4:] in ("DEAG", "SELL") for key in stated.fields)
    receives = any(key.startswith("95") and key[4:] in ("REAG", "BUYR") for key in stated.fields)
    by_party = {(True, False): "RECE", (False, True): "DELI"}.get((delivers, receives), "")
    return movement or by_party, stated.first("22H:PAYM")


def links(block: Block) -> dict[str, str]:
    """References to other messages: the related one, or else the previous; the others by their qualifier."""
    linked = joined(inside(block, "LINK"))
    stated = dict(texts_of(linked, "20C"))
    related = stated.get("RELA") or stated.get("PREV") or next(iter(stated.values()), "")
    others = {f"reference_{name.lower()}": text for name, text in stated.items() if text != related}
    return {"related_reference": related, **others}


def _days(stated: Block) -> dict[str, str]:
    days = {tag: next(filter(None, map(plausible_day, _dated(stated, tag))), "") for tag in ("TRAD", "SETT", "ESET")}
    intended = days["SETT"] if days["ESET"] else ""
    return {
        "trade_date": days["TRAD"],
        "settle_date": days["ESET"] or days["SETT"],
        "settle_date_intended": intended if intended != days["ESET"] else "",
    }


def _dated(stated: Block, qualifier: str) -> Iterator[str]:
    return (text for key in ("98A", "98B", "98C", "98E") for text in stated.fields.get(f"{key}:{qualifier}", ()))


def _quantities(stated: Block) -> dict[str, str]:
    """The quantity settled, confirmed or ordered, and what of it is settled already or remains."""
    texts = next((stated.fields[key] for key in _QUANTITIES if key in stated.fields), [])
    partial = {"quantity_previous": "36B:PSTT", "quantity_remaining": "36B:RSTT"}
    others = {name: quantity_fields(stated.fields.get(key, ())).get("quantity", "") for name, key in partial.items()}
    return {**quantity_fields(texts), **others}


_QUANTITIES = ("36B:ESTT", "36B:SETT", "36B:PSTA", "36B:CONF", "36B:ORDR", "36B:ALLO")


def _amounts(stated: Block) -> dict[str, str]:
    """Amounts in the currency of the settled one, or else of the deal; one in another currency names it."""
    read: dict[str, tuple[str, str]] = {}
    for qualifier, text in texts_of(stated, "19A"):
        read.setdefault(qualifier, money(text))
    lead = next((read[name] for name in ("ESTT", "SETT", "PSTA", "DEAL", "ACRU", *read) if name in read), ("", ""))
    fields = {"currency": lead[0]}
    for qualifier, (currency, amount) in read.items():
        name = _AMOUNTS.get(qualifier, f"amount_{qualifier.lower()}")
        fields.setdefault(name, amount)
        if currency != lead[0]:
            fields[f"{name}_currency"] = currency
    return fields


def _number(text: str) -> str:
    return swift_number(text) if text else ""


def _coded(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f"{qualifier}/{text}" for qualifier, text in pairs)


def _signed(text: str, *, is_negative: bool) -> str:
    size = text.removeprefix("-")
    return f"-{size}" if is_negative and size != "0" else size
