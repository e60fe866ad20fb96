# `make help` lists the targets. `make demo` and `make test` set up everything they need.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := requirements/constraints.txt
PACKAGES := stack_pipeline pii dedup optout beam_jobs
CHECKED := $(PACKAGES) tests tools benchmarks

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-10s %s\n", $$1, $$2}'

.PHONY: install
install: $(VENV)/installed ## Make .venv with the package, its extras and the development tools

$(VENV)/installed: pyproject.toml $(CONSTRAINTS) native/Cargo.toml native/Cargo.lock $(wildcard native/src/*.rs) stack_native.pyi
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) --editable '.[all,dev]'
	@touch $@

# The tests run a token-classification model; the rest does without PyTorch and its gigabytes.
$(VENV)/installed-model: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(CONSTRAINTS) 'stack-pipeline[model]'
	@touch $@

.PHONY: demo
demo: install ## Build a release of the bundled sample into demo-release/
	@$(BIN)/stack-pipeline demo --output demo-release

.PHONY: test
test: install check $(VENV)/installed-model ## Run all checks and tests
	cd native && cargo test --quiet
	$(BIN)/python -m benchmarks.pii.quality --check
	$(BIN)/python -m pytest tests $(PACKAGES)

.PHONY: check
check: install ## Lint and type-check
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	cd native && cargo fmt --check && cargo clippy --quiet --all-targets --features python -- -D warnings

.PHONY: docs
docs: install ## Write the generated pages of docs/
	$(BIN)/python -m tools.write_docs

.PHONY: bench
bench: install ## Run the benchmarks of speed and memory
	$(BIN)/python -m benchmarks.scaling

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf $(VENV) native/target demo-release demo-release.corpus demo-release.sources
