# Two commands are enough: `make` builds the course, `make test` checks it. Both set up .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: build test environment lock format clean

build: environment
	@$(BIN)/course build

test: environment
	@$(PYTHON) bootstrap.py --browser
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/course build
	@$(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder

environment:
	@$(PYTHON) bootstrap.py

lock: environment
	@$(BIN)/uv pip compile --extra dev --upgrade pyproject.toml -o requirements.txt --quiet

format: environment
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf _build
