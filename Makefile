SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
BOARD ?= 1
DEMO := var/demo

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types unit slow browser bench soak pictures duckdb2 clean

help: ## list the targets
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.installed: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null 2>&1 && py=$(PYTHON) || py=python3; \
	"$$py" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' \
	  || { echo "Python 3.11 or 3.12 is needed; set PYTHON=…"; exit 1; }; \
	test -x $(BIN)/python || "$$py" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[all]'
	@touch $@

install: $(VENV)/.installed ## make .venv with locked versions, CPU only

demo: install ## run the sample city end to end and open the board (BOARD=0 stops after the digest)
	@bash pipelines/demo.sh $(BIN)/jianwei $(DEMO) $(BOARD)

test: install browser lint types unit slow ## lint, types and all tests, as CI runs them

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

# one thread each for linear algebra: two processes with two would wait for each other
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

unit: install ## the ordinary tests: what to run after each change
	$(PYTEST) -m "not slow"

slow: install ## the tests of more than ten seconds: the demo, browsers, kills, long streams, small benchmarks
	$(PYTEST) -m slow

browser: ## install Chromium and CJK fonts where we may (tests say why they skip otherwise)
	@command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . && exit 0; \
	if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; \
	else echo "Chromium or CJK fonts are missing and cannot be installed without root: browser tests will be skipped"; fi

bench: install ## run every benchmark and make docs/benchmarks.md and the READMEs' tables; real data are named by JIANWEI_BENCH_*, see benchmarks/real_streams.py
	$(BIN)/python -m benchmarks.real_replay default 0.02 0.05 0.1 0.2 0.5 1
	$(BIN)/python -m benchmarks.sample_replay
	$(BIN)/python -m benchmarks.shuffled
	$(BIN)/python -m benchmarks.side_by_side
	$(BIN)/python -m benchmarks.counts
	$(BIN)/python -m benchmarks.text_city
	$(BIN)/python -m benchmarks.second_year
	$(BIN)/python -m benchmarks.escalation
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.redaction
	$(BIN)/python -m benchmarks.tables
	$(BIN)/python -m tests.doc_tables

pictures: install browser ## pictures of every page of the board for docs/images, from the demo that make demo has run
	$(BIN)/python -m benchmarks.pictures

duckdb2: install ## the tests of the store, of ingest and of keeping on DuckDB 2, which is not the locked version
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target var/duckdb2 'duckdb>=2,<3'
	PYTHONPATH=var/duckdb2 $(BIN)/python -m pytest tests/store tests/keeping tests/test_ingest.py tests/test_quarantine.py

soak: install ## the long trials: commands killed at random moments, thousands of broken files, a 2 GB csv, keeping a year; then docs/benchmarks.md
	$(BIN)/python -m benchmarks.soak
	$(BIN)/python -m benchmarks.broken_files
	$(BIN)/python -m benchmarks.big_file
	$(BIN)/python -m benchmarks.keeping
	$(BIN)/python -m benchmarks.tables

clean: ## remove working files (var/), keep the virtual environment
	rm -rf var
