# Each target is a line that calls the real command. Needs Python 3.11, pip and make.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps

CLIENTS := .venv-clients
YARDSTICKS := .venv-yardsticks

.PHONY: run test clients yardsticks lint dev bench lock clean

run: $(VENV)/.run
	@$(BIN)/playhead run $(ARGS)

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder $(ARGS)

# The platforms' own clients against the sandbox, in an environment of their own.
clients: $(CLIENTS)/.done
	$(CLIENTS)/bin/python -m pytest tests/clients $(ARGS)

# The packages that attribution's speed is measured beside, likewise (needs a C++ compiler).
yardsticks: $(YARDSTICKS)/.done

lint: $(VENV)/.dev
	.ci/lint

dev: $(VENV)/.run
	$(BIN)/playhead dev $(ARGS)

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.refresh $(ARGS)

$(VENV)/.python:
	@$(PYTHON) -m venv $(VENV) && touch $@

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/.python
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation -e .
	@$(BIN)/pip check >/dev/null && touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.python
	@echo "Installing into $(VENV) (once; a minute or two) ..."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-build-isolation -e .
	@$(BIN)/pip check >/dev/null && touch $@ $(VENV)/.run

$(CLIENTS)/.done: requirements-clients.lock
	@echo "Installing into $(CLIENTS) (once; a minute) ..."
	@$(PYTHON) -m venv $(CLIENTS)
	@$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes -r requirements-clients.lock
	@$(CLIENTS)/bin/pip check >/dev/null && touch $@

$(YARDSTICKS)/.done: requirements-yardsticks.lock
	@echo "Installing into $(YARDSTICKS) (once; a minute, one package is compiled) ..."
	@$(PYTHON) -m venv $(YARDSTICKS)
	@$(YARDSTICKS)/bin/pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes -r requirements-yardsticks.lock
	@touch $@

# Renew the locks: needs uv (pip install uv); no host name may end up in them.
LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-header --no-annotate
lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(LOCK) --group clients -c requirements.lock -o requirements-clients.lock
	$(LOCK) --group yardsticks -o requirements-yardsticks.lock

clean:
	rm -rf $(VENV) $(CLIENTS) $(YARDSTICKS) data
