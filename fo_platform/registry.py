"""Plug-ins found by file: one module a plug-in, one constant or function each.

Lists of plug-ins do not belong anywhere.
"""

import importlib
import pkgutil


def discover(package: str, name: str) -> dict[str, object]:
    """Attribute `name` of every module in `package`, by module name, sorted.

    Modules that start with `_` are not plug-ins.
    """
    folder = importlib.import_module(package)
    names = sorted(info.name for info in pkgutil.iter_modules(folder.__path__) if not info.name.startswith("_"))
    return {module: getattr(importlib.import_module(f"{package}.{module}"), name) for module in names}
