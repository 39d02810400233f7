# Two commands do everything: `make plan` and `make test`. `make help` lists the rest.
# Another interpreter:  make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
SCENARIO ?= hanoi-2025
# More words for pytest, e.g.  make test PYTEST_ARGS="-k wording"
PYTEST_ARGS ?=

BIN := $(VENV)/bin
# PuLP 3.3 is the last line for Python 3.11, PuLP 4 needs 3.12: one list of exact versions for each.
CONSTRAINTS := $(shell $(PYTHON) -c 'import sys; print("constraints/python-3.11.txt" if sys.version_info < (3, 12) else "constraints/python-3.13.txt")')
PIP_INSTALL = $(BIN)/python -m pip install -qq --disable-pip-version-check -c $(CONSTRAINTS)
# Tests at a time: one more than two processors, for some wait for a browser or a server.
JOBS ?= 3
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(PYTEST_ARGS)

.DEFAULT_GOAL := help
.PHONY: help plan env dev test portable slow solver browser lint types format clean

help: ## this list
	@sed -n 's/^\([a-z][a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

plan: env ## create the environment, then plan Hanoi's 126 units: results/hanoi-2025/ with map.html and costs.xlsx
	$(BIN)/planner solve $(SCENARIO)

env: $(VENV)/.installed ## the environment with what the program needs, nothing else

dev: $(VENV)/.installed-dev ## the environment with the tools for tests, lint and types too

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "planner needs Python 3.11 or newer; $(PYTHON) is older. Say which: make plan PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	@echo "Installing into $(VENV) with $(CONSTRAINTS) ..."
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(CONSTRAINTS) | $(VENV)/bin/python
	@echo "Installing into $(VENV) with $(CONSTRAINTS), and the tools for tests, lint and types ..."
	@$(PIP_INSTALL) -e '.[dev]'
	@touch $(VENV)/.installed $@

test: dev browser ## every test but those marked slow, in a real browser too
	$(PYTEST) -m "not slow"

portable: dev ## every test but those marked slow and those in a browser, for another interpreter
	$(PYTEST) -m "not slow and not browser"

slow: dev browser ## the tests marked slow
	$(PYTEST) -m slow

solver: dev ## the tests that build and solve models, for the other PuLP line
	$(PYTEST) -m "solver and not slow"

browser: ## Chromium and a font for Vietnamese, by apt-get as root
	@sh tools/install_browser.sh

lint: dev ## style, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: dev ## mypy, strict
	$(BIN)/mypy

format: dev ## rewrite the code in the house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean: ## remove the environments and what tools left behind; results/ stays
	rm -rf .venv .venv-* dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
