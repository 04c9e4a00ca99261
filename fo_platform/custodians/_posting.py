"""Transactions, pending or posted, and penalties of SWIFT statements as fields. Pages and proof do not belong here."""

from collections.abc import Iterator

from fo_platform.custodians._numbers import total
from fo_platform.custodians._settlement import booked, links, movement_fields, parties, status_fields
from fo_platform.custodians._swift import Block
from fo_platform.custodians._swift_fields import identity, inside, joined, money, plausible_day, quantities, walk
from fo_platform.units import plain

_OPENING, _CLOSING = ("93B:FIOP", "93B:INOP"), ("93B:FICL", "93B:INCL")


def posted_fields(transaction: Block, instrument: str) -> dict[str, str]:
    """A posted transaction as a booking, from TRAN and the 35B of its instrument; a reversal has its signs turned.

    What a corporate action moves without payment is a transfer; what it pays for is neither bought nor sold.
    """
    stated = joined(walk(transaction))
    moved = {**identity(instrument), **_movement(transaction, stated)}
    turned = booked(moved, is_reversal=stated.first("25D:MOVE") == "REVE")
    is_event = moved.get("transaction_type") == "CORP" and moved["payment"] == "APMT"
    reference = moved.get("related_reference") or stated.first("20C:ASRF", "20C:TRRF", "20C:ACOW")
    return {**turned, **({"kind": "other"} if is_event else {}), **({"reference": reference} if reference else {})}


def pending_fields(transaction: Block, status: Block, message_type: str) -> dict[str, str]:
    """A pending transaction as an instruction, from TRAN and the block that states its status."""
    stated = joined(walk(transaction))
    instrument = stated.first("35B")
    return {
        **(identity(instrument) if instrument else {}),
        **({"message_type": message_type} if message_type else {}),
        **_movement(transaction, stated),
        **status_fields(status),
    }


def penalty_fields(penalty: Block, outer: Block) -> dict[str, str]:
    """A penalty, from PENDET and the blocks around it: what is owed is a cost and positive, what is due negative.

    The amount of a penalty that was removed is kept and not counted.
    """
    stated = joined(walk(penalty))
    currency, amount = money(stated.first("19A:AMCO"))
    is_cost = amount.startswith("-") or stated.first("22H:CRDB") == "DEBT"
    size = amount.removeprefix("-")
    cost = size if is_cost or size == "0" else f"-{size}"
    name = "amount_removed" if stated.first("25D:PNST") == "REMO" else "amount"
    start, _, end = outer.first("69A:STAT").partition("/")
    optional = {
        **(identity(stated.first("35B")) if stated.first("35B") else {}),
        "fee_id_source": stated.first("20C:PREF", "20C:PCOM"),
        "fee_kind": "settlement_penalty",
        "penalty_type": stated.first("22H:PNTP"),
        "status": stated.first("25D:PNST"),
        "period_start": plausible_day(start),
        "period_end": plausible_day(end),
        "charged_date": plausible_day(stated.first("98A:PEDA") or outer.first("98A:DACO")),
        "currency": currency,
        name: cost,
        "related_reference": stated.first("20C:MITI", "20C:ACOW"),
        "movement": stated.first("22H:REDE"),
    }
    return {name: text for name, text in optional.items() if text}


def account_of(row: Block) -> str:
    """The safekeeping account that a row names for itself, and not that of a party."""
    return joined(inside(row, "TRAN", "TRANS", "TRANSDET")).first("97A:SAFE", "97B:SAFE")


def roll(instrument: Block, posted: list[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Type, closing balance and opening balance with the posted quantities, where FIN states both balances."""
    opening = quantities(_first(instrument, _OPENING))
    closing = quantities(_first(instrument, _CLOSING))
    for kind in sorted(opening.keys() & closing.keys()):
        moves = [fields["quantity"] for fields in posted if fields["quantity_type"] == kind]
        if len(moves) == len(posted):
            yield kind, closing[kind], plain(total([opening[kind], *moves]))


def _first(block: Block, keys: tuple[str, ...]) -> list[str]:
    return next((block.fields[key] for key in keys if key in block.fields), [])


def _movement(transaction: Block, stated: Block) -> dict[str, str]:
    optional = {
        **links(transaction),
        "movement": stated.first("22H:REDE"),
        "payment": stated.first("22H:PAYM"),
        "transaction_type": stated.first("22F:TRAN"),
        "event_type": stated.first("22F:CAEV"),
        **movement_fields(stated),
        **parties(transaction),
    }
    return {name: text for name, text in optional.items() if text}
