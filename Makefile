# `make run` opens the app, `make check` is quick, `make test` is everything. `make` alone lists what there is.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PORT   ?= 8501
CHECKED := app.py screens.py pages sop bench tests
PYTEST := env -u SOP_WORKSPACE -u SOP_DATABASE_URL $(PYTHON) -m pytest -n 2
# Tests without database, server, browser, page or workspace: every folder but these, and what lies beside them.
IMPURE := browser cli demo golden pages services soak store ui web
PURE := $(filter-out $(IMPURE:%=tests/%/),$(filter-out %__pycache__/,$(wildcard tests/*/))) $(wildcard tests/test_*.py)

.DEFAULT_GOAL := help
.PHONY: help run check test coverage golden lint lock bench soak clean

help: ## list these commands
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-15s %s\n", $$1, $$2}'

run: $(VENV)/.installed ## set up, open the app (PORT=8501), and build the demo company where there is no workspace
	@exec $(PYTHON) -m sop serve --demo --port $(PORT)

check: lint ## lint and the pure tests that are quick: before every commit
	@echo "Pure tests ..."
	@$(PYTEST) -p tests.quick --dist worksteal -m "not slow and not database and not browser" $(PURE)

# In the order of the folders: browsers early, so that no long file of few tests is left for one worker alone.
test: lint ## lint, then every test
	@scripts/chromium.sh
	@echo "Tests ..."
	@$(PYTEST) --dist loadfile --no-loadscope-reorder -rs

coverage: $(VENV)/.installed-test ## every test again, slower, and how much of the code they reach
	@scripts/chromium.sh
	@$(PYTEST) --dist loadfile -rs --cov --cov-report=
	@echo "Reached by tests, the ten files with the least of it first:"
	@$(VENV)/bin/coverage report | sed -n -e '3,12p' -e '$$p'

golden: $(VENV)/.installed-test ## compare every plan, page and permission with its golden record (tests/golden)
	@env -u SOP_WORKSPACE -u SOP_DATABASE_URL GOLDEN=all $(PYTHON) -m pytest -rs tests/golden

lint: $(VENV)/.installed-test ## style, format, types, the import contract and dead code
	@echo "Style and format ..."
	@$(VENV)/bin/ruff check --quiet $(CHECKED)
	@$(VENV)/bin/ruff format --check --quiet $(CHECKED)
	@echo "Types ..."
	@$(VENV)/bin/mypy
	@echo "Import contract ..."
	@$(VENV)/bin/lint-imports
	@echo "Dead code ..."
	@$(VENV)/bin/vulture

soak: $(VENV)/.installed-test ## kill, race, forge and restore at length, on both databases, and print what was lost
	@SOAK=1 $(PYTEST) --dist loadfile -rs -s tests/soak tests/services/test_signing_at_once.py \
	    tests/files/test_hostile_snapshot.py tests/store/test_store_database.py tests/services/test_lifeline.py \
	    tests/browser/test_every_page.py tests/browser/test_a_cycle_in_one_step.py

lock: $(VENV)/.installed ## write the lock files anew from the requirements; needs the network
	@scripts/lock.sh

bench: $(VENV)/.installed-test ## measure speed; compare figures of one machine only
	@for script in $$(grep -l '__main__' bench/*.py); do echo "$$script"; $(PYTHON) $$script || exit 1; done

clean: ## remove the virtual environment and what tools left behind; workspaces stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage* *.egg-info test-results
	find sop pages tests bench -name __pycache__ -prune -exec rm -rf {} +

# The stamps are older than the locks when those changed; only then is anything installed.
$(VENV)/.installed: requirements.lock
	@scripts/install.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.installed-test: requirements-test.lock $(VENV)/.installed
	@scripts/install.sh $(VENV) requirements-test.lock
	@touch $@
