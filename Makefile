# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
TEST_PROCESSES ?= 2
export PYTHON

.PHONY: help demo test lint bench screenshots system clean

help:
	@echo "make demo         set up, build the demo project, run it through, open the window (or write screenshots)"
	@echo "make test         set up and run all tests; TEST_PROCESSES=0 for one process"
	@echo "make lint         ruff, mypy strict, the layers, sizes of files and functions"
	@echo "make bench        the numbers of docs/benchmarks.md, measured on this machine"
	@echo "make screenshots  the pictures of the README, from the demo set"

.venv/.ready: pyproject.toml constraints.txt .ci/environment
	@.ci/environment

system:
	@.ci/system-packages

demo: system .venv/.ready
	$(BIN)/annotator demo

test: system .venv/.ready
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder --hypothesis-profile ci

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.ready
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only --benchmark-columns=min,median,max,rounds

screenshots: .venv/.ready
	@.ci/screenshots

clean:
	rm -rf .venv build dist out *.egg-info .mypy_cache .ruff_cache .pytest_cache
