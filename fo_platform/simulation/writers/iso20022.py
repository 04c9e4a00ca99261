"""ISO 20022's elements and number style, shared by the messages of one bank. Fields belong to the messages."""

from decimal import Decimal

from lxml import etree

from fo_platform.units import plain

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"


def node(name: str, *content: etree._Element | str, **attributes: str) -> etree._Element:
    """An element with its text, or with the elements inside of it."""
    element = etree.Element(name, attributes)
    for part in content:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def money(currency: str, value: Decimal) -> etree._Element:
    """An amount, which the standard always states without sign."""
    return node("Amt", plain(abs(value)), Ccy=currency)


def document(message: str, body: etree._Element) -> bytes:
    """The file of one message, such as `camt.053.001.08`, in UTF-8."""
    root = node("Document", body, xmlns=f"{NAMESPACE}{message}")
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
