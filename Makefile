# What a checkout can do: `make demo` to see it work, `make test` before a change.
#
# Everything runs in .venv, which is made when it is missing; a stamp file says what is installed in it, so
# that a second call starts at once. PYTHON chooses the interpreter that makes it: make demo PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPORT := report.html
BENCH := build/bench

.DEFAULT_GOAL := help
.PHONY: help demo test quality bench lint docs docs-reference clean

help:
	@echo "make demo     scan the sample articles, show what they share, write $(REPORT)"
	@echo "make test     run the tests (but for those marked as slow)"
	@echo "make quality  measure what it finds, and fail below the floors in benchmarks/baseline.json"
	@echo "make bench    measure speed over 10,000 articles (some three minutes); figures in $(BENCH)/"
	@echo "make lint     ruff, mypy and the order of the imports"
	@echo "make docs     build the documentation in build/site; a warning is an error"
	@echo "make docs-reference  write the generated pages of docs/reference/ anew"
	@echo "make clean    remove the virtual environment, compiled kernels and what was built"

demo: $(VENV)/.installed
	$(BIN)/dedup scan seeds --scope all --format table
	$(BIN)/dedup scan seeds --scope all --quiet -o $(REPORT)
	@echo
	@echo "The report: file://$(CURDIR)/$(REPORT)"

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --maxprocesses 4 $(PYTEST_OPTIONS)

quality: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/quality/gate.py

bench: $(VENV)/.installed
	mkdir -p $(BENCH)
	$(BIN)/python benchmarks/speed/corpus.py --articles 10000 --parquet -o $(BENCH)/10k
	$(BIN)/python benchmarks/speed/signatures.py $(BENCH)/10k/articles.jsonl -o $(BENCH)/signatures.json
	$(BIN)/python benchmarks/speed/limit.py $(BENCH)/10k/articles.jsonl -o $(BENCH)/limit.json
	$(BIN)/python benchmarks/speed/stages.py $(BENCH)/10k -o $(BENCH)/stages.json
	$(BIN)/python benchmarks/speed/scan.py --corpus $(BENCH)/10k -o $(BENCH)/scan.json

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

docs-reference: $(VENV)/.installed
	$(BIN)/python docs/generators/write.py

clean:
	rm -rf $(VENV) dist build $(REPORT) dedup/__pycache__/kernels
	find dedup benchmarks -name '*.nb[ic]' -delete

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "dedup needs Python 3.11 or later; $(PYTHON) is `$(PYTHON) --version 2>&1 | head -1`." \
	         "Name another: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@echo "The first scan compiles its kernels, which takes one to two minutes; later ones load them."
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@ $(VENV)/.installed
