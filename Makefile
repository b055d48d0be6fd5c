# Shortcuts only: each word is one `python3 manage.py` command, which works without make.
.DEFAULT_GOAL := help
.PHONY: help up test check fmt lint types docs seed tick bench pictures faults fuzz
PY := python3 manage.py
BIN := .venv/bin

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)

up:  ## start Interlock and print its address
	@$(PY) up

test:  ## the tests on SQLite, PostgreSQL with a worker, and Chromium
	@$(PY) test

check:  ## format, lint, types, layers, migrations, tables, templates, house rules
	@$(PY) check_house

fmt:  ## format and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format .

lint:  ## ruff, templates and layers alone
	@$(PY) check_house lint templates layers

types:  ## mypy alone
	@$(PY) check_house types

docs:  ## write the generated pages of docs/reference
	@$(PY) tables

seed:  ## load the demo company into an empty database
	@$(PY) seed --if-empty

tick:  ## every periodic job once
	@$(PY) tick

bench:  ## the product against a bare floor, as ratios of one run; PARTS="reads writes" for some of it
	@$(BIN)/python -m benchmarks $(PARTS)

pictures:  ## pictures of every kind of page from the running Interlock
	@$(PY) pictures

faults:  ## the race, fault and working-time tests in full
	@FULL=1 $(PY) test --on postgres tests/martech/test_*races.py tests/governance/test_*races.py tests/martech/test_*faults.py tests/martech/test_worktime.py tests/martech/test_sync_random.py tests/martech/test_webhooks_network.py

fuzz:  ## questions of every sort to every REST operation, by the OpenAPI document
	@FULL=1 $(PY) test --on sqlite tests/house/test_conformance.py
