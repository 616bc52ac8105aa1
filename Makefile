# The commands of the README. Set-up runs once; afterwards only what changed runs again.
#
#   make demo    a made-up case, measured, with its report
#   make test    every test
#   make check   lint, format, types, directions between rooms
#   make bench   accuracy on phantoms, real photographs, speed (long)
#   make peers   the same pairs with the libraries one would else take (large)
#   make evidence   fit the forecast to the trials anew, and judge it (long)
#   make examples   draw the pictures and run the sessions of the pages anew
#   make lock    write the lock files anew (needs the network)
#   make clean   remove what these commands made

VENV ?= .venv
DEMO ?= demo-case
PYTEST_ARGS ?=
PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$candidate; break; }; done)

BIN := $(VENV)/bin
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED = $(PIP_INSTALL) --require-hashes --only-binary :all:

.PHONY: demo test check format bench peers evidence examples lock clean setup
.DELETE_ON_ERROR:

# --- what is made -----------------------------------------------------------------

demo: $(VENV)/.runtime-installed
	@rm -rf -- '$(DEMO)'
	$(BIN)/cicatrix phantom '$(DEMO)' --lesion stria-alba --skin-ita -20 --visits 4 --fade 0.35 --seed 7
	$(BIN)/cicatrix measure '$(DEMO)'
	@echo "Open $(DEMO)/report.html in a browser."

test: $(VENV)/.check-installed
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.check-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.check-installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test-installed
	$(BIN)/python benchmarks/accuracy.py
	$(BIN)/python benchmarks/phantom_kindness.py
	$(BIN)/python benchmarks/real_photos.py
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/punctures.py

peers: $(VENV)/.peers-installed
	$(BIN)/python benchmarks/peers.py

evidence: $(VENV)/.evidence-installed
	$(BIN)/python benchmarks/forecast_fit.py --checks

examples: $(VENV)/.runtime-installed
	$(BIN)/python docs/make_examples.py
	$(BIN)/python docs/make_punctures_figures.py

setup: $(VENV)/.check-installed

clean:
	rm -rf -- '$(VENV)' .venv-lock '$(DEMO)' build dist

# --- set-up: locked versions with hashes, from wherever pip is told to look --------

$(VENV)/.python:
	@if [ -z '$(PYTHON)' ]; then \
		echo "Cicatrix needs Python 3.11 or newer and found: $$(python3 --version 2>&1)." >&2; \
		echo "Install it, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; \
	fi
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; \
		exit 1; \
	}
	'$(PYTHON)' -m venv '$(VENV)'
	@touch '$@'

$(VENV)/.runtime-installed: $(VENV)/.python requirements/build.txt requirements/runtime.txt pyproject.toml
	$(LOCKED) -r requirements/build.txt -r requirements/runtime.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@touch '$@'

$(VENV)/.test-installed: $(VENV)/.runtime-installed requirements/test.txt
	$(LOCKED) -r requirements/test.txt
	@touch '$@'

$(VENV)/.check-installed: $(VENV)/.test-installed requirements/check.txt
	$(LOCKED) -r requirements/check.txt
	@touch '$@'

$(VENV)/.peers-installed: $(VENV)/.test-installed requirements/peers.txt
	$(LOCKED) -r requirements/peers.txt
	@touch '$@'

$(VENV)/.evidence-installed: $(VENV)/.test-installed requirements/evidence.txt
	$(LOCKED) -r requirements/evidence.txt
	@touch '$@'

# --- lock files ----------------------------------------------------------------------
# --no-emit-... and the named command keep addresses and machine paths out of the files.

COMPILE = CUSTOM_COMPILE_COMMAND='make lock' ../.venv-lock/bin/pip-compile --quiet \
	--upgrade --generate-hashes --allow-unsafe --strip-extras --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock:
	'$(PYTHON)' -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/lock.in
	cd requirements && for name in runtime test check build peers evidence; do \
		$(COMPILE) --output-file $$name.txt $$name.in || exit 1; \
	done
