# The two commands: `make demo` shows smena at work, `make test` checks everything.
# Both do all of their set-up; a second call is quick.

SHELL := /bin/bash
VENV  := .venv
BIN   := $(VENV)/bin
JOBS  ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup windows-python demo test check lint types unit crash bench translations documents clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.ready ## virtual environment, Python packages, Debian packages where root

$(VENV)/.ready: pyproject.toml scripts/setup scripts/apt-packages scripts/constraints.txt scripts/hatch_build.py src/smena/__init__.py $(wildcard src/smena/locale/*/LC_MESSAGES/*.po)
	scripts/setup $(VENV)

windows-python: setup ## Python for Windows, for tests below Wine; built once a machine, where that can be done
	scripts/windows_python/build || test -z "$$SMENA_CI"

demo: setup ## smena at work, without root
	$(BIN)/python -m smena demo

test: setup lint types windows-python ## every check there is (half an hour on two cores)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: setup lint types unit ## the quick loop

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache

types: setup
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 src

unit: setup
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not slow"

crash: setup ## die at every passage of every point of a run, in every way (hours)
	$(BIN)/python -m pytest -n $(JOBS) tests/death tests/steps/test_step_contract.py tests/linux/test_boot_recovery.py tests/linux/test_linux_docs.py tests/windows --full
	$(BIN)/python -m pytest -n $(JOBS) tests/keys --kills 300

bench: setup ## the benchmarks: tables, no tests
	for b in bench/[a-z]*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

translations: setup ## collect new messages into the Russian catalogue
	$(BIN)/python scripts/translations.py

documents: setup ## write the generated parts of docs/ anew
	$(BIN)/python scripts/documents.py

clean: ## remove what these commands made here
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
