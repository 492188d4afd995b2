.PHONY: help setup test
help:  ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'
.venv/ready: requirements.lock
	python3 -m venv .venv
	.venv/bin/python -m pip install -q --require-hashes -r requirements.lock
	touch $@
setup: .venv/ready  ## install everything that is needed
test: setup  ## run all the tests
	.venv/bin/python -m pytest -q -rs tests
