# Two commands for newcomers: `make study` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= results
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: study test test-slow test-browser check notebooks readme clean

study: $(VENV)/.study  ## run the default study into results/
	$(BIN)/framing study run --out $(OUT)

test: $(VENV)/.test  ## lint, types and tests
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest

test-slow: $(VENV)/.test  ## what takes minutes: a real installation of the wheel into an empty environment
	$(BIN)/python -m pytest -m slow

test-browser: $(VENV)/.test  ## the HTML report in headless Chromium
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq chromium; \
	  else echo "Chromium is missing: install the package 'chromium' (Debian: sudo apt-get install chromium)."; exit 1; fi
	$(BIN)/python -m pytest -m browser

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

notebooks: $(VENV)/.test  ## execute the notebooks anew and keep their outputs
	cd notebooks && ../$(BIN)/jupytext --sync --execute *.py
	$(BIN)/python -m tests.notebooks

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

$(VENV)/.study: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing (some minutes the first time) ..."
	$(INSTALL) --editable '.[peers]'
	@touch $@

$(VENV)/.test: $(VENV)/.study
	$(INSTALL) --editable '.[peers,notebooks]' --group dev
	@touch $@

readme: study  ## refresh the picture that the README shows
	cp $(OUT)/figures/frame_profile.png paper/

clean:
	rm -rf $(VENV) build dist results
