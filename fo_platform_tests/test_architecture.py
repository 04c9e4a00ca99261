"""The style guide's rules about who imports whom, and what code may never do."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from fo_platform_tests.source_tree import PACKAGE, ROOT, Module, body_lines, modules, nesting


def words(text: str) -> set[str]:
    """Names, separated by blanks."""
    return set(text.split())


BASE = words(
    "contracts units errors clock ids calendars costs lots records canonical signing limits crash registry "
    "declarations settings once identify"
)
PURE = words("policy reference custodians book analytics decision execution brokers identifiers notify checks pictures")
STORES = {"ledger", "warehouse"}
VERBS = {"lineage", "operations", "office"}
FACES = {"defs", "web", "cli"}

MAY_IMPORT: dict[str, set[str]] = {
    **dict.fromkeys(BASE, BASE),
    **{area: BASE | {area} for area in PURE},
    **dict.fromkeys(STORES, BASE | PURE | STORES),
    **dict.fromkeys(VERBS, BASE | PURE | STORES | VERBS),
    "simulation": BASE | (PURE - {"custodians"}) | STORES | VERBS | {"simulation"},
    "defs": BASE | PURE | STORES | VERBS | {"defs"},
    "definitions": {"defs"},
    "web": BASE | PURE | STORES | VERBS | {"web", "definitions"},
    "cli": BASE | PURE | STORES | VERBS | FACES | {"simulation", "definitions"},
}
"""Area -> areas that it may import: what stands left of it in the chain, and itself."""

SOLVERS = words("cvxpy clarabel piqp highspy osqp scs")
CLIENTS = ("custodians/transports", "brokers", "identifiers", "notify")
NETWORK = words("httpx requests aiohttp urllib.request http.client smtplib ftplib asyncssh paramiko websockets")

ONLY_IN: dict[str, tuple[str, ...]] = {
    "duckdb": ("warehouse",),
    "snowflake": ("warehouse",),
    "sqlalchemy": ("warehouse", "ledger", "defs/event_log.py"),
    "alembic": ("ledger",),
    "matplotlib": ("pictures",),
    "dbt": ("operations/marts.py",),
    **dict.fromkeys(SOLVERS, ("decision",)),
    **dict.fromkeys(NETWORK, CLIENTS),
    # The web listens on one.
    "socket": (*CLIENTS, "web"),
}
"""Library -> the only places that may import it."""

FORBIDDEN_CALLS = words(
    "datetime.now datetime.utcnow datetime.today date.today time.time time.time_ns Timestamp.now Timestamp.today "
    "Timestamp.utcnow uuid.uuid1 uuid.uuid4 os.urandom secrets.token_hex secrets.token_bytes"
)
SOURCES_OF_CHANCE = ("clock.py", "ids.py")

PRODUCT = modules()
EVERYTHING = PRODUCT + modules("fo_platform_tests")


def offences(found: Iterator[str]) -> None:
    """Fail with one line an offence."""
    lines = sorted(found)
    assert not lines, "\n" + "\n".join(lines)


def test_every_area_has_its_place_in_the_chain() -> None:
    areas = {module.area for module in PRODUCT} - {"__init__"}
    assert areas <= set(MAY_IMPORT), f"say what these may import: {sorted(areas - set(MAY_IMPORT))}"


def test_an_area_imports_only_what_stands_before_it() -> None:
    offences(
        f"{module.name} imports {PACKAGE}.{area}"
        for module in PRODUCT
        if module.area != "__init__"
        for area in module.ours - MAY_IMPORT[module.area]
    )


def test_modules_do_not_import_in_circles() -> None:
    graph = {_dotted(module): _imported(module) for module in PRODUCT}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def _dotted(module: Module) -> str:
    return module.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imported(module: Module) -> set[str]:
    """Modules of ours that a module imports."""
    known = {_dotted(other) for other in PRODUCT}
    names = {found.module for found in module.imports} | {found.module.rpartition(".")[0] for found in module.imports}
    return (names & known) - {_dotted(module), PACKAGE}


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_stays_where_it_belongs(library: str) -> None:
    offences(
        f"{module.name} imports {library}"
        for module in PRODUCT
        if library in module.outside and not _lies_in(module, ONLY_IN[library])
    )


def _lies_in(module: Module, places: tuple[str, ...]) -> bool:
    return any(f"{module.name}/".startswith(f"{PACKAGE}/{place}/") for place in places)


def test_dagster_is_imported_in_defs_and_one_adapter_each_of_web_and_cli() -> None:
    users = [module for module in PRODUCT if any(root.startswith("dagster") for root in module.outside)]
    adapters = defaultdict(list)
    for module in users:
        if module.area not in ("defs", "definitions"):
            adapters[module.area].append(module.name)
    assert set(adapters) <= {"web", "cli"}, dict(adapters)
    assert all(len(names) == 1 for names in adapters.values()), dict(adapters)


def test_dagster_snowflake_is_never_imported_at_the_top_of_a_module() -> None:
    offences(
        f"{module.name}:{node.lineno} imports dagster_snowflake at its top"
        for module in PRODUCT
        for node in module.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom) and "dagster_snowflake" in ast.unparse(node)
    )


def test_the_simulated_world_knows_nothing_of_the_parsers_and_is_known_to_the_command_line_only() -> None:
    importers = {module.area for module in PRODUCT if "simulation" in module.ours} - {"simulation"}
    assert importers <= {"cli"}
    assert not any("custodians" in module.ours for module in PRODUCT if module.area == "simulation")


def test_only_the_simulated_world_and_its_callers_know_where_its_truth_is_kept() -> None:
    offences(
        f"{module.name} knows FO_SIMULATION_HOME"
        for module in PRODUCT
        if "FO_SIMULATION_HOME" in module.text and module.area not in ("simulation", "cli")
    )


def test_time_and_chance_come_from_clock_and_ids_only() -> None:
    offences(
        f"{module.name}:{line} uses {name}"
        for module in PRODUCT
        if module.path.name not in SOURCES_OF_CHANCE
        for line, name in _chance(module)
    )


@pytest.mark.parametrize(
    "line",
    ["datetime.datetime.now(UTC)", "pd.Timestamp.now()", "os.urandom(8)", "np.random.default_rng()", "import random"],
)
def test_time_and_chance_are_seen_however_they_are_written(line: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(line)
    assert list(_chance(Module(tmp_path / "module.py")))


def _chance(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Attribute)
            and f"{ast.unparse(node.value).rsplit('.', 1)[-1]}.{node.attr}" in FORBIDDEN_CALLS
        ):
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Call) and not node.args and ast.unparse(node.func).endswith("default_rng"):
            yield node.lineno, "default_rng without a seed"
    for found in module.imports:
        if found.module.split(".")[0] == "random" or found.module in ("uuid.uuid4", "time.time", "time.time_ns"):
            yield found.line, found.module


def test_annotations_are_never_postponed() -> None:
    offences(f"{m.name}:{i.line}" for m in EVERYTHING for i in m.imports if i.module.startswith("__future__."))


def test_a_package_file_holds_its_docstring_and_nothing_else() -> None:
    packages = [module for module in PRODUCT if module.path.name == "__init__.py"]
    offences(m.name for m in packages if len(m.tree.body) != 1 or ast.get_docstring(m.tree) is None)


@pytest.mark.parametrize("folder", ["dbt", "resources"])
def test_folders_of_data_hold_no_python(folder: str) -> None:
    assert [path.name for path in (ROOT / folder).rglob("*.py")] == []


def test_imports_are_absolute() -> None:
    relative = [
        f"{module.name}:{node.lineno}"
        for module in EVERYTHING
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_a_module_is_at_most_400_lines() -> None:
    offences(f"{m.name}: {n} lines" for m in EVERYTHING if (n := m.text.count("\n")) > 400)


def test_a_function_body_is_at_most_70_lines() -> None:
    offences(
        f"{m.name}:{f.lineno} {f.name}: {n} lines" for m in EVERYTHING for f in m.functions if (n := body_lines(f)) > 70
    )


def test_compound_statements_are_nested_at_most_twice() -> None:
    offences(
        f"{m.name}:{f.lineno} {f.name}: {n} deep" for m in EVERYTHING for f in m.functions if (n := nesting(f)) > 2
    )


def test_the_measure_of_nesting_counts_as_a_reader_does() -> None:
    source = """
def flat():
    if a:
        pass
    elif b:
        pass
    elif c:
        pass
def deep():
    for x in y:
        if a:
            pass
        elif b:
            with c:
                pass
"""
    flat, deep = ast.parse(source).body
    assert isinstance(flat, ast.FunctionDef)
    assert isinstance(deep, ast.FunctionDef)
    assert (nesting(flat), nesting(deep)) == (1, 3)


def test_nothing_prints() -> None:
    calls = [
        f"{module.name}:{node.lineno}"
        for module in PRODUCT
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []
