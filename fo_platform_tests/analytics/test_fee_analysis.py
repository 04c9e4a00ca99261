"""Charges against tariffs: by hand, tier by tier, what is wrong, what nobody can know, and what is carried."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fo_platform.analytics.metrics.fee_analysis import fee_analysis
from fo_platform.analytics.metrics.tariff_comparison import tariff_comparison
from fo_platform.analytics.tariffs import Tariff, in_force, tariffs_of
from fo_platform.contracts._base import inexact
from fo_platform.contracts.analytics import FeeAnalysis, TariffComparison
from fo_platform.contracts.book import Fees, PrivateCapital, Transactions
from fo_platform.contracts.policy import Accounts, FeeTariffs

DAY = pd.Timestamp("2022-06-14")
FIRST_OF_MONTH = pd.Timestamp("2022-06-01")
TARIFF = {
    "provider": "bank", "layer": "custody", "entity_id": "*", "account_id": "*", "valid_from": "2022-01-01",
    "tier_from_local": 0, "fee_basis": "flat", "fee_period": "monthly", "currency": "USD", "fee_rate": 100,
    "minimum_local": 0, "tolerance": 0, "is_embedded": False,
}  # fmt: skip
FEE = {
    "account_id": "trust_0", "entity_id": "trust", "fee_kind": "custody", "charged_date": "2022-05-31",
    "currency": "USD", "fee_local": 100, "fee_standing": "account",
}  # fmt: skip
FUND = {"account_id": "trust_pe", "fund_id": "F", "fund_name": "Fir I", "entity_id": "trust", "currency": "USD"}

Rows = list[dict[str, object]]


def tariffs(*rows: dict[str, object]) -> pd.DataFrame:
    return inexact(FeeTariffs.frame([TARIFF | row for row in rows]))


def accounts() -> pd.DataFrame:
    owners = {"trust_0": ("trust", "bank"), "llc_0": ("llc", "bank"), "trust_1": ("trust", "broker")}
    rows = [
        {"account_id": name, "entity_id": entity, "custodian": custodian, "is_tradeable": False}
        for name, (entity, custodian) in (owners | {"trust_books": ("trust", "ledger")}).items()
    ]
    return inexact(Accounts.frame(rows))


def analysis_of(  # noqa: PLR0913
    frames: SimpleNamespace,
    *charges: dict[str, object],
    fee_tariffs: pd.DataFrame,
    held: pd.DataFrame | None = None,
    funds: Rows | None = None,
    trades: Rows | None = None,
    previous: pd.DataFrame | None = None,
    day: pd.Timestamp = DAY,
) -> pd.DataFrame:
    holdings = frames.positions(("trust", "CASH.USD", "cash", 120_000)) if held is None else held
    analysis = fee_analysis(
        fees=inexact(Fees.frame([{"fee_id": str(n)} | FEE | charge for n, charge in enumerate(charges)])),
        fee_tariffs=fee_tariffs,
        accounts=accounts(),
        holdings=inexact(holdings),
        net_worth=inexact(frames.net_worth(holdings)),
        private_capital=inexact(PrivateCapital.frame(funds or [])),
        transactions=inexact(Transactions.frame(trades or [])),
        fee_analysis_previous=inexact(FeeAnalysis.frame()) if previous is None else previous,
        day=day,
    )
    return inexact(FeeAnalysis.validate(analysis))


def verdicts(analysis: pd.DataFrame) -> dict[tuple[str, ...], str]:
    keys = zip(analysis["provider"], analysis["account_id"], analysis["period_start"].dt.strftime("%m-%d"), strict=True)
    return dict(zip(keys, analysis["fee_status"], strict=True))


@pytest.mark.parametrize(
    ("charged", "tolerance", "status"),
    [
        (100, 0, "explained"), ("100.01", 0, "explained"), ("100.02", 0, "overcharged"), ("99.98", 0, "undercharged"),
        (105, "0.05", "explained"), ("105.01", "0.05", "overcharged"),
    ],
)  # fmt: skip
def test_a_charge_is_explained_within_a_cent_or_the_tolerance(
    frames: SimpleNamespace, charged: object, tolerance: object, status: str
) -> None:
    analysis = analysis_of(frames, {"fee_local": charged}, fee_tariffs=tariffs({"tolerance": float(str(tolerance))}))
    row = analysis.set_index(["account_id", "period_start"]).loc[("trust_0", pd.Timestamp("2022-05-01"))]
    assert row["fee_status"] == status
    assert row["fee_difference_local"] == pytest.approx(float(str(charged)) - 100)


def test_a_period_without_its_charge_is_shown_and_an_unknown_charge_has_no_tariff(frames: SimpleNamespace) -> None:
    extra = {"account_id": "trust_1", "fee_kind": "custody"}
    analysis = analysis_of(frames, {}, extra, fee_tariffs=tariffs({}))
    assert verdicts(analysis) == {
        ("bank", "trust_0", "05-01"): "explained",
        ("bank", "llc_0", "05-01"): "not_charged",
        ("broker", "trust_1", "05-01"): "no_tariff",
    }


def test_without_tariffs_nothing_is_expected(frames: SimpleNamespace) -> None:
    analysis = analysis_of(frames, {}, fee_tariffs=tariffs())
    assert analysis["fee_expected_local"].isna().all()
    assert analysis["fee_status"].tolist() == ["no_tariff"]
    assert analysis_of(frames, fee_tariffs=tariffs()).empty


def test_a_rate_of_a_value_steps_through_its_tiers(frames: SimpleNamespace) -> None:
    # 12 bps a year on the first 60,000 and 6 bps on the other 60,000, a twelfth a month: 72 + 36 over 12.
    stepped = tariffs(
        {"fee_basis": "bps_of_value", "fee_rate": 12},
        {"fee_basis": "bps_of_value", "fee_rate": 6, "tier_from_local": 60_000},
    )
    analysis = analysis_of(frames, {"fee_local": 9}, fee_tariffs=stepped, day=FIRST_OF_MONTH)
    row = analysis.set_index("account_id").loc["trust_0"]
    assert (row["fee_expected_local"], row["fee_status"]) == (9, "explained")


def test_a_value_at_the_period_s_end_is_seen_on_the_next_session_and_carried(frames: SimpleNamespace) -> None:
    rated = tariffs({"fee_basis": "bps_of_value", "fee_rate": 12})
    first = analysis_of(frames, {"fee_local": 12}, fee_tariffs=rated, day=FIRST_OF_MONTH)
    doubled = frames.positions(("trust", "CASH.USD", "cash", 240_000))
    later = analysis_of(frames, {"fee_local": 12}, fee_tariffs=rated, held=doubled, previous=first)
    assert later.set_index("account_id").loc["trust_0", ["fee_expected_local", "fee_status"]].tolist() == [
        12, "explained",
    ]  # fmt: skip
    unseen = analysis_of(frames, {"fee_local": 12}, fee_tariffs=rated, held=doubled)
    assert verdicts(unseen) == {("bank", "trust_0", "05-01"): "unknown"}


def test_an_agreed_value_a_minimum_and_a_commitment_need_no_history(frames: SimpleNamespace) -> None:
    rated = {"fee_basis": "bps_of_value", "fee_rate": 6}
    stated = tariffs(
        rated | {"account_id": "trust_0", "agreed_value_local": 2_000_000},
        rated | {"account_id": "llc_0", "agreed_value_local": 10_000, "minimum_local": 50},
        {"provider": "FUND.F", "layer": "management", "fee_basis": "bps_of_commitment", "fee_period": "quarterly",
         "fee_rate": 200},
    )  # fmt: skip
    ledger = {"account_id": "trust_books", "fee_kind": "management", "description": "Fir I", "fee_local": 4000,
              "period_start": "2022-01-01", "period_end": "2022-03-31"}  # fmt: skip
    analysis = analysis_of(
        frames, {}, {"account_id": "llc_0", "entity_id": "llc", "fee_local": 50}, ledger,
        fee_tariffs=stated, funds=[FUND | {"commitment_local": 1_000_000}],
    )  # fmt: skip
    rows = analysis.set_index("provider")[["fee_expected_local", "fee_difference_local", "fee_status"]]
    assert sorted(rows.loc["bank", "fee_expected_local"]) == [50, 100]
    assert rows.loc["FUND.F"].tolist() == [5000, -1000, "undercharged"]


def test_what_a_payee_bills_is_held_against_the_payee_s_tariff(frames: SimpleNamespace) -> None:
    flat = tariffs({"provider": "Books & Co", "layer": "administration", "entity_id": "trust", "fee_rate": 70})
    bill = {"account_id": "trust_books", "fee_kind": "Administration", "description": "Books & Co", "fee_local": 77}
    analysis = analysis_of(frames, bill, fee_tariffs=flat)
    assert analysis[["account_id", "fee_difference_local", "fee_status"]].to_numpy().tolist() == [
        ["*", 7.0, "overcharged"]
    ]


def test_two_charges_of_one_period_are_one_sum_and_a_charge_twice_is_too_much(frames: SimpleNamespace) -> None:
    assert (
        verdicts(analysis_of(frames, {"fee_local": 40}, {"fee_local": 60}, fee_tariffs=tariffs({})))[
            "bank", "trust_0", "05-01"
        ]
        == "explained"
    )
    assert verdicts(analysis_of(frames, {}, {}, fee_tariffs=tariffs({})))["bank", "trust_0", "05-01"] == "overcharged"


def test_a_charge_that_the_ledger_repeats_is_one_charge(frames: SimpleNamespace) -> None:
    again = {"account_id": "trust_books", "description": "Bank", "fee_standing": "repeated"}
    assert verdicts(analysis_of(frames, {}, again, fee_tariffs=tariffs({}))) == verdicts(
        analysis_of(frames, {}, fee_tariffs=tariffs({}))
    )


def test_commissions_are_worked_out_from_trades_and_never_seen(frames: SimpleNamespace) -> None:
    rated = {"layer": "commission", "fee_basis": "bps_of_trade", "fee_rate": 5, "is_embedded": True}
    trade = {"account_id": "trust_0", "transaction_kind": "buy", "cash_local": -20_000, "currency": "USD"}
    trades = [
        trade | {"transaction_id": "1", "trade_date": "2022-05-02"},
        trade | {"transaction_id": "2", "trade_date": "2022-05-31", "transaction_kind": "sell", "cash_local": 40_000},
        trade | {"transaction_id": "3", "trade_date": "2022-06-01"},
        trade | {"transaction_id": "4", "trade_date": "2022-05-03", "transaction_kind": "dividend"},
    ]
    by_money = analysis_of(frames, fee_tariffs=tariffs(rated), trades=trades).set_index("account_id").loc["trust_0"]
    assert (by_money["fee_expected_local"], by_money["fee_status"]) == (30, "embedded")
    assert pd.isna(by_money["fee_charged_local"])
    by_number = analysis_of(
        frames, fee_tariffs=tariffs(rated | {"fee_basis": "per_trade", "fee_rate": 7}), trades=trades
    )
    assert by_number.set_index("account_id").loc["trust_0", "fee_expected_local"] == 14


def test_an_expense_ratio_is_of_what_each_owner_holds_and_a_share_of_a_gain_is_unknown(frames: SimpleNamespace) -> None:
    inside = {"fee_basis": "bps_of_value", "fee_rate": 12, "is_embedded": True, "layer": "fund_expense"}
    gain = {"provider": "FUND.F", "layer": "performance", "fee_basis": "share_of_gain", "fee_rate": 0.1}
    held = frames.positions(("trust", "ETF", "equity", 1000), ("llc", "ETF", "equity", 5000))
    analysis = analysis_of(
        frames, fee_tariffs=tariffs(inside | {"provider": "ETF"}, gain | {"is_embedded": True}), held=held,
        funds=[FUND | {"commitment_local": 1}], day=FIRST_OF_MONTH,
    ).set_index(["provider", "entity_id"])  # fmt: skip
    assert analysis.loc["ETF", "fee_expected_local"].to_dict() == {"trust": 0.1, "llc": 0.5}
    assert pd.isna(analysis.loc[("FUND.F", "trust"), "fee_expected_local"])
    assert analysis["fee_status"].eq("embedded").all()


def test_a_tariff_in_another_currency_explains_nothing(frames: SimpleNamespace) -> None:
    analysis = analysis_of(frames, {"currency": "CHF"}, fee_tariffs=tariffs({}))
    assert analysis.set_index("currency").loc["CHF", "fee_status"] == "no_tariff"


def test_rows_leave_after_a_year(frames: SimpleNamespace) -> None:
    old = analysis_of(frames, {"charged_date": "2021-05-31"}, fee_tariffs=tariffs({"valid_from": "2021-01-01"}))
    assert "2021-05-31" not in old["period_end"].astype(str).tolist()


def test_the_most_specific_tariff_holds_and_then_the_newest() -> None:
    stated = tariffs_of(
        tariffs(
            {"fee_rate": 1}, {"fee_rate": 2, "valid_from": "2022-03-01"}, {"fee_rate": 3, "entity_id": "trust"},
            {"fee_rate": 4, "account_id": "trust_0"},
        )
    )  # fmt: skip

    def rate(entity: str, account: str, day: str) -> float:
        found = in_force(stated, entity_id=entity, account_id=account, day=pd.Timestamp(day))
        return found.steps[0][1] if found else float("nan")

    assert rate("llc", "llc_0", "2022-02-01") == 1
    assert rate("llc", "llc_0", "2022-03-01") == 2
    assert rate("trust", "trust_1", "2022-03-01") == 3
    assert rate("trust", "trust_0", "2022-03-01") == 4
    assert pd.isna(rate("llc", "llc_0", "2021-12-31"))


def made(**more: object) -> Tariff:
    return tariffs_of(tariffs({"fee_basis": "bps_of_value", "fee_rate": 10} | more))[0]


@given(value=st.floats(0, 1e9), more=st.floats(0, 1e9))
def test_a_charge_rises_with_the_value_and_never_falls_below_its_minimum(value: float, more: float) -> None:
    stepped = tariffs_of(
        tariffs(
            *({"fee_basis": "bps_of_value", "fee_rate": rate, "tier_from_local": start, "minimum_local": 25}
              for start, rate in ((0, 10), (1e6, 5), (1e8, 1)))
        )
    )[0]  # fmt: skip
    assert 25 <= stepped.charge(value) <= stepped.charge(value + more)
    assert stepped.charge(value) <= max(made().charge(value), 25)


def test_twelve_months_are_four_quarters_are_a_year() -> None:
    charges = {period: made(fee_period=period).charge(1_000_000.0) for period in ("monthly", "quarterly", "yearly")}
    assert charges == pytest.approx({"monthly": 1000 / 12, "quarterly": 250, "yearly": 1000})


def compared(frames: SimpleNamespace, held: pd.DataFrame, *rows: dict[str, object]) -> pd.DataFrame:
    comparison = tariff_comparison(
        tariffs(*({"fee_basis": "bps_of_value"} | row for row in rows)),
        accounts(),
        inexact(held),
        inexact(frames.net_worth(held)),
        DAY,
    )
    return inexact(TariffComparison.validate(comparison)).set_index(["scope", "provider"])


def test_the_same_book_costs_what_each_custodian_asks(frames: SimpleNamespace) -> None:
    held = frames.positions(
        ("trust", "A", "equity", 1_000_000), ("trust", "A", "equity", 500_000), ("llc", "A", "equity", 100_000)
    )
    figures = compared(
        frames,
        held,
        {"provider": "bank", "fee_rate": 10},
        {"provider": "broker", "fee_rate": 4, "minimum_local": 20},
        {"provider": "bank", "fee_rate": 1, "account_id": "trust_0", "agreed_value_local": 1},
    )["fee_annual_base"]
    # trust_0 is the bank's, trust_1 the broker's, where 200 a year and the llc's 40 are below twelve times 20.
    assert figures["trust"].to_dict() == {"own": 1240, "bank": 1500, "broker": 640}
    assert figures["llc"].to_dict() == {"own": 100, "bank": 100, "broker": 240}
    assert figures["office"].to_dict() == {"own": 1340, "bank": 1600, "broker": 880}


def test_savings_and_costs_are_over_the_value_priced(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 1_000_000))
    rows = ({"provider": "bank", "fee_rate": 10}, {"provider": "broker", "fee_rate": 4})
    figures = compared(frames, held, *rows).loc["trust"]
    assert figures["cost_bps"].to_dict() == pytest.approx({"own": 10, "bank": 10, "broker": 4})
    assert figures["fee_saved_base"].to_dict() == {"own": 0, "bank": 0, "broker": 600}


def test_a_custodian_whose_price_is_unknown_has_no_figure_and_a_reason(frames: SimpleNamespace) -> None:
    held = frames.positions(("trust", "A", "equity", 1_000_000), ("llc", "A", "equity", 1_000_000))
    figures = compared(
        frames, held, {"provider": "bank", "fee_rate": 10}, {"provider": "broker", "fee_rate": 1, "currency": "JPY"}
    )
    assert figures.xs("broker", level="provider")["fee_annual_base"].isna().all()
    assert figures.xs("broker", level="provider")["reason"].notna().all()
    assert figures.xs("bank", level="provider")["reason"].isna().all()


def test_without_tariffs_or_holdings_there_is_nothing_to_compare(frames: SimpleNamespace) -> None:
    assert compared(frames, frames.positions(("trust", "A", "equity", 1))).empty
    assert compared(frames, frames.positions(), {"provider": "bank", "fee_rate": 10}).empty
