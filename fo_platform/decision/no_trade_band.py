"""Edge and horizon of the optimal no-trade band of a drift with proportional cost. Trades do not belong here.

A drift y moves like a Brownian motion of volatility s a year, costs lambda v y^2 / 2 a year, and can be pushed back at
cost c per unit. Pushing it back to an edge a whenever it leaves [-a, a] keeps it uniform in the band and costs
lambda v a^2 / 6 + c s^2 / (2 a) a year, least at the edge below; any other rule of the same kind costs more.
"""

COST_FLOOR = 1e-6
"""A hundredth of a basis point: free trading would make the band and its horizon vanish."""


def edge(cost: float, *, variance: float, volatility: float, risk_aversion: float) -> float:
    """Half-width a* of the optimal no-trade band, a fraction.

    cost: c per unit of drift removed. variance: v a year per unit of drift squared. volatility: s of the drift a year.
    """
    return float((3 * max(cost, COST_FLOOR) * volatility**2 / (2 * risk_aversion * variance)) ** (1 / 3))


def horizon_years(cost: float, *, variance: float, band_edge: float, risk_aversion: float) -> float:
    """T_eff: years over which a one-off cost is held against the drift it removes: then trading stops at the edge."""
    return max(cost, COST_FLOOR) / (risk_aversion * variance * band_edge)
