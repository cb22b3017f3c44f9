# Three doors: `make demo`, `make test`, `make lab`. Each sets up what is missing first.
# Override the interpreter with  make PYTHON=python3.12 demo

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: setup demo test lab build site serve-site browser-test lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found. Install one, or say which: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version): pinned packages from requirements.lock (a minute or two, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true  # pip would do it on one processor; old files of others may not compile
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	@$(BIN)/autograder demo

test: setup
	@echo "Lint"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Types"
	@$(BIN)/mypy --strict
	@echo "Are source/ and release/ current?"
	@$(BIN)/autograder build --check
	@echo "Tests"
	@$(BIN)/python -m pytest tests --numprocesses auto --maxprocesses 4 --dist worksteal

lab: setup
	@$(BIN)/autograder work
	@echo "Opening JupyterLab in work/, where your copy of each unit lies; stop it with Ctrl-C"
	@$(BIN)/jupyter lab --notebook-dir=work

build: setup
	@$(BIN)/autograder build

# The website has an environment of its own: what builds it would change what JupyterLab does in the other one.
SITE_VENV ?= .venv-site
SITE_READY := $(SITE_VENV)/.ready

$(SITE_READY): requirements-site.lock
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found. Install one, or say which: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up $(SITE_VENV): what builds the website (a minute or two, once)"
	@test -x $(SITE_VENV)/bin/python || $(PYTHON) -m venv $(SITE_VENV)
	@$(SITE_VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements-site.lock
	@touch $@

site: $(SITE_READY)
	@PATH="$(CURDIR)/$(SITE_VENV)/bin:$$PATH" $(SITE_VENV)/bin/python -m website _site

serve-site:
	@test -f _site/index.html || $(MAKE) site
	@echo "The site is at http://127.0.0.1:8000/ ; stop it with Ctrl-C"
	@$(PYTHON) -m http.server 8000 --bind 127.0.0.1 --directory _site

browser-test: setup site
	@EVERY_WAY=1 $(BIN)/python -m pytest tests/browser tests/test_lab.py tests/nbgrader/test_browser.py

# The lock holds hashes and no addresses; `uv` is only needed by whoever changes a dependency.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra dev --no-header --quiet pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra site --constraint requirements.lock --no-header --quiet pyproject.toml -o requirements-site.lock

clean:
	rm -rf $(VENV) $(SITE_VENV) _site .pytest_cache .ruff_cache .mypy_cache .hypothesis
