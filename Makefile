# Each target is one line that a person could type once the environment is there. `.venv` makes the environment on a machine
# that has only git, make, pip and a Python >=3.11,<3.14.
export DO_NOT_TRACK := 1
# Without bytecode every process imports twice as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-chain test-others bench fuzz ui lint

run: .venv/.installed
	.venv/bin/fo run

# The demo is lived through beside everything else, as it keeps one core busy for long.
test: lint
	$(MAKE) --no-print-directory -j 2 test-chain test-others

test-chain: .venv/.installed
	.venv/bin/python -m pytest fo_platform_tests/chain

test-others: .venv/.installed
	.venv/bin/python -m pytest --ignore fo_platform_tests/chain

bench: .venv/.installed
	.venv/bin/python -m fo_platform_tests.benchmarks

SECONDS_EACH = 60
fuzz: .venv/.installed
	.venv/bin/python -m fo_platform_tests.fuzz $(SECONDS_EACH) $(FORMATS)

ui: .venv/.installed
	.venv/bin/fo ui --operate

lint: .venv/.installed
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

# The distribution's interpreter comes first: it is built with profile-guided optimisation, and a version manager's that
# is not takes a fifth longer for everything. A shim may be on the path and still fail, so each candidate is asked.
ASK = import sys, sqlite3, ssl; (3, 11) <= sys.version_info < (3, 14) or sys.exit(1); print(sys.executable)
PYTHON = $(shell for name in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do $$name -c '$(ASK)' 2>/dev/null && break; done)
UV = .venv-bootstrap/bin/uv
FETCH_UV = pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .venv-bootstrap uv==0.13.8

.venv/.installed: requirements.lock pyproject.toml $(UV)
	@echo "Installing the locked packages into .venv: about a minute the first time."
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .venv
	$(UV) pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode requirements.lock
	$(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	@touch $@

$(UV):
	@test -n "$(PYTHON)" || { echo "No working Python >=3.11,<3.14 is on the path: install one, then run make again."; exit 1; }
	$(FETCH_UV) 2>/dev/null || python3 -m $(FETCH_UV) 2>/dev/null || "$(PYTHON)" -m $(FETCH_UV)
