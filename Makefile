# Every target sets up what it needs (tools/bootstrap.sh) and is quick when nothing is missing.
# ARGS reaches the program: make run ARGS=setup, make test ARGS="-k wizard".

BIN := .venv/bin
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
endif
ARGS :=
# Windows are drawn in memory; Debian keeps Postfix and Knot where only root's path looks.
PYTEST := PATH="$$PATH:/usr/sbin:/sbin" QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test check format bench screenshots lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1 - /p' Makefile

run: ## start Sendwright: the window, or what ARGS says
	@tools/bootstrap.sh run
	@$(BIN)/sendwright $(ARGS)

test: ## run all tests (or those that ARGS chooses)
	@tools/bootstrap.sh test
	@$(PYTEST) -n 4 --dist loadgroup $(ARGS)

check: ## format, lint, types, layers, budget, texts
	@tools/bootstrap.sh check
	@tools/check.sh

format: ## put the code in the shape that check asks for
	@tools/bootstrap.sh check
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: ## measure, and print a table
	@tools/bootstrap.sh test
	@$(BIN)/python tests/benchmarks $(ARGS)

screenshots: ## draw every page (build/screenshots) and the walk to a delivered message (build/whole-path)
	@tools/bootstrap.sh test
	@$(BIN)/python tools/screenshots.py $(ARGS)
	@rm -rf build/whole-path
	@$(PYTEST) --quiet tests/end2end/test_whole_path.py -k first_screen

lock: ## choose the newest allowed dependencies and write their hashes
	@tools/lock.sh

clean: ## remove everything that these targets made
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find app tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
