# The commands of this repository. `make` lists them; each target says what it does after `##`.
#
# A step leaves a stamp and runs again only when what it was made from has changed.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The first Python on this machine that orderkit runs on; `make setup PYTHON=…` takes another.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$each && break; done)

VENV   := .venv
BIN    := $(VENV)/bin
STATIC := orderkit/web/static
LOCK   := orderkit/artifact/requirements.lock
DEMO   := examples/order-management
PORT   ?= 8000
# How many processes the tests run in; one for each processor, up to eight.
JOBS   ?= $(shell $(PYTHON) -c 'import os; print(min(8, os.cpu_count() or 1))' 2>/dev/null || echo 2)
# The files that hold long proofs, and what they prove something about.
SOAKS  ?= $(shell grep -rl --include='test_*.py' '^@pytest[.]mark[.]soak' tests)
SOAKED := $(if $(filter soak,$(MAKECMDGOALS)),$(shell find orderkit tests examples frontend/src -name '*.py' -o -name '*.yaml' -o -name '*.ts'))
PIP    := $(BIN)/python -m pip --disable-pip-version-check
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_REQUIRE_VIRTUALENV := 1

# Built files may be gone while their stamp is still there, for example after `git clean -X orderkit`.
ifeq ($(wildcard $(STATIC)/*),)
$(shell rm -f .cache/frontend.stamp)
endif
ifeq ($(wildcard frontend/node_modules/*),)
$(shell rm -f .cache/node.stamp)
endif

## — start here —

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^## —/ { sub(/^## /, ""); print "\n" $$0 } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: $(VENV)/installed.stamp .cache/frontend.stamp ## Make .venv from the pinned versions, and the built front end

.PHONY: demo
demo: setup ## Play the example's scenarios, build it, fill an SQLite database, print the sign-ins, serve http://127.0.0.1:8000
	orderkit test $(DEMO) --coverage-min 100
	orderkit build $(DEMO)
	orderkit migrate $(DEMO)
	orderkit demo $(DEMO)
	orderkit serve $(DEMO) --port $(PORT)

## — every day —

.PHONY: test
test: setup test-tools ## Run every test: unit, language, PostgreSQL, browser (ARGS=… goes to pytest)
	pytest -n $(JOBS) --dist worksteal $(ARGS)

.PHONY: fast
fast: $(VENV)/installed.stamp ## Run the tests that need neither PostgreSQL nor a browser (ARGS=… goes to pytest)
	pytest -m "not postgres and not browser and not soak" -x -q $(ARGS)

.PHONY: lint
lint: $(VENV)/installed.stamp .cache/frontend.stamp ## Check format, ruff, types, import contracts, templates, the front end's types
	ruff format --check .
	ruff check .
	npm --prefix frontend run --silent check
	$(MAKE) types arch

.PHONY: types
types: $(VENV)/installed.stamp ## Check types with mypy --strict
	mypy

.PHONY: arch
arch: $(VENV)/installed.stamp ## Check import contracts, module sizes, templates and what must not be in git
	lint-imports
	pytest -q tests/architecture

.PHONY: format
format: $(VENV)/installed.stamp ## Put the code in order: format, imports, safe fixes
	ruff check --fix .
	ruff format .

.PHONY: generate
generate: $(VENV)/installed.stamp ## Renew what is made from code and committed: schemas, the list of codes, reference pages, the example's history
	orderkit schema schemas
	python -m orderkit.cli.ledger docs/reference/codes.txt
	python -m tests.architecture.commands_page
	python -m tests.architecture.reference_pages
	python -m tests.acceptance.example_history
	python -m tests.architecture.review_page
	python -m tests.architecture.migrations_page

## — now and then —

.PHONY: bench
bench: setup ## Measure: ratios within one run, printed and written to .cache/benchmarks (ARGS=… picks some)
	python -m benchmarks $(ARGS)

.PHONY: soak
soak: $(SOAKS:%=.cache/soak/%.stamp) ## Run the long proofs, one file after the other; what has passed is not run again (SOAKS=… picks some)

# Each file of long proofs leaves a stamp: one that was stopped goes on with those that are left.
.cache/soak/%.stamp: % $(SOAKED) | setup .cache/fuzz.stamp .cache/mine.stamp
	pytest -m soak -v $(ARGS) $<
	@mkdir -p $(@D) && touch $@

.PHONY: dist
dist: setup ## Make the wheel and the sdist, with the built front end in both
	rm -rf dist
	python -m build --no-isolation

.PHONY: lock
lock: $(VENV)/installed.stamp ## Renew the pinned versions: constraints.txt and the artifact's requirements
	uv pip compile pyproject.toml --group build --group lint --group test --group fuzz --group mine --group node --upgrade --universal --python-version 3.11 --quiet \
		--no-annotate --no-header --no-emit-index-url --no-emit-find-links -o constraints.txt
	uv pip compile pyproject.toml --constraints constraints.txt --generate-hashes --universal --python-version 3.11 \
		--quiet --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o $(LOCK)

.PHONY: clean
clean: ## Remove what was built, and the demo database; .venv stays
	rm -rf dist .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf $(STATIC) frontend/node_modules $(DEMO)/build $(DEMO)/var
	find orderkit tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# — how the pieces are made —

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "orderkit needs Python 3.11, 3.12 or 3.13; install one, or run: make setup PYTHON=/path/to/python" >&2; exit 2; }
	PIP_REQUIRE_VIRTUALENV=0 $(PYTHON) -m venv $(VENV)

# pip learned to read dependency groups in 25.1, so it renews itself first, to the pinned version.
$(VENV)/installed.stamp: constraints.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --upgrade --constraint constraints.txt pip
	$(PIP) install --quiet --constraint constraints.txt --group build --group lint --group test
	$(PIP) install --quiet --constraint constraints.txt --no-build-isolation --editable .
	@touch $@

# atheris has no wheel for every machine; where it has none, its proofs say so.
.cache/fuzz.stamp: $(VENV)/installed.stamp
	$(PIP) install --quiet --constraint constraints.txt --group fuzz
	@mkdir -p .cache && touch $@

# It reads the logs of workflows as programs that mine processes do, and weighs 700 MB.
.cache/mine.stamp: $(VENV)/installed.stamp
	$(PIP) install --quiet --constraint constraints.txt --group mine
	@mkdir -p .cache && touch $@

# The machine's Node builds the front end if it is recent enough; otherwise a pip package brings one.
NODE_IS_RECENT := node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' && command -v npm

.cache/node.stamp: frontend/package.json frontend/package-lock.json | $(VENV)/installed.stamp
	@mkdir -p .cache
	{ $(NODE_IS_RECENT); } >/dev/null 2>&1 || $(PIP) install --quiet --constraint constraints.txt --group node
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Of the styles only what templates and pages name is built, so these are among what it is built from.
STYLED := $(shell find orderkit/web orderkit/fields -name static -prune -o \( -name '*.html' -o -name '*.py' -o -name '*.ts' \) -print)
.cache/frontend.stamp: $(shell find frontend -name node_modules -prune -o -type f -print) $(STYLED) .cache/node.stamp
	cd frontend && npm run --silent build
	@touch $@

# What tests need beside Python packages: a Chromium, a font with Chinese characters, and Pango for PDFs.
.PHONY: test-tools
test-tools: $(VENV)/installed.stamp
	@case ",$${ORDERKIT_SKIP:-}," in *,browser,*) exit 0;; esac; \
	may_install() { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; }; \
	install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@" >/dev/null; }; \
	has_browser() { \
		[ -n "$${ORDERKIT_TEST_CHROMIUM:-}" ] || command -v chromium >/dev/null \
		|| command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }; \
	has_font() { [ -n "$$(fc-list :lang=zh-cn 2>/dev/null)" ]; }; \
	has_pango() { python -c 'import sys; from orderkit.web.printing import pdf; sys.exit(pdf.why_not() is not None)'; }; \
	if has_browser && has_font && has_pango; then exit 0; fi; \
	if may_install; then apt-get update -qq || true; fi; \
	has_browser || { may_install && install chromium; } || playwright install chromium; \
	has_pango || case ",$${ORDERKIT_SKIP:-}," in *,pdf,*) true;; *) may_install && install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0;; esac || true; \
	has_font || { may_install && install fontconfig fonts-noto-cjk; } || { \
		echo "Install a font with Chinese characters (such as Noto Sans CJK), or every picture shows boxes;" >&2; \
		echo "or leave the browser tests out by name: ORDERKIT_SKIP=browser make test" >&2; exit 1; }
