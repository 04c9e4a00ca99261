"""The seeded outside world of the demo office: what arrives each morning. Reading it belongs elsewhere."""

import json
from collections import ChainMap
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from fo_platform.simulation.accounts import ACCOUNTS, Opening, opening_cash, opening_lots
from fo_platform.simulation.defects import Defect, misstated, planted, truncated
from fo_platform.simulation.fills import read_fills
from fo_platform.simulation.fund_reports import published
from fo_platform.simulation.market import Market, build_market
from fo_platform.simulation.movements import Movement, in_order
from fo_platform.simulation.planned import coupons, planned_movements
from fo_platform.simulation.private_assets import PrivateAssets
from fo_platform.simulation.state import Snapshot, account_at
from fo_platform.simulation.writers.camt053 import camt053
from fo_platform.simulation.writers.digital_json import Balance as Coins
from fo_platform.simulation.writers.digital_json import digital_json
from fo_platform.simulation.writers.ibkr_flex import ibkr_flex
from fo_platform.simulation.writers.market_csv import market_csv
from fo_platform.simulation.writers.mt535 import mt535
from fo_platform.simulation.writers.mt940 import mt940
from fo_platform.simulation.writers.nport import nport
from fo_platform.simulation.writers.semt002 import semt002
from fo_platform.simulation.writers.tape import session_tape
from fo_platform.simulation.writers.us_fixed_width import us_fixed_width
from fo_platform.units import plain

FIRST_PARTITION = date(2022, 3, 18)
"""Sixty sessions before the trigger day."""

TRIGGER_DAY = date(2022, 6, 14)
HISTORY_SESSIONS = 300
"""Sessions of prices that the first market file carries before its own."""

BROKER, SWISS, US_CUSTODIAN, MARKET_DATA = "interactive_brokers", "swiss_bank", "us_custodian", "market_data"
GLOBAL, DIGITAL = "global_custodian", "digital_custodian"
CUSTODIANS = (BROKER, SWISS, US_CUSTODIAN, GLOBAL, DIGITAL)
FUND_REPORTS = "fund_reports"

Files = dict[str, bytes]
"""Contents by file name."""


class World:
    """Custodians, market-data vendor and exchange tape of the demo, all from one seed and the broker's drop copies.

    home: where the truth of each statement is noted for drills; nothing is ever read back from it.
    """

    def __init__(self, home: Path, seed: int = 7, *, defects: bool = True) -> None:
        """Nothing is computed until a day is asked for."""
        self.home = home
        self.seed = seed
        self.defects = defects

    @cached_property
    def private(self) -> PrivateAssets:
        """Funds, properties, loans and benchmarks, and what is delivered of them."""
        return PrivateAssets(self.seed)

    @cached_property
    def market(self) -> Market:
        """Prices, rates and factors of every session."""
        return build_market(self.seed)

    def sessions(self) -> list[date]:
        """The demo's partitions, from the first to the last that a real close ships for."""
        return [day for day in self.market.sessions() if day >= FIRST_PARTITION]

    def deliver(self, day: date, inbox: Path, broker: Path) -> list[Path]:
        """Files of the morning of a session, written under inbox/<source>/; the session's tape goes to broker/tape/.

        They state the close of the session before, fills in broker/drop_copy/ of all sessions before `day` included. A
        file that is there already stays as it is, whoever wrote it.
        """
        movements = self._movements(broker, day)
        morning = {**self._morning(day, movements), **self._private(day), FUND_REPORTS: self._fund_reports(day)}
        written = {source: files for source, files in morning.items() if files}
        self._note_truth(day, movements)
        _place(broker / "tape", {f"{day}.csv": session_tape(self.market, day)})
        return [path for source, files in written.items() for path in _place(inbox / source, files)]

    def truth(self, day: date, broker: Path) -> list[Snapshot]:
        """Every account as the statements of the morning of a session ought to have it."""
        return self._closes(self.market.previous(day), self._movements(broker, day))

    @cached_property
    def _openings(self) -> dict[str, Opening]:
        return {
            account_id: Opening(opening_lots(account, self.market, self.seed), opening_cash(account, self.market))
            for account_id, account in ACCOUNTS.items()
        }

    @cached_property
    def _planned(self) -> list[Movement]:
        return planned_movements(self.market, self._openings)

    def _movements(self, broker: Path, before: date) -> list[Movement]:
        trades = [*self._planned, *read_fills(broker / "drop_copy", before)]
        paid = [m for name, opening in self._openings.items() for m in coupons(name, opening.lots, trades, self.market)]
        return sorted([*trades, *paid], key=in_order)

    def _closes(self, statement: date, movements: list[Movement]) -> list[Snapshot]:
        return [account_at(ACCOUNTS[name], statement, movements, opening) for name, opening in self._openings.items()]

    def _morning(self, day: date, movements: list[Movement]) -> dict[str, Files]:
        statement = self.market.previous(day)
        before = self._closes(self.market.previous(statement), movements)
        pairs = list(zip(before, self._closes(statement, movements), strict=True))
        by_source = {source: [p for p in pairs if p[1].account.source == source] for source in CUSTODIANS}
        history = HISTORY_SESSIONS if day == FIRST_PARTITION else 0
        us_accounts = [after for _, after in by_source[US_CUSTODIAN]]
        return {
            BROKER: self._flex(day, by_source[BROKER]),
            SWISS: self._swift(day, by_source[SWISS]),
            GLOBAL: self._iso20022(by_source[GLOBAL]),
            DIGITAL: {f"vaults_{statement:%Y%m%d}.json": _vaults(after) for _, after in by_source[DIGITAL]},
            US_CUSTODIAN: {f"us_custodian_{statement:%Y%m%d}.txt": us_fixed_width(us_accounts, self.market, day)},
            MARKET_DATA: {f"market_{statement:%Y%m%d}.csv": market_csv(self.market, statement, history)},
        }

    def _private(self, day: date) -> dict[str, Files]:
        """What came of private assets since the session before; the first morning carries what was stated earlier."""
        before = self.market.previous(day)
        mornings = [before + timedelta(days=n) for n in range(1, (day - before).days + 1)]
        came = [self.private.files_of(morning) for morning in mornings]
        if day == FIRST_PARTITION:
            came = [*self.private.earlier(before), *came]
        sources = dict.fromkeys(source for files in came for source in files)
        return {source: dict(ChainMap(*(files.get(source, {}) for files in came))) for source in sources}

    def _fund_reports(self, day: date) -> Files:
        reports = published(self.market, day, self.seed, is_first=day == FIRST_PARTITION)
        return {f"nport_{report.series_id}_{report.day:%Y%m%d}.xml": nport(report) for report in reports}

    def _flex(self, day: date, pairs: list[tuple[Snapshot, Snapshot]]) -> Files:
        name = f"ibkr_flex_{self.market.previous(day):%Y%m%d}"
        right = ibkr_flex(pairs, self.market, f"{day:%Y%m%d};021500")
        wrong = self._defects(day, BROKER, "restated")
        if not wrong:
            return {f"{name}.xml": right}
        first = ibkr_flex(
            [(before, misstated(after, wrong)) for before, after in pairs], self.market, f"{day:%Y%m%d};021500"
        )
        return {f"{name}.xml": first, f"{name}_restated.xml": ibkr_flex(pairs, self.market, f"{day:%Y%m%d};064500")}

    def _swift(self, day: date, pairs: list[tuple[Snapshot, Snapshot]]) -> Files:
        """Pages of holdings and one file of cash an account; the last page of a truncated delivery breaks off."""
        broken = {defect.account_id for defect in self._defects(day, SWISS, "truncated")}
        return {name: content for pair in pairs for name, content in self._swift_account(pair, broken).items()}

    def _swift_account(self, pair: tuple[Snapshot, Snapshot], broken: set[str]) -> Files:
        before, after = pair
        account, stamp = after.account, f"{after.day:%Y%m%d}"
        number = account.account_id_source.replace("-", "")
        pages = mt535(after, self.market)
        if account.account_id in broken:
            pages = [*pages[:-1], truncated(pages[-1])]
        cash = mt940(before, after, self.market.sessions_in_year(after.day))
        holdings = {f"mt535_{number}_{stamp}_p{page}.fin": content for page, content in enumerate(pages, 1)}
        return holdings | {f"mt940_{number}_{stamp}.sta": cash}

    def _iso20022(self, pairs: list[tuple[Snapshot, Snapshot]]) -> Files:
        """Pages of holdings and one file of cash an account."""
        files: Files = {}
        for before, after in pairs:
            name = f"{after.account.account_id_source.replace('-', '')}_{after.day:%Y%m%d}"
            files |= {f"semt002_{name}_p{n}.xml": page for n, page in enumerate(semt002(after, self.market), 1)}
            files[f"camt053_{name}.xml"] = camt053(before, after, self.market.sessions_in_year(after.day))
        return files

    def _defects(self, day: date, source: str, what: str) -> list[Defect]:
        return planted(day, source, what) if self.defects else []

    def _note_truth(self, day: date, movements: list[Movement]) -> None:
        """What the statements of a morning ought to say, for drills; overwritten each time."""
        statement = self.market.previous(day)
        accounts = {s.account.account_id: _stated(s) for s in self._closes(statement, movements)}
        note = self.home / "truth" / f"{day}.json"
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(
            json.dumps({"statement_date": str(statement), "accounts": accounts}, indent=1), encoding="utf-8"
        )


def _vaults(snapshot: Snapshot) -> bytes:
    """The digital-asset custodian's answer: all of it available, nothing pending, frozen or staked."""
    nothing = Decimal(0)
    coins = {h.instrument_id: Coins(h.quantity, h.quantity, nothing, nothing, nothing) for h in snapshot.holdings}
    return digital_json(snapshot.account.account_id_source, snapshot.day, coins)


def _stated(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    return {
        "quantity": {h.instrument_id: plain(h.quantity) for h in snapshot.holdings},
        "quantity_settled": {h.instrument_id: plain(h.quantity_settled) for h in snapshot.holdings},
        "cash": {currency: plain(balance.amount) for currency, balance in snapshot.balances.items()},
        "cash_settled": {currency: plain(balance.amount_settled) for currency, balance in snapshot.balances.items()},
    }


def _place(folder: Path, files: Files) -> list[Path]:
    """Write each file whole or not at all; the unfinished one stands beside the folder, where nobody looks."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        unfinished = folder.parent / f".{folder.name}.{name}.part"
        if not (folder / name).exists():
            unfinished.write_bytes(content)
            unfinished.rename(folder / name)
    return [folder / name for name in files]
