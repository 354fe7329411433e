# Every target does its own set-up: a machine needs Python 3.11 to 3.13, git and make.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
READY := $(VENV)/.ready-$(VERSION)
# A shim of pyenv may be in PATH and still not run.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .tools/bin/uv)

.PHONY: demo test check bench screenshots format lock clean

demo: $(READY)
	$(BIN)/centerpoint demo $(ARGS)

# Everything on SQLite, then what touches a database again on PostgreSQL.
test: $(READY)
	$(BIN)/python tests/run.py $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python tests/check_env.py $(BIN)/mypy
	$(BIN)/python tests/check_env.py $(BIN)/lint-imports
	$(BIN)/python tests/check_env.py $(BIN)/django-admin makemigrations --check --dry-run
	$(BIN)/djlint src --extension=html --lint --quiet

bench: $(READY)
	$(BIN)/python -m benchmarks $(ARGS)

# Every screen with the demo's data, for desk and phone, as PNG files in var/screenshots or in ARGS=folder.
screenshots: $(READY)
	$(BIN)/python tests/screenshots.py $(ARGS)

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Keeps what is pinned; ARGS=--upgrade or ARGS="--upgrade-package django" takes newer (docs/decisions/0001-lock-without-hosts.md).
lock: | $(UV)
	"$(UV)" pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --quiet --output-file requirements.lock $(ARGS)

clean:
	rm -rf $(VENV) .tools var .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(READY): requirements.lock pyproject.toml | $(UV)
	@case "$(VERSION)" in 3.11|3.12|3.13) ;; *) \
	  echo "Centerpoint needs Python 3.11 to 3.13; $(PYTHON) is $(or $(VERSION),missing). Name one: make PYTHON=python3.12" >&2; \
	  exit 1;; esac
	@[ -x $(BIN)/python$(VERSION) ] || rm -rf $(VENV)
	"$(UV)" venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	"$(UV)" pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	"$(UV)" pip install --quiet --python $(BIN)/python --no-deps --editable .
	@rm -f $(VENV)/.ready*
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -c "import ensurepip, venv" || { \
	  echo "$(PYTHON) or its venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet "uv>=0.5,<1"
