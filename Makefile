# Thin names for the real commands. The set-up happens once, and again when the requirements change.

# Where `make run` listens. HOST=0.0.0.0 opens the app to other machines.
HOST ?= localhost
PORT ?= 8501
# The data set, the recipe and the protocol to train with, and the split to measure on
DATA ?= ../shared/gtzan
CONFIG ?= flagship
PROTOCOL ?= random
SPLIT ?= $(PROTOCOL)_test
# The song whose explanation is timed
SONG ?= assets/samples/rock.ogg
# Further arguments of the command behind a name: make test ARGS="-k audio"
ARGS ?=
# In how many processes the tests run; 0 is in one, where a debugger works.
WORKERS ?= 2
# The interpreters to try, in this order, for the virtual environment
PYTHONS ?= python3.11 python3 python3.12 python3.13

VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/runtime-installed
DEV := $(VENV)/dev-installed
PEERS := $(VENV)/peers
# The browser tests, the longest in a row, come first.
IN_PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Biome, for the scripts of the player. Its wheels are made for Linux on x86-64 only.
BIOME := $(VENV)/bin/biome
biome = @if [ -x $(BIOME) ]; then echo "$(BIOME) $(1)"; $(BIOME) $(1); \
  else echo "The scripts of the player were not looked at: there is no Biome for this system."; fi

.DEFAULT_GOAL := help
.PHONY: help run test test-all tests tests-but-long compiled lint format train evaluate bench bench-start bench-visitors bench-browser bench-peers layers readme audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

run: $(RUNTIME) ## Start the app
	$(PY) -m streamlit run app.py --server.address "$(HOST)" --server.port "$(PORT)" $(ARGS)

# Style and types are looked at beside the tests: those of the browser wait for much of their time.
test: $(DEV) ## Check the code and run every test but the long ones
	@$(MAKE) --no-print-directory -j 2 lint tests-but-long

test-all: $(DEV) ## Check the code and run every test
	@$(MAKE) --no-print-directory -j 2 lint tests

tests-but-long: compiled
	$(PY) -m pytest $(IN_PARALLEL) -m "not long" $(ARGS)

tests: compiled
	$(PY) -m pytest $(IN_PARALLEL) $(ARGS)

# What numba compiles, which all tests share.
compiled: $(DEV)
	$(PY) -m tests.numba_cache

lint: $(DEV) ## Check style, format, spelling and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m codespell_lib
	$(PY) -m mypy
	$(call biome,check)

format: $(DEV) ## Put the code into its standard format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(call biome,check --write)

train: $(RUNTIME) ## Train the network of CONFIG on DATA
	$(PY) -m model.training --config "$(CONFIG)" --protocol "$(PROTOCOL)" --data "$(DATA)" $(ARGS)

evaluate: $(RUNTIME) ## Measure the network on SPLIT of DATA
	$(PY) -m model evaluate --data "$(DATA)" --split "$(SPLIT)" $(ARGS)

bench: $(RUNTIME) ## Time the explanation of SONG
	$(PY) -m model bench "$(SONG)" $(ARGS)

bench-start: $(DEV) ## Time a server's start, and read the memory that it takes
	$(PY) -m tests.browser.bench_start $(ARGS)

bench-visitors: $(DEV) ## Let several visitors in at once: verdicts, waiting, memory
	$(PY) -m tests.browser.bench_visitors $(ARGS)

bench-browser: $(DEV) ## Time what a visitor waits for, beside a bare page
	$(PY) -m tests.browser.bench_browser $(ARGS)

# What others use is no part of the app: it gets a folder of its own, for one of its wheels holds
# a package "tests" that would hide ours, and its old requirements are not resolved.
bench-peers: $(DEV) ## Time Earmark beside the usual ways to do the same
	$(PY) -m pip install --disable-pip-version-check --no-deps --upgrade --target $(PEERS) \
	  -r requirements-bench.txt || echo "Without them: what is not installed is left out."
	PYTHONPATH=$(PEERS) $(PY) -m tools.bench_peers $(ARGS)

layers: $(PY) ## Count the rooms of the code and the imports between them
	$(PY) -m tools.rooms $(ARGS)

# Every pinned version, for whatever system: none is resolved or installed anew. Strict, so that
# a package which the advisories could not be asked about counts as a failure.
audit: $(DEV) ## Ask the public advisories about known faults of the pinned packages
	$(PY) -m pip_audit --strict --no-deps --disable-pip --requirement constraints.txt $(ARGS)

readme: $(RUNTIME) ## Write the measured figures into README.md and DEPLOYMENT.md
	$(PY) -m tools.readme

clean: ## Remove the virtual environment and the caches of the tools
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache

$(RUNTIME): requirements.txt constraints.txt | $(PY)
	$(PY) -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

# pip brings the runtime along, so its stamp is renewed too.
$(DEV): requirements-dev.txt requirements.txt constraints.txt | $(PY)
	$(PY) -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $(RUNTIME) $@

# A half-made environment is removed: its python would pass for a finished one.
$(PY):
	@for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then \
	    echo "Creating $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "Could not create $(VENV). On Debian and Ubuntu, 'apt install python3-venv' may be missing." >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "Earmark needs Python 3.11, 3.12 or 3.13; none of these is one: $(PYTHONS)." >&2; \
	echo "Install one of them, or name yours: make run PYTHONS=/path/to/python3.11" >&2; \
	exit 1
