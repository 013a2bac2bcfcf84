# Everything sets up what it needs, once: `.venv`, hashed requirements, the package itself.
.PHONY: help demo test slow oracle check dashboard bench setup lock format
.DEFAULT_GOAL := help

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready

help:
	@echo "make demo       the main job on a simulated company, with its five headline figures"
	@echo "make test       pass the tests"
	@echo "make slow       pass the long proofs"
	@echo "make oracle     compare every mart of a small company with the oracle"
	@echo "make check      what CI runs: format, lint, types, SQL lint, tests"
	@echo "make dashboard  open the dashboards"
	@echo "make bench      measure speed and memory"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -x $(PYTHON) || python3.11 -m venv $(VENV) 2>/dev/null || python3 -m venv $(VENV)
	@test -x $(VENV)/bin/uv || $(VENV)/bin/pip install --quiet uv
	$(VENV)/bin/uv pip sync --quiet --python $(PYTHON) --require-hashes requirements.lock
	$(VENV)/bin/uv pip install --quiet --python $(PYTHON) --no-deps --no-build-isolation --editable .
	@touch $@

lock:
	$(VENV)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --all-extras pyproject.toml --output-file requirements.lock

format: setup
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

demo: setup
	$(VENV)/bin/wanamaker demo

test: setup
	$(PYTHON) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

slow: setup
	$(PYTHON) -m pytest -q -m slow

oracle: setup
	$(PYTHON) -m pytest -q -m slow tests/oracle -k small

check: setup
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(PYTHON) -m tests.sql_lint
	$(PYTHON) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

dashboard: setup
	$(VENV)/bin/wanamaker dashboard

bench: setup
	$(PYTHON) -m benchmarks
