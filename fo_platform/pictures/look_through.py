"""The office's largest issuers, held directly and through funds. What no issuer is known of is left out."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from fo_platform.identify import CASH
from fo_platform.limits import OFFICE
from fo_platform.pictures._picture import DPI, SIZE, Picture

SHOWN = 15

PARTS = ["held directly", "through funds"]


def draw(frame: pd.DataFrame) -> Figure:
    """A bar an issuer, in two parts, the largest on top."""
    office = frame[(frame["scope"] == OFFICE) & ~frame["leaf_id"].str.startswith(CASH)].dropna(subset=["issuer_id"])
    part = (office["depth"] > 0).map({False: PARTS[0], True: PARTS[1]})
    weights = office.assign(part=part).pivot_table(index="issuer_id", columns="part", values="weight", aggfunc="sum")
    parts = weights.reindex(columns=PARTS).fillna(0.0)
    largest = parts.loc[parts.sum(axis=1).nlargest(SHOWN).index[::-1]]
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    left = pd.Series(0.0, index=largest.index)
    for name in PARTS:
        axes.barh(range(len(largest)), largest[name], left=left, label=name)
        left = left + largest[name]
    axes.set_yticks(range(len(largest)), largest.rename(index=_names(office)).index)
    axes.legend(loc="lower right")
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_xlabel("per cent of net asset value")
    axes.set_title("The office's largest issuers, directly and through funds")
    return figure


PICTURE = Picture(draw)


def _names(office: pd.DataFrame) -> dict[str, str]:
    """What people call an issuer: its security that is held directly, or else the largest."""
    known = office.dropna(subset=["leaf_name"]).sort_values(["depth", "weight"], ascending=[True, False])
    named = known.drop_duplicates("issuer_id").set_index("issuer_id")["leaf_name"]
    return {str(issuer): str(name)[:28] for issuer, name in named.items()}
