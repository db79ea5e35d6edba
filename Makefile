# Everything starts here. Each target makes what it lacks of the virtual environment in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CONFIG ?= config/sample.yaml

export PREFECT_HOME := $(CURDIR)/outputs/.prefect
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help run night test test-night check bench lock schema clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(READY) ## Run the whole night on CONFIG (default: the made-up sample region)
	@mkdir -p $(PREFECT_HOME)
	$(BIN)/python -m flows.nightly $(CONFIG)

night: $(READY) ## Run every night on schedule, with Prefect's pages on http://127.0.0.1:4200 (CONFIG=config/twente.yaml)
	@mkdir -p $(PREFECT_HOME)
	$(BIN)/python -m flows.deployments $(CONFIG)

test: $(READY) ## Run all tests
	@mkdir -p $(PREFECT_HOME)
	$(BIN)/python -m pytest -n auto --dist loadfile

test-night: $(READY) ## Every fault, and 200 kills at random moments, instead of the few of make test
	@mkdir -p $(PREFECT_HOME)
	TWENTEGEO_NIGHT=1 TWENTEGEO_KILLS=200 $(BIN)/python -m pytest tests/pipeline tests/flows -m "slow or night" -s

check: $(READY) ## Lint, format, types, import rules, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -c "from twentegeo.settings import schema; print(schema(), end='')" | diff - config/settings.schema.json

bench: $(READY) ## Measure against other ways of doing the same, side by side
	$(BIN)/python -m benchmarks $(BENCH)

lock: $(READY) ## Resolve the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet --upgrade -o requirements.lock

schema: $(READY) ## Write the settings schema anew
	$(BIN)/python -c "from twentegeo.settings import schema; print(schema(), end='')" > config/settings.schema.json

clean: ## Remove what was made; releases in outputs/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# uv installs from the same lock in seconds; where it cannot be had, pip takes a minute or two.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || echo "uv is not available; pip it is"
	@if test -x $(BIN)/uv; then $(MAKE) --no-print-directory uv-install; fi || $(MAKE) --no-print-directory pip-install
	@$(BIN)/python -c "import twentegeo" 2>/dev/null || $(MAKE) --no-print-directory pip-install
	@touch $@

.PHONY: uv-install pip-install
uv-install:
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --editable .

pip-install:
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --editable .
