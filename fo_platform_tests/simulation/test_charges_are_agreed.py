"""What the demo world charges is what the demo office's tariffs lead to."""

from decimal import Decimal

import pandas as pd

from fo_platform.analytics.tariffs import in_force, tariffs_of
from fo_platform.contracts._base import inexact
from fo_platform.policy.flow_frames import fee_tariffs
from fo_platform.policy.office import Policy
from fo_platform.simulation.accounts import ACCOUNTS, Opening, opening_cash, opening_lots
from fo_platform.simulation.planned import planned_movements
from fo_platform.simulation.private_assets import PrivateAssets
from fo_platform.simulation.world import World


def test_every_custody_fee_of_every_account_is_the_tariffs(policy: Policy, tmp_path: object) -> None:
    world = World(tmp_path)
    market = world.market
    openings = {
        name: Opening(opening_lots(account, market, world.seed), opening_cash(account, market))
        for name, account in ACCOUNTS.items()
    }
    fees = [movement for movement in planned_movements(market, openings) if movement.kind == "fee"]
    tariffs = tariffs_of(inexact(fee_tariffs(policy)))
    assert len({fee.account_id for fee in fees}) > 5
    for fee in fees:
        source, account = policy.accounts[fee.account_id]
        mine = [tariff for tariff in tariffs if (tariff.provider, tariff.layer) == (source, "custody")]
        found = in_force(mine, entity_id=account.entity, account_id=fee.account_id, day=pd.Timestamp(fee.trade_date))
        assert found is not None
        assert (found.currency, Decimal(f"{found.charge(found.agreed_value):.2f}")) == (fee.currency, -fee.cash)


def test_every_bill_of_the_ledger_is_the_tariffs(policy: Policy) -> None:
    names = {"House bank", "Books & Co"}
    bills = [fee for fee in PrivateAssets().history.fees if fee.payee in names]
    assert bills
    for bill in bills:
        agreed = [tariff for tariff in policy.tariffs[bill.payee] if tariff.entity == bill.entity]
        assert [tariff.rate for tariff in agreed] == [bill.charged]
        assert agreed[0].layer == bill.kind.lower()
