"""A fund's form N-PORT, as its regulator publishes it. What the fund owns belongs to fund_reports."""

from lxml import etree

from fo_platform.simulation.fund_reports import Line, Report
from fo_platform.simulation.writers.iso20022 import node
from fo_platform.units import plain

NAMESPACE = "http://www.sec.gov/edgar/nport"
NOTE = "Simulated: the fund's name and numbers stand for no filing."


def nport(report: Report) -> bytes:
    """One report; its lines, receivables and payables make up the net assets that it states."""
    filer = node("filerInfo", node("filer", node("issuerCredentials", node("cik", report.registrant))))
    header = node("headerData", node("submissionType", "NPORT-P"), node("isConfidential", "false"), filer)
    lines = node("invstOrSecs", *(_line(line, report) for line in report.lines))
    notes = node("explntrNotes", node("explntrNote", note=NOTE, noteItem="B.1"))
    body = node("formData", _general(report), _totals(report), lines, notes)
    root = node("edgarSubmission", header, body, xmlns=NAMESPACE)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _general(report: Report) -> etree._Element:
    stated = {
        "regName": "Demo Fund Trust (simulated)", "regCik": report.registrant, "seriesName": report.fund_name,
        "seriesId": report.series_id, "repPdEnd": f"{report.year_end}", "repPdDate": f"{report.day}",
        "isFinalFiling": "N",
    }  # fmt: skip
    return node("genInfo", *(node(name, text) for name, text in stated.items()))


def _totals(report: Report) -> etree._Element:
    figures = {"totAssets": report.assets, "totLiabs": report.payables, "netAssets": report.net_assets}
    return node("fundInfo", *(node(name, plain(figure)) for name, figure in figures.items()))


def _line(line: Line, report: Report) -> etree._Element:
    named = {"isin": line.isin, "ticker": line.ticker}
    identifiers = [node(scheme, value=value) for scheme, value in named.items() if value]
    parts = [
        node("name", line.issuer), node("lei", line.lei or "N/A"), node("title", line.title),
        node("cusip", line.isin[2:11] if line.isin.startswith("US") else "N/A"),
        node("identifiers", *(identifiers or [node("other", otherDesc="Internal", value=line.title)])),
        node("balance", plain(line.quantity)), node("units", line.units), node("curCd", "USD"),
        node("valUSD", plain(line.value_usd)), node("pctVal", plain(report.percent(line))),
        node("payoffProfile", "N/A" if line.category == "DE" else "Long"), node("assetCat", line.category),
        node("issuerCat", line.issuer_category), node("invCountry", line.country),
        *([node("invOtherCountry", line.country_risk)] if line.country_risk else []),
        node("isRestrictedSec", "N"), node("fairValLevel", "1" if line.category == "EC" else "2"), *_debt(line),
    ]  # fmt: skip
    return node("invstOrSec", *parts)


def _debt(line: Line) -> list[etree._Element]:
    if line.maturity is None:
        return []
    terms = {"maturityDt": f"{line.maturity}", "couponKind": "Fixed", "annualizedRt": plain(line.coupon * 100)}
    return [node("debtSec", *(node(name, text) for name, text in terms.items()))]
