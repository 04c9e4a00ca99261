"""A bank's camt.053: one statement a currency, opening and closing balance and what was booked between.

Securities belong to semt002.
"""

from datetime import date
from decimal import Decimal

from lxml import etree

from fo_platform.simulation.instruments import SECURITIES
from fo_platform.simulation.movements import Movement
from fo_platform.simulation.state import Snapshot
from fo_platform.simulation.writers.iso20022 import document, money, node
from fo_platform.units import plain

MESSAGE = "camt.053.001.08"
CODES = {
    "buy": ("SECU", "SETT", "TRAD"), "sell": ("SECU", "SETT", "TRAD"), "dividend": ("SECU", "CORP", "DVCA"),
    "tax": ("SECU", "CORP", "TAXE"), "interest": ("ACMT", "MCOP", "INTR"), "fee": ("ACMT", "MDOP", "CHRG"),
    "deposit": ("PMNT", "RCDT", "ESCT"), "withdrawal": ("PMNT", "ICDT", "ESCT"),
}  # fmt: skip
"""Domain, family and sub-family of the bank transaction code, by kind of movement."""


def camt053(before: Snapshot, after: Snapshot, sequence: int) -> bytes:
    """Statements of one account for one day, settled amounts only. before: the account at the previous close."""
    written = f"{after.day}T23:59:00Z"
    header = node("GrpHdr", node("MsgId", _reference(after, "ALL", sequence)), node("CreDtTm", written))
    statements = [_statement(before, after, currency, sequence) for currency in after.balances]
    return document(MESSAGE, node("BkToCstmrStmt", header, *statements))


def _statement(before: Snapshot, after: Snapshot, currency: str, sequence: int) -> etree._Element:
    opening = before.balances[currency].amount_settled if currency in before.balances else Decimal(0)
    booked = [m for m in after.settled if m.currency == currency and m.cash]
    account = node("Id", node("Othr", node("Id", after.account.account_id_source)))
    return node(
        "Stmt", node("Id", _reference(after, currency, sequence)), node("ElctrncSeqNb", str(sequence)),
        node("CreDtTm", f"{after.day}T23:59:00Z"), node("Acct", account, node("Ccy", currency)),
        _balance("OPBD", opening, currency, after.day),
        _balance("CLBD", after.balances[currency].amount_settled, currency, after.day),
        _summary(booked), *(_entry(movement) for movement in booked),
    )  # fmt: skip


def _reference(snapshot: Snapshot, currency: str, sequence: int) -> str:
    return f"{snapshot.day:%y%m%d}{snapshot.account.account_id_source[-2:]}{currency}{sequence:03}"


def _balance(code: str, value: Decimal, currency: str, day: date) -> etree._Element:
    kind = node("Tp", node("CdOrPrtry", node("Cd", code)))
    return node("Bal", kind, money(currency, value), _mark(value), node("Dt", node("Dt", str(day))))


def _summary(booked: list[Movement]) -> etree._Element:
    sides = {
        "TtlCdtNtries": [m.cash for m in booked if m.cash > 0],
        "TtlDbtNtries": [m.cash for m in booked if m.cash < 0],
    }
    totals = [
        node(name, node("NbOfNtries", str(len(paid))), node("Sum", plain(abs(sum(paid, Decimal(0))))))
        for name, paid in sides.items()
    ]
    return node("TxsSummry", node("TtlNtries", node("NbOfNtries", str(len(booked)))), *totals)


def _entry(movement: Movement) -> etree._Element:
    day = node("Dt", str(movement.settlement_date))
    domain, family, detail = CODES[movement.kind]
    levels = node("Fmly", node("Cd", family), node("SubFmlyCd", detail))
    return node(
        "Ntry", money(movement.currency, movement.cash), _mark(movement.cash), node("Sts", node("Cd", "BOOK")),
        node("BookgDt", day), node("ValDt", node("Dt", str(movement.settlement_date))),
        node("AcctSvcrRef", movement.reference[-16:]), node("BkTxCd", node("Domn", node("Cd", domain), levels)),
        node("NtryDtls", _details(movement)),
    )  # fmt: skip


def _details(movement: Movement) -> etree._Element:
    security = SECURITIES.get(movement.instrument_id)
    named = [node("FinInstrmId", node("ISIN", security.isin))] if security else []
    words = [node("RmtInf", node("Ustrd", movement.text))] if movement.text else []
    return node("TxDtls", node("Refs", node("EndToEndId", "NOTPROVIDED")), *words, *named)


def _mark(value: Decimal) -> etree._Element:
    return node("CdtDbtInd", "DBIT" if value < 0 else "CRDT")
