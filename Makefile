# The same words everywhere: here, in the README and in continuous integration. `make help` lists them.
PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST
# What was compiled once is kept: a run of the tests starts dozens of processes.
unexport PYTHONDONTWRITEBYTECODE
PYTHON = .venv/bin/python
PYTEST = $(PYTHON) -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup demo run test quick check fix lock docs requirements screenshots bench soak

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## make .venv and bring what the hub needs from the system
	@bin/setup

demo run: export PUBLIC_URL ?= http://127.0.0.1:$(PORT)
demo: export DEMO = yes
demo: setup ## run the hub with a demonstration school (PORT=8001 for another port)
	@$(PYTHON) manage.py up

run: setup ## run the hub embedded, with what is in it
	@$(PYTHON) manage.py up

test: ## every test, on SQLite and on PostgreSQL and Redis, in a real browser
	@bin/setup test
	$(PYTEST) -n 2 --dist worksteal --db=postgres
	$(PYTEST) -n 2 --dist worksteal --db=sqlite --only-database

quick: ## the inner loop: SQLite, no browser
	@bin/setup test
	$(PYTEST) -n 2 --dist worksteal --db=sqlite -m "not browser and not slow"

check: ## lint, format, types, import contracts, templates, migrations, deploy check, generated docs
	@bin/setup test
	@bin/check

fix: ## put right what lint and format can put right
	@bin/setup test
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format --exclude "*.md" .

lock: ## compile requirements*.in to the complete pinned sets (UPGRADE=1: take the newest)
	@bin/setup test
	$(PYTHON) scripts/lock.py $(if $(UPGRADE),--upgrade)

docs: setup ## write the generated pages of docs/ and .env.example
	$(PYTHON) scripts/docs.py

requirements: ## run the tests, then say which rows of docs/requirements.csv they carry (LAST=1: from the last run)
	@bin/setup test
	$(PYTHON) scripts/requirements.py $(if $(LAST),--last)

screenshots: ## photograph every page at 1280 and 375 px
	@bin/setup test
	$(PYTHON) scripts/screenshots.py

bench: ## measure speed on PostgreSQL (SCALE=full for the long one)
	@bin/setup test
	$(PYTHON) scripts/bench.py

soak: ## the long proofs, in full (up to 90 minutes)
	@bin/setup test
	$(PYTEST) --soak --db=postgres
	$(PYTEST) --soak --db=sqlite
