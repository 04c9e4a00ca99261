"""Where fees were paid: by an account, in a fund, outside, twice listed or not known; and how a year ends."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fo_platform.book.fee_standing import STANDING
from fo_platform.book.fees import fees
from fo_platform.contracts import book, policy, reference
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import Row, record

PLACE = {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}
OWNERS = (
    ("trust_bank", "trust", "house_bank", "B1"), ("llc_bank", "llc", "house_bank", "B2"),
    ("trust_books", "trust", "ledger", "L1"), ("trust_private", "trust", "administrator", "P1"),
)  # fmt: skip
ACCOUNTS = policy.Accounts.frame(
    [
        {"account_id": name, "entity_id": entity, "custodian": source, "account_id_source": number}
        | {"statement_basis": "settle", "lot_authority": "office", "is_tradeable": False, "base_currency": "USD"}
        | {"cash_floor_base": 0}
        for name, entity, source, number in OWNERS
    ]
)
CASH = book.Cash.frame(
    [{"account_id": name, "currency": "USD", "is_stale": False} for name in ("trust_bank", "llc_bank")]
)
FUNDS = book.PrivateCapital.frame([{"account_id": "trust_private", "fund_id": "F1", "fund_name": "Fir I"}])
RATES = reference.FxRates.frame(
    [{"currency": "EUR", "base_currency": "USD", "rate_date": frames.PREVIOUS, "fx_rate": "1.05", "fx_source": "ecb"}
     | PLACE]
)  # fmt: skip
NONE = book.Fees.frame()


def listed(number: str = "1", *, of: tuple[str, str] = ("ledger", "L1"), **more: str | None) -> Row:
    """A fee of the ledger: an adviser's, 500 dollars, charged on the first of June."""
    usual = {"fee_id_source": number, "fee_kind": "management", "charged_date": "2022-06-01", "currency": "USD"}
    fields = usual | {"description": "Adviser", "amount": "500"} | more
    stated = {name: text for name, text in fields.items() if text is not None}
    return record("fee", of={"source": of[0], "feed": "trial_balance", "account": of[1]}, **stated)


def taken(*payments: tuple[str, str], account: str = "trust_bank") -> pd.DataFrame:
    """Movements of an account from (day, amount paid)."""
    rows = [
        {"transaction_id": f"t{number}", "account_id": account, "transaction_kind": "fee", "cash_local": f"-{paid}"}
        | {"currency": "USD", "trade_date": day, "statement_date": day, "source": "house_bank"} | PLACE
        for number, (day, paid) in enumerate(payments)
    ]  # fmt: skip
    return book.Transactions.frame(rows)


def found(
    *rows: Row, moves: pd.DataFrame | None = None, before: pd.DataFrame = NONE, day: pd.Timestamp = frames.DAY
) -> pd.DataFrame:
    """Fees of a day by number, those of movements by their own."""
    made = fees(
        frames.raw(rows), ACCOUNTS, taken() if moves is None else moves, before,
        fx_rates=RATES, cash=CASH, private_capital=FUNDS, day=day,
    )  # fmt: skip
    return book.Fees.validate(made)


def standings(*rows: Row, moves: pd.DataFrame | None = None) -> list[tuple[str, str | None]]:
    """What became of the fees that were listed, in order of their numbers."""
    shown = found(*rows, moves=moves)
    own = shown[shown["reference_source"].notna()].sort_values("reference_source")
    reasons = own["reason"].astype("object").where(own["reason"].notna(), None)
    return list(zip(own["fee_standing"], reasons, strict=True))


def test_an_adviser_s_invoice_in_the_ledger_was_paid_outside() -> None:
    assert standings(listed()) == [("outside", None)]
    assert found(listed(currency="EUR"))["fx_rate"].astype("float64").tolist() == [1.05]


def test_what_a_movement_or_a_custodian_s_own_list_states_was_paid_by_the_account() -> None:
    assert standings(listed(of=("house_bank", "B1"))) == [("account", None)]
    assert found(moves=taken(("2022-06-01", "500")))["fee_standing"].tolist() == ["account"]


def test_what_a_fund_charges_is_inside_its_value_by_whatever_name_it_goes() -> None:
    rows = [listed("1", description="FIR I"), listed("2", description="F1"), listed("3", of=("administrator", "P1"))]
    assert standings(*rows) == [("fund", None)] * 3


def test_a_fee_in_the_ledger_and_in_an_account_is_one() -> None:
    rows, moves = (listed(fee_kind="custody"),), taken(("2022-05-31", "500"))
    assert standings(*rows, moves=moves) == [("repeated", None)]
    own = found(*rows, moves=moves).set_index("fee_standing")
    assert own.loc["repeated", "fee_id_same"] == own.loc["account", "fee_id"] == "t0"


def test_another_amount_owner_currency_or_half_month_is_another_fee() -> None:
    custody = listed(fee_kind="custody")
    assert standings(custody, moves=taken(("2022-05-31", "500.01"))) == [("outside", None)]
    assert standings(custody, moves=taken(("2022-05-31", "500"), account="llc_bank")) == [("outside", None)]
    assert standings(listed(fee_kind="custody", currency="EUR"), moves=taken(("2022-05-31", "500"))) == [
        ("outside", None)
    ]
    assert standings(custody, moves=taken(("2022-05-17", "500"))) == [("repeated", None)]
    assert standings(custody, moves=taken(("2022-05-16", "500"))) == [("outside", None)]


def test_what_cannot_be_decided_says_why() -> None:
    paid = taken(("2022-05-31", "500"))
    assert standings(listed(), moves=paid) == [("undecided", "same_amount")]
    assert standings(listed(fee_kind=None), moves=paid) == [("undecided", "same_amount")]
    assert standings(listed(description=None)) == [("undecided", "no_payee")]
    assert standings(listed(description="House Bank")) == [("undecided", "custodian_payee")]
    assert standings(listed(currency="JPY")) == [("undecided", "no_rate")]


def test_a_custodian_of_another_owner_is_a_payee_like_any() -> None:
    alone = CASH[CASH["account_id"] == "llc_bank"]
    made = fees(
        frames.raw([listed(description="House bank")]), ACCOUNTS, taken(), NONE,
        fx_rates=RATES, cash=alone, private_capital=FUNDS, day=frames.DAY,
    )  # fmt: skip
    assert made["fee_standing"].tolist() == ["outside"]


def test_a_fee_of_the_same_kind_is_paired_before_one_of_another() -> None:
    rows = [listed("1", charged_date="2022-05-30"), listed("2", fee_kind="custody")]
    assert standings(*rows, moves=taken(("2022-05-31", "500"))) == [("outside", None), ("repeated", None)]


def test_a_payment_that_is_seen_after_its_invoice_makes_it_a_repetition() -> None:
    first = found(listed(fee_kind="custody"))
    assert first["fee_standing"].tolist() == ["outside"]
    later = found(moves=taken(("2022-06-13", "500")), before=first, day=frames.DAY + pd.Timedelta(days=1))
    assert sorted(later["fee_standing"]) == ["account", "repeated"]


def test_a_repetition_stays_one_when_what_it_repeats_has_left_the_book() -> None:
    first = found(listed(fee_kind="custody"), moves=taken(("2022-05-31", "500")))
    last = found(before=first, day=pd.Timestamp("2023-05-31"))
    assert last["fee_standing"].tolist() == ["repeated"]


def test_without_a_currency_or_an_amount_there_is_no_fee_and_without_a_day_it_is_of_its_statement() -> None:
    assert found(listed(currency=None), listed("2", amount=None)).empty
    dateless = found(listed(charged_date=None))
    assert dateless["charged_date"].tolist() == [frames.PREVIOUS]


amounts = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["100", "200"])), max_size=5)


@settings(max_examples=15, deadline=None)
@given(bills=amounts, payments=amounts)
def test_every_payment_is_repeated_once_at_most_and_the_order_of_rows_does_not_matter(
    bills: list[tuple[int, str]], payments: list[tuple[int, str]]
) -> None:
    rows = [
        listed(str(number), fee_kind="custody", charged_date=f"2022-05-{day:02}", amount=paid)
        for number, (day, paid) in enumerate(bills)
    ]
    moves = taken(*((f"2022-05-{day:02}", paid) for day, paid in payments))
    shown = found(*rows, moves=moves)
    pairs = shown.dropna(subset=["fee_id_same"]).set_index("fee_id_same")
    assert pairs.index.is_unique
    paid = shown.set_index("fee_id").loc[pairs.index]
    assert (pairs["fee_local"] == paid["fee_local"]).all()
    assert ((pairs["charged_date"] - paid["charged_date"]).abs() <= pd.Timedelta(days=15)).all()
    left = shown[shown["fee_standing"] == "outside"].merge(
        shown[(shown["fee_standing"] == "account") & ~shown["fee_id"].isin(pairs.index)],
        how="inner", on="fee_local", validate="many_to_many",
    )  # fmt: skip
    assert ((left["charged_date_x"] - left["charged_date_y"]).abs() > pd.Timedelta(days=15)).all()
    columns = ["fee_id", *STANDING]
    pd.testing.assert_frame_equal(shown[columns], found(*rows[::-1], moves=moves[::-1])[columns])
