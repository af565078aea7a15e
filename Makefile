# Two commands for newcomers: `make study` and `make test`. Each sets up what it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= results
LABEL_STUDIO ?= .venv-label-studio
POTATO ?= .venv-potato
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: study test test-slow test-browser test-tools chromium check notebooks readme croissant clean

study: $(VENV)/.study  ## run the default study into results/
	$(BIN)/framing study run --out $(OUT)

test: $(VENV)/.test  ## lint, types and tests
	$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest

test-slow: $(VENV)/.test  ## what takes minutes: a real installation of the wheel into an empty environment
	$(BIN)/python -m pytest -m slow

test-browser: $(VENV)/.test chromium  ## the HTML report and the coding desk in headless Chromium
	$(BIN)/python -m pytest -m browser

test-tools: $(VENV)/.test chromium $(LABEL_STUDIO)/.tool $(POTATO)/.tool  ## code in Label Studio and Potato themselves
	FRAMING_LABEL_STUDIO=$(abspath $(LABEL_STUDIO)) FRAMING_POTATO=$(abspath $(POTATO)) $(BIN)/python -m pytest -m tools

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq chromium; \
	  else echo "Chromium is missing: install the package 'chromium' (Debian: sudo apt-get install chromium)."; exit 1; fi

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Tools have environments of their own: they pin what the library does not.
$(LABEL_STUDIO)/.tool: PACKAGE := label-studio==1.23.2
$(POTATO)/.tool: PACKAGE := potato-annotation==2.12.1
$(LABEL_STUDIO)/.tool $(POTATO)/.tool: $(VENV)/bin/python
	@echo "Installing $(PACKAGE) (some minutes the first time) ..."
	$(BIN)/python -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check '$(PACKAGE)'
	@touch $@

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

croissant: $(VENV)/.study  ## describe annotations/ and seeds/ anew, with the checksums of their files
	$(BIN)/python -m framing.coding.croissant annotations/metadata.yaml

clean:
	rm -rf $(VENV) .venv-label-studio .venv-potato build dist results
