"""Schema-conformant ISO 20022 messages from nested dictionaries, by a library that our readers share nothing with.

The names in the dictionaries are those of the elements. What is read back is asserted in the tests of the formats.
"""

from dataclasses import fields, is_dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any, get_args, get_type_hints

import pytest


def message(name: str, content: dict[str, Any]) -> bytes:
    """A document of a message, such as `semt.002.001.11`; its elements in the order of the schema, whatever is given.

    The library calls the root of each message by another name than the schema does.
    """
    serializers = pytest.importorskip("xsdata.formats.dataclass.serializers")
    module = import_module(f"python_iso20022.{name[:4]}.{name.replace('.', '_')}.models")
    root = name.title().replace(".", "")
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{name}"
    document = serializers.XmlSerializer().render(_built(getattr(module, root), content), ns_map={None: namespace})
    return str(document).replace(f"<{root} ", "<Document ").replace(f"</{root}>", "</Document>").encode()


def amount(currency: str, stated: str, **more: Any) -> dict[str, Any]:
    """An amount in a currency, with a sign or a mark beside it."""
    return {"Amt": {"value": Decimal(stated), "Ccy": currency}, **more}


def _built(kind: Any, content: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    names = {field.metadata.get("name", field.name): field.name for field in fields(kind)}
    return kind(**{names[name]: _value(hints[names[name]], stated) for name, stated in content.items()})


def _value(hint: Any, stated: Any) -> Any:
    if isinstance(stated, list):
        return [_value(hint, each) for each in stated]
    kind = next(kind for kind in _kinds(hint) if isinstance(kind, type) and kind is not type(None))
    if is_dataclass(kind):
        return _built(kind, stated)
    return kind.from_string(stated) if hasattr(kind, "from_string") else kind(stated)


def _kinds(hint: Any) -> list[Any]:
    inner = get_args(hint)
    return [kind for each in inner for kind in _kinds(each)] if inner else [hint]
