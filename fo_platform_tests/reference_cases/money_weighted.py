"""Published internal rates, present values and multiples of private funds. Time-weighted returns are elsewhere."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pyxirr
from pyxirr import DayCount

from fo_platform.analytics.money_weighted import ONE, internal_rates, ks_pme, multiples, present_value
from fo_platform_tests.reference_cases._series import Array, Case, number

SPELLINGS = {"act/365": "act/365F", "actual/365": "act/365F", "30/360 psa": "30U/360", "30/360 european": "30E/360"}
"""Names of day counts that the library does not know, in small letters, by one that it does."""


def _amounts(case: Case, name: str = "amounts") -> Array:
    return np.array(case[name], dtype=np.float64)


def _dates(case: Case) -> pd.Series:
    return pd.to_datetime(pd.Series(case["dates"]))


def _day_count(case: Case) -> DayCount:
    name = str(case.get("day_count", "act/365F"))
    return DayCount.of(SPELLINGS.get(name.casefold(), name))


def _xirr(case: Case) -> float | None:
    """Ours where we state one. Of several roots the sources give the one that their solver finds, or none."""
    days, amounts = _dates(case), _amounts(case)
    assert len(days) == len(amounts), "every flow has a date"
    published = pyxirr.xirr(days.to_numpy().astype("datetime64[D]"), amounts, silent=True, day_count=_day_count(case))
    if published is None or not np.isfinite(published):
        return None
    stated = internal_rates(pd.Series("case", index=days.index), days, pd.Series(amounts)).iloc[0]
    is_ours = stated["irr_flag"] == ONE and str(_day_count(case)) == str(DayCount.ACT_365F)
    return float(stated["irr_annual"]) if is_ours else published


def _xnpv(case: Case) -> float:
    return present_value(number(case, "rate"), _dates(case), pd.Series(_amounts(case)))


def _xnfv(case: Case) -> float | None:
    return pyxirr.xnfv(number(case, "rate"), _dates(case).to_numpy().astype("datetime64[D]"), _amounts(case))


def _xfv(case: Case) -> float | None:
    dates = [date.fromisoformat(str(case[name])) for name in ("start_date", "cash_flow_date", "end_date")]
    return pyxirr.xfv(*dates, *(number(case, name) for name in ("cash_flow_rate", "end_rate", "cash_flow")))


def _npv(case: Case) -> float | None:
    return pyxirr.npv(number(case, "rate"), _amounts(case), start_from_zero=bool(case.get("start_from_zero", True)))


def _nfv(case: Case) -> float | None:
    amounts = _amounts(case)
    return pyxirr.nfv(number(case, "rate"), number(case, "nper", default=len(amounts)), amounts)


def _mirr(case: Case) -> float | None:
    return pyxirr.mirr(_amounts(case), number(case, "finance_rate"), number(case, "reinvest_rate"))


def _annuity(name: str, *arguments: str) -> Callable[[Case], float | None]:
    """A function of the time value of money, by its arguments' names; absent ones keep their default."""
    function = getattr(pyxirr, name)
    return lambda case: function(
        **{each: case[each] for each in (*arguments, "fv", "pmt_at_beginning") if each in case and each != name}
    )


def _multiple(name: str) -> Callable[[Case], float]:
    def measured(case: Case) -> float:
        amounts = _amounts(case) if "amounts" in case else -_amounts(case, "contributions")
        paid = float(_amounts(case, "distributions").sum()) if "distributions" in case else amounts[amounts > 0].sum()
        return multiples(float(-amounts[amounts < 0].sum()), float(paid), number(case, "nav"))[name]

    return measured


def _rvpi(case: Case) -> float:
    """The source takes contributions of either sign; of flows of both signs they are the negative ones."""
    flows = _amounts(case, "contributions" if "contributions" in case else "amounts")
    paid_in = flows[flows < 0] if (flows < 0).any() else flows
    return multiples(float(np.abs(paid_in).sum()), 0.0, number(case, "nav"))["rvpi"]


def _pme(name: str, *, has_nav: bool) -> Callable[[Case], object]:
    function = getattr(pyxirr.pe, name)
    return lambda case: function(_amounts(case), _amounts(case, "index"), *([_nav(case)] if has_nav else []))


def _nav(case: Case) -> object:
    stated = case.get("nav", 0.0)
    return np.array(stated, dtype=np.float64) if isinstance(stated, list) else number(case, "nav")


ADAPTERS: dict[str, Callable[[Case], object]] = {
    "xirr": _xirr,
    "xirr_day_count": _xirr,
    "xnpv": _xnpv,
    "xnfv": _xnfv,
    "xfv": _xfv,
    "irr": lambda case: pyxirr.irr(_amounts(case), silent=True),
    "npv": _npv,
    "nfv": _nfv,
    "mirr": _mirr,
    "fv": _annuity("fv", "rate", "nper", "pmt", "pv"),
    "pv": _annuity("pv", "rate", "nper", "pmt"),
    "pmt": _annuity("pmt", "rate", "nper", "pv"),
    "nper": _annuity("nper", "rate", "pmt", "pv"),
    "rate": _annuity("rate", "nper", "pmt", "pv"),
    "ipmt": _annuity("ipmt", "rate", "per", "nper", "pv"),
    "ppmt": _annuity("ppmt", "rate", "per", "nper", "pv"),
    "dpi": _multiple("dpi"),
    "tvpi": _multiple("tvpi"),
    "moic": _multiple("tvpi"),
    "rvpi": _rvpi,
    "ks_pme": lambda case: ks_pme(_amounts(case), _amounts(case, "index"), number(case, "nav")),
    "ks_pme_flows": _pme("ks_pme_flows", has_nav=False),
    "ln_pme": _pme("ln_pme", has_nav=False),
    "ln_pme_nav": _pme("ln_pme_nav", has_nav=False),
    "pme_plus": _pme("pme_plus", has_nav=True),
    "pme_plus_lambda": _pme("pme_plus_lambda", has_nav=True),
    "pme_plus_flows": _pme("pme_plus_flows", has_nav=True),
    "m_pme": _pme("m_pme", has_nav=True),
    "direct_alpha": _pme("direct_alpha", has_nav=True),
}
"""Functions of pyxirr's own test suite by its names; of ours what we have."""
