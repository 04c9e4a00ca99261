"""Private funds, appraised assets, liabilities and fees: the newest statement counts, and what moved since."""

from decimal import Decimal

import pandas as pd

from fo_platform.book.appraisals import appraisals
from fo_platform.book.capital_notices import capital_notices
from fo_platform.book.fees import fees
from fo_platform.book.liabilities import liabilities
from fo_platform.book.private_capital import private_capital
from fo_platform.book.valuations import valuations
from fo_platform.checks.unfunded_adds_up import CHECK
from fo_platform.contracts import book, policy, reference
from fo_platform_tests.book import frames
from fo_platform_tests.book.frames import Row, record

ADMINISTRATOR = {"source": "administrator", "feed": "ilpa_capital_account", "account": "LP-7"}
ACCOUNTS = policy.Accounts.frame(
    [
        {"account_id": name, "entity_id": "trust", "custodian": source, "account_id_source": number}
        | {"statement_basis": "settle", "lot_authority": "office", "is_tradeable": False, "base_currency": "USD"}
        | {"cash_floor_base": 0}
        for name, source, number in (
            ("trust_private", "administrator", "LP-7"),
            ("foundation_us", "us_custodian", "0088"),
        )
    ]
)
RATES = reference.FxRates.frame(
    [{"currency": "EUR", "base_currency": "USD", "rate_date": frames.PREVIOUS, "fx_rate": "1.05", "fx_source": "ecb"}
     | {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}]
)  # fmt: skip
MORE = {"fx_rates": RATES, "cash": book.Cash.frame(), "private_capital": book.PrivateCapital.frame()}


def statement(nav_date: str, nav: str, *, file: int = 1, **more: str) -> Row:
    fields = {
        "fund_id_source": "F1", "fund_name": "Fund one", "currency": "EUR", "nav_date": nav_date, "nav_end": nav,
        "commitment": "1000", "called": "600", "distributed": "100", "recallable": "50", "unfunded": "450", **more,
    }  # fmt: skip
    return record("capital_account", of=ADMINISTRATOR, file=file, **fields)


def notice(number: str, kind: str, due: str, paid: str, **more: str) -> Row:
    fields = {"fund_id_source": "F1", "notice_id": number, "notice_type": kind, "due_date": due, "currency": "EUR"}
    return record("capital_notice", of=ADMINISTRATOR, **fields, amount=paid, **more)


def rolled(
    *rows: Row, notices: pd.DataFrame | None = None, before: pd.DataFrame | None = None, day: pd.Timestamp = frames.DAY
) -> pd.DataFrame:
    announced = capital_notices(frames.raw(rows), ACCOUNTS, book.CapitalNotices.frame() if notices is None else notices)
    previous = book.PrivateCapital.frame() if before is None else before
    found = private_capital(frames.raw(rows), ACCOUNTS, announced, previous, RATES, day=day)
    return book.PrivateCapital.validate(found)


def test_a_stated_value_is_rolled_forward_by_what_moved_after_its_date_and_by_the_day() -> None:
    row = rolled(
        statement("2022-03-31", "700"),
        notice("1", "call", "2022-03-30", "11"),
        notice("2", "call", "2022-05-02", "100"),
        notice("3", "distribution", "2022-06-15", "40", recallable="15"),
        notice("4", "call", "2022-06-16", "77"),
    ).iloc[0]
    assert (row["nav_stated"], row["nav_local"], row["nav_base"]) == (700, 760, 798)
    assert (row["called_local"], row["distributed_local"], row["recallable_local"]) == (700, 140, 65)
    assert (row["unfunded_local"], row["unfunded_base"]) == (365, Decimal("383.25"))
    assert row["nav_age_days"] == 76


def test_the_same_day_after_day_is_carried_without_counting_anything_twice() -> None:
    rows = (statement("2022-03-31", "700"), notice("1", "call", "2022-05-02", "100"))
    first = rolled(*rows)
    announced = capital_notices(frames.raw(rows), ACCOUNTS, book.CapitalNotices.frame())
    second = rolled(notices=announced, before=first, day=frames.DAY + pd.Timedelta(days=1))
    same = [name for name in first if name != "nav_age_days"]
    assert second[same].equals(first[same])
    assert second["nav_age_days"].tolist() == [77]


def test_a_newer_statement_ends_what_was_rolled_and_an_older_one_changes_nothing() -> None:
    rows = (statement("2022-03-31", "700"), notice("1", "call", "2022-05-02", "100"))
    announced = capital_notices(frames.raw(rows), ACCOUNTS, book.CapitalNotices.frame())
    first = rolled(*rows)
    newer = rolled(statement("2022-05-31", "830", called="700", unfunded="350"), notices=announced, before=first)
    assert newer[["nav_local", "called_local", "unfunded_local"]].iloc[0].tolist() == [830, 700, 350]
    older = rolled(statement("2021-12-31", "1"), notices=announced, before=newer)
    assert older.equals(newer)


def test_a_restated_value_of_the_same_date_counts_and_one_of_the_future_does_not() -> None:
    found = rolled(statement("2022-03-31", "700"), statement("2022-03-31", "690", file=2))
    assert found["nav_local"].tolist() == [690]
    assert rolled(statement("2022-06-30", "700")).empty


def test_a_corrected_notice_replaces_the_first() -> None:
    first = capital_notices(
        frames.raw([notice("1", "call", "2022-05-02", "100")]), ACCOUNTS, book.CapitalNotices.frame()
    )
    second = capital_notices(frames.raw([notice("1", "call", "2022-05-02", "90")]), ACCOUNTS, first)
    assert second["amount_local"].tolist() == [90]


def test_the_identity_of_what_is_unfunded_is_checked() -> None:
    assert CHECK.find(rolled(statement("2022-03-31", "700"))).empty
    assert len(CHECK.find(rolled(statement("2022-03-31", "700", unfunded="460")))) == 1


def appraisal(day: str, worth: str) -> Row:
    fields = {"asset_id_source": "P1", "appraisal_date": day, "market_value": worth, "currency": "EUR"}
    return record("appraisal", of=ADMINISTRATOR, **fields, ownership_share="0.5", method="appraisal")


def valued(
    *rows: Row, before: pd.DataFrame | None = None, newest: pd.DataFrame | None = None, day: pd.Timestamp = frames.DAY
) -> pd.DataFrame:
    known = book.Valuations.frame() if before is None else before
    kept = book.Appraisals.frame() if newest is None else newest
    return book.Valuations.validate(valuations(frames.raw(rows), ACCOUNTS, known, kept, day=day))


def test_every_appraisal_is_kept_in_full_and_of_one_date_the_one_that_came_later() -> None:
    first = valued(appraisal("2021-12-31", "999"), appraisal("2022-03-31", "200"), appraisal("2022-06-30", "1"))
    assert first["market_value_local"].tolist() == [999, 200]
    assert set(first["instrument_id"]) == {"ASSET.P1"}
    again = valued(appraisal("2022-03-31", "210"), before=first)
    assert again["market_value_local"].tolist() == [999, 210]
    assert valued(before=again).equals(again)


def test_an_office_that_kept_no_valuations_begins_with_its_newest_appraisals() -> None:
    newest = appraisals(
        frames.raw([appraisal("2022-03-31", "200")]), ACCOUNTS, book.Appraisals.frame(), RATES, day=frames.DAY
    )
    assert valued(newest=newest)["market_value_local"].tolist() == [200]


def test_the_newest_appraisal_counts_with_our_share_in_base_currency() -> None:
    raw = frames.raw([appraisal("2022-03-31", "200"), appraisal("2021-12-31", "999"), appraisal("2022-06-30", "1")])
    found = appraisals(raw, ACCOUNTS, book.Appraisals.frame(), RATES, day=frames.DAY)
    assert book.Appraisals.validate(found)["market_value_base"].tolist() == [105]
    carried = appraisals(frames.raw(), ACCOUNTS, found, RATES, day=frames.DAY)
    assert carried.equals(found)


def loan(number: str, owed: str, statement_date: str, file: int = 1) -> Row:
    fields = {"liability_id_source": number, "liability_kind": "loan", "currency": "EUR", "amount": owed}
    return record("liability", of=ADMINISTRATOR, statement=pd.Timestamp(statement_date), file=file, **fields)


def test_a_liability_that_a_newer_statement_leaves_out_is_repaid() -> None:
    raw = frames.raw([loan("L1", "100", "2022-06-10"), loan("L2", "40", "2022-06-10")])
    first = liabilities(raw, ACCOUNTS, book.Liabilities.frame(), RATES, day=frames.DAY)
    assert book.Liabilities.validate(first)["liability_base"].tolist() == [105, 42]
    second = liabilities(frames.raw([loan("L1", "90", "2022-06-14")]), ACCOUNTS, first, RATES, day=frames.DAY)
    assert second[["liability_id", "liability_local"]].values.tolist() == [["L1", 90]]
    older = liabilities(frames.raw([loan("L9", "1", "2022-06-01")]), ACCOUNTS, second, RATES, day=frames.DAY)
    assert older.equals(second)


def test_fees_are_kept_for_a_year_each_once_whoever_states_them() -> None:
    def fee(number: str, charged: str, cost: str) -> Row:
        fields = {"fee_id_source": number, "fee_kind": "management", "charged_date": charged, "currency": "EUR"}
        return record("fee", of=ADMINISTRATOR, **fields, amount=cost)

    taken = book.Transactions.frame(
        [{"transaction_id": "t1", "account_id": "foundation_us", "transaction_kind": "fee"}
         | {"cash_local": "-12.50", "currency": "USD", "statement_date": frames.PREVIOUS, "source": "us_custodian"}
         | {"trade_date": frames.PREVIOUS}
         | {"file_sha256": "0" * 64, "line": 1, "byte_offset": 0}]
    )  # fmt: skip
    raw = frames.raw([fee("1", "2022-03-31", "100"), fee("2", "2021-03-31", "999")])
    found = book.Fees.validate(fees(raw, ACCOUNTS, taken, book.Fees.frame(), **MORE, day=frames.DAY))
    assert sorted(found["fee_local"]) == [Decimal("12.50"), 100]
    again = fees(frames.raw([fee("1", "2022-03-31", "101")]), ACCOUNTS, taken, found, **MORE, day=frames.DAY)
    assert sorted(again["fee_local"]) == [Decimal("12.50"), 101]


def test_days_without_anything_have_empty_tables() -> None:
    nothing = frames.raw()
    assert capital_notices(nothing, ACCOUNTS, book.CapitalNotices.frame()).empty
    assert rolled().empty
    assert appraisals(nothing, ACCOUNTS, book.Appraisals.frame(), RATES, day=frames.DAY).empty
    assert valued().empty
    assert liabilities(nothing, ACCOUNTS, book.Liabilities.frame(), RATES, day=frames.DAY).empty
    assert fees(nothing, ACCOUNTS, book.Transactions.frame(), book.Fees.frame(), **MORE, day=frames.DAY).empty


def test_what_a_source_leaves_out_fails_nothing_and_stays_in_raw() -> None:
    bare = [record(kind, of=ADMINISTRATOR) for kind in ("appraisal", "liability", "fee", "capital_notice")]
    raw = frames.raw([*bare, record("capital_account", of=ADMINISTRATOR, fund_id_source="F1", nav_date="2022-03-31")])
    notices = capital_notices(raw, ACCOUNTS, book.CapitalNotices.frame())
    found = private_capital(raw, ACCOUNTS, notices, book.PrivateCapital.frame(), RATES, day=frames.DAY)
    assert (notices.empty, found.empty) == (True, True)
    assert appraisals(raw, ACCOUNTS, book.Appraisals.frame(), RATES, day=frames.DAY).empty
    assert valued(*bare).empty
    assert liabilities(raw, ACCOUNTS, book.Liabilities.frame(), RATES, day=frames.DAY).empty
    assert fees(raw, ACCOUNTS, book.Transactions.frame(), book.Fees.frame(), **MORE, day=frames.DAY).empty
