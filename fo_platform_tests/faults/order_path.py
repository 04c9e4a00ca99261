"""The order path on a ledger of its own: three signed orders, two of the checks, any broker. The tests are beside it.

`python -m fo_platform_tests.faults.order_path LEDGER FOLDER` is one process of it, for tests that kill processes.
"""

import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from fo_platform.brokers._base import Broker
from fo_platform.brokers._paper_fills import PaperTerms
from fo_platform.brokers.paper import PaperBroker
from fo_platform.execution.order_states import orders_at_close
from fo_platform.execution.pretrade import CHECKS, PretradeTables
from fo_platform.ledger.ledger import Ledger
from fo_platform.ledger.views import ledger_fills, order_events, seq_at
from fo_platform.operations import release

DAY = date(2022, 6, 14)
ORDERS, QUANTITY = ("A" * 20, "B" * 20, "C" * 20), Decimal(100)
TAPE = "instrument_id,mid_price,spread_bps,volume,price_source\nAAPL,100,2,1000000,simulated\n"


def stub_morning() -> None:
    """Put signed lines and a morning's tables in place of those that the whole office would read."""
    release.released_lines = lambda office, day: signed_lines()
    release.pretrade_tables = morning
    release.order_checks = two_checks


def signed_lines() -> pd.DataFrame:
    """Three purchases of 100 AAPL that were signed and released."""
    line = {"entity_id": "foundation", "account_id": "foundation_us", "instrument_id": "AAPL", "side": "BUY"}
    line |= {
        "currency": "USD",
        "broker": "paper",
        "proposal_digest": "a" * 64,
        "slice_no": 1,
        "cost_expected_bps": 5.0,
        "lots": "",
    }
    line |= {"trade_date": pd.Timestamp(DAY), "valid_until_date": pd.Timestamp(DAY), "quantity_max": QUANTITY}
    prices = {"limit_price_local": Decimal(105), "price_local": Decimal(99), "notional_base": Decimal(9900)}
    numbers = prices | {"lot_size": Decimal(1), "price_scale": Decimal(1)}
    return pd.DataFrame([{**line, **numbers, "client_order_id": order} for order in ORDERS])


def morning(office: SimpleNamespace, day: date) -> PretradeTables:
    """What two checks look at; the others have tests of their own."""
    unused = dict.fromkeys(PretradeTables.__dataclass_fields__, pd.DataFrame())
    orders = orders_at_close(*facts(office.ledger, day), pd.Timestamp(day))
    return PretradeTables(**{**unused, "day": pd.Timestamp(day), "orders": orders, "is_killed": False})


def two_checks(order: pd.Series, seen: PretradeTables) -> list[dict[str, object]]:
    """The checks that read the ledger itself."""
    key = {"client_order_id": order["client_order_id"], "entity_id": "foundation"}
    return [{**key, "check": name, **vars(CHECKS[name](order, seen))} for name in ("kill_switch", "no_unknown_order")]


def facts(ledger: Ledger, day: date = DAY) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order events and fills up to the close of a day."""
    seq = seq_at(ledger, ledger.last_known_at())
    return order_events(ledger, day, seq), ledger_fills(ledger, day, seq)


def paper(folder: Path, *, lose_ack: bool = True) -> PaperBroker:
    """The paper broker on a folder with a tape of the day."""
    tape = folder / "tape" / f"{DAY}.csv"
    tape.parent.mkdir(parents=True, exist_ok=True)
    tape.write_text(TAPE)
    return PaperBroker(folder, PaperTerms(seed=1, lose_ack=lose_ack), lambda _, traded: traded + timedelta(days=2))


def send_and_collect(office: SimpleNamespace, broker: Broker) -> None:
    """One session from planning to fills."""
    release.plan_orders(office, DAY)
    release.send_session(office, broker, DAY)
    broker.trade(DAY)
    release.collect_fills(office, broker, DAY)


if __name__ == "__main__":
    stub_morning()
    send_and_collect(SimpleNamespace(ledger=Ledger.open(f"sqlite:///{sys.argv[1]}")), paper(Path(sys.argv[2])))
