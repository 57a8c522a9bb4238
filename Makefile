# `make demo` and `make test` are all that a fresh clone needs. Each target prepares .venv first, when it is missing or
# older than the lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test evals prove attacks mutation lint bench schemas clean

demo: $(STAMP)
	$(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/pytest -n auto --dist loadfile $(COVERAGE)

evals: $(STAMP)
	$(BIN)/partnership eval run all
	$(BIN)/partnership eval check

prove: $(STAMP)
	PARTNERSHIP_PROVE=1 $(BIN)/pytest tests/proofs tests/crash tests/attacks -s --timeout=7200

attacks: $(STAMP)
	$(BIN)/python tests/attacks/table.py

mutation: $(STAMP)
	$(BIN)/python .ci/mutation all

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m benchmarks.run

schemas: $(STAMP)
	$(BIN)/partnership schema export docs/schemas

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Partnership OS needs Python 3.11 or newer; set PYTHON=...")'
	@echo "Preparing $(VENV) (a few minutes the first time) ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

clean:
	rm -rf $(VENV) .partnership build dist .coverage htmlcov
