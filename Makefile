# Every target does its own set-up: a machine needs Python 3.11 to 3.13, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
ARGS ?=

.PHONY: demo test check bench format lock clean

demo: $(READY)
	$(BIN)/centerpoint demo $(ARGS)

# SQLite first, everything; then PostgreSQL, the tests that touch a database.
test: $(READY)
	$(BIN)/python tests/run.py $(ARGS)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python tests/check_env.py $(BIN)/mypy
	$(BIN)/python tests/check_env.py $(BIN)/lint-imports
	$(BIN)/python tests/check_env.py $(BIN)/django-admin makemigrations --check --dry-run
	$(BIN)/djlint src --extension=html --check --lint --quiet

bench: $(READY)
	$(BIN)/python -m benchmarks $(ARGS)

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# No download host is written into the lock (docs/decisions/0001-lock-without-hosts.md).
lock: $(UV)
	$(UV) export --all-groups --no-emit-project --no-header --format requirements-txt --output-file requirements.lock --quiet
	rm -f uv.lock

clean:
	rm -rf $(VENV) .tools var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(READY): requirements.lock pyproject.toml | $(UV)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

.tools/bin/uv:
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { \
	  echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet "uv>=0.5"
