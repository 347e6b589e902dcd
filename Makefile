# Verbs for operators and developers; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo run stop test test-fast lint bench faults fuzz docs clean

# An account without a home it can write keeps caches in the checkout.
export HOME := $(shell [ -d "$$HOME" ] && [ -w "$$HOME" ] && echo "$$HOME" || echo "$(CURDIR)/.tools/home")

service := .venv/bin/gis-service
# A worker for each processor, four at most; each has a database cluster of its own. The longest files come first.
workers := --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

help: ## list the verbs
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r verb text; do \
		printf '  make %-10s %s\n' "$$verb" "$$text"; done

setup: ## install what is missing: Debian packages, uv, .venv
	@.ci/setup

demo: setup ## load the sample, enact two real changes, draw their maps
	@$(service) demo

run: setup ## serve API and maps on 127.0.0.1 (GIS_PORT, default 8000)
	@$(service) serve

stop: ## stop the service and the private database
	@if [ -x $(service) ]; then $(service) stop; else echo "尚未安装，无需停止 / nothing to stop"; fi

test: ## all tests; installs Chromium too
	@.ci/setup --with-browser
	@.venv/bin/pytest $(workers)

test-fast: setup ## tests that need neither database nor browser
	@.venv/bin/pytest $(workers) -m "not database and not browser"

lint: setup ## ruff, mypy and the import contracts
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup ## measure against bare baselines
	@.venv/bin/python -m benchmarks

faults: setup ## kill servers and database at random while changes are enacted (KILLS=60 SEED=...)
	@.venv/bin/python -m tests.faults --kills $(or $(KILLS),60) $(if $(SEED),--seed $(SEED))

fuzz: setup ## ask every operation at random what its contract allows and forbids (SECONDS=600 EXAMPLES=60 SEED=...)
	@.venv/bin/python -m tests.contract --seconds $(or $(SECONDS),600) --examples $(or $(EXAMPLES),60) $(if $(SEED),--seed $(SEED))

docs: setup ## write the generated pages of docs/ anew
	@.venv/bin/python docs/generate.py

clean: ## stop all; remove var/ and caches, keep .venv
	@.ci/clean
