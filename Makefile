# Two commands do everything: `make run` and `make test`. `make` alone lists what there is.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PORT   ?= 8501
CHECKED := app.py pages sop bench tests

.DEFAULT_GOAL := help
.PHONY: help run test golden lint bench clean

help: ## list these commands
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

run: $(VENV)/.installed ## set up, open the app (PORT=8501), and build the demo company where there is no workspace
	@exec $(PYTHON) -m sop serve --demo --port $(PORT)

test: $(VENV)/.installed-test ## lint, types, import contract, then every test
	@scripts/chromium.sh
	@$(MAKE) --no-print-directory lint
	@echo "Tests ..."
	@env -u SOP_WORKSPACE -u SOP_DATABASE_URL $(PYTHON) -m pytest -n 2 --dist loadfile -rs

golden: $(VENV)/.installed-test ## compare every plan, page and permission with its golden record (tests/golden)
	@env -u SOP_WORKSPACE -u SOP_DATABASE_URL GOLDEN=all $(PYTHON) -m pytest -rs tests/golden

lint: $(VENV)/.installed-test ## style, format, types and the import contract
	@echo "Style and format ..."
	@$(VENV)/bin/ruff check --quiet $(CHECKED)
	@$(VENV)/bin/ruff format --check --quiet $(CHECKED)
	@echo "Types ..."
	@$(VENV)/bin/mypy
	@echo "Import contract ..."
	@$(VENV)/bin/lint-imports

bench: $(VENV)/.installed-test ## measure speed; compare figures of one machine only
	@for script in $$(grep -l '__main__' bench/*.py); do echo "$$script"; $(PYTHON) $$script || exit 1; done

clean: ## remove the virtual environment and what tools left behind; workspaces stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find sop pages tests bench -name __pycache__ -prune -exec rm -rf {} +

# The stamps are older than the requirements when those changed; only then is anything installed.
$(VENV)/.installed: requirements.txt
	@scripts/install.sh $(VENV) requirements.txt
	@touch $@

$(VENV)/.installed-test: requirements-test.txt $(VENV)/.installed
	@scripts/install.sh $(VENV) requirements-test.txt
	@touch $@
