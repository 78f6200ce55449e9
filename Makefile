# Every target sets up what it needs in .venv; a second run installs nothing.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
SHELL := /bin/sh

CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
# ensurepip too: some systems ship venv without it, and then `python -m venv` fails half-way.
FITS := -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	if $$p $(FITS) >/dev/null 2>&1; then echo $$p; break; fi; done)

ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --quiet

# When the Python behind .venv has gone, what .venv says about itself no longer counts.
$(shell test -x $(BIN)/python || rm -f .venv/.pip .venv/.run .venv/.test .venv/.dev)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: .venv/.run ## solve, play and draw an example
	@$(BIN)/bargain demo $(ARGS)

.PHONY: test
test: .venv/.test ## run the tests; pytest options go into ARGS="-k nash"
	@$(BIN)/python -m pytest -n 2 -q $(ARGS)

.PHONY: coverage
coverage: .venv/.test ## measure coverage, with compilation off so that every line counts
	@NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -n 2 -q --cov --cov-report=term $(ARGS)

.PHONY: check
check: lint types contract docs ## lint, types, contract and docs

.PHONY: lint
lint: .venv/.dev ## ruff check and ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

.PHONY: types
types: .venv/.dev ## mypy --strict on bargain/
	@$(BIN)/mypy

.PHONY: contract
contract: .venv/.dev ## who may import whom
	@$(BIN)/lint-imports --no-cache

.PHONY: docs
docs: .venv/.dev ## build docs/_build/html, executing the notebooks; warnings are errors
	@$(BIN)/python -m sphinx -j auto -W --keep-going -q -b html docs docs/_build/html $(SPHINXOPTS)
	@echo "docs/_build/html/index.html"

.PHONY: format
format: .venv/.dev ## rewrite the code as ruff would
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

.PHONY: clean
clean: ## remove .venv, caches and everything built
	rm -rf .venv build dist docs/_build docs/reference/api docs/reference/api.rst docs/tutorials/_notebooks
	rm -rf .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bargain tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@$(or $(PYTHON),false) $(FITS) 2>/dev/null || { \
		echo 'bargain needs Python 3.11 or newer with venv and ensurepip (Debian: python3-venv).' >&2; \
		echo 'Tried: $(or $(PYTHON),$(CANDIDATES)). Name another with: make PYTHON=/path/to/python3' >&2; \
		exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) (once, about a minute) ..."
	@$(PYTHON) -m venv --clear .venv

# 25.1 is the first pip that knows dependency groups.
.venv/.pip: $(BIN)/python
	@$(INSTALL) --upgrade 'pip>=25.1'
	@touch $@

.venv/.run: .venv/.pip pyproject.toml
	@echo "Installing bargain into .venv ..."
	@$(INSTALL) --editable .
	@touch $@

.venv/.test: .venv/.pip pyproject.toml
	@echo "Installing bargain and what its tests need into .venv ..."
	@$(INSTALL) --editable . --group test
	@touch .venv/.run $@

.venv/.dev: .venv/.pip pyproject.toml
	@echo "Installing bargain and its development tools into .venv ..."
	@$(INSTALL) --editable . --group dev
	@touch .venv/.run .venv/.test $@
