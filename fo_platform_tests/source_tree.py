"""The source of the project as syntax trees, for the tests that hold it to the style guide.

The rules belong to those tests.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "fo_platform"

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True)
class Import:
    """One import: the module that is named, where, and whether the import stands at the top of the file."""

    module: str
    line: int


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: Path

    @property
    def name(self) -> str:
        """Path from the root, as it is written in a report."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def area(self) -> str:
        """Package or base module right under fo_platform: `book`, `units`."""
        return self.path.relative_to(ROOT / PACKAGE).parts[0].removesuffix(".py")

    @cached_property
    def text(self) -> str:
        """The file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.text, filename=str(self.path))

    @cached_property
    def imports(self) -> list[Import]:
        """Every import, also those inside functions; `from a import b` counts as `a.b`."""
        found: list[Import] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [Import(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [Import(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
        return found

    @cached_property
    def ours(self) -> set[str]:
        """Areas of fo_platform that the module imports."""
        parts = [found.module.split(".") for found in self.imports]
        return {part[1] for part in parts if part[0] == PACKAGE and len(part) > 1}

    @cached_property
    def outside(self) -> set[str]:
        """Top-level packages of others that the module imports, and `urllib.request` where that is what it wants."""
        roots = {found.module.split(".")[0] for found in self.imports}
        return {root for root in roots if root != PACKAGE} | {".".join(i.module.split(".")[:2]) for i in self.imports}

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


def modules(folder: str = PACKAGE) -> list[Module]:
    """Every module under a folder of the project."""
    return [Module(path) for path in sorted((ROOT / folder).rglob("*.py"))]


def body_lines(function: Function) -> int:
    """Lines of a function's body, docstring left out."""
    has_docstring = ast.get_docstring(function) is not None
    body = function.body[1:] if has_docstring else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def nesting(function: Function) -> int:
    """Deepest nesting of compound statements; `elif` lies as deep as its `if`, a nested function starts anew."""
    return max((_depth(statement) for statement in function.body), default=0)


def _depth(node: ast.AST) -> int:
    if isinstance(node, (*Function.__args__, ast.ClassDef, ast.expr)):
        return 0
    inner = max((_depth(child) for child in _inside(node)), default=0)
    own = isinstance(node, BLOCKS)
    beside = [_depth(child) for child in _elif(node)]
    return max([inner + own, *beside])


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    skipped = _elif(node)
    return (child for child in ast.iter_child_nodes(node) if child not in skipped)


def _elif(node: ast.AST) -> list[ast.If]:
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return [node.orelse[0]]
    return []
