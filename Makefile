# make        install, build the marts, estimate, render; does only what changed
# make quick  the checks that need no build and no browser
# make test   every check but Spark, into fresh databases
# make bench  time the models on synthetic panels against other ways: make bench SIZES='1e5 1e6 1e7'
# make spark  the same models on Apache Spark, compared with DuckDB (needs Java)
# make clean  remove what make made
PYTHON ?= $(shell command -v python3.11 || command -v python3)
STUDY ?= nqp
VENV := .venv
BIN := $(VENV)/bin
SPARK := .venv-spark
MARKS := .make
export NQP_STUDY := $(STUDY)
export NQP_DATABASE := $(STUDY).duckdb
export GX_ANALYTICS_ENABLED := false
export PIP_DISABLE_PIP_VERSION_CHECK := 1

SQL := $(shell find models macros tests/generic tests/singular analyses seeds/$(STUDY) seeds/words -type f) dbt_project.yml profiles.yml \
    $(wildcard $(NQP_OBSERVATIONS) $(NQP_ENTITIES))
CODE := $(shell find python -name '*.py' -o -name '*.j2' -o -name '*.css' -o -name '*.js')

.PHONY: all quick test lint bench spark docs clean
all: $(MARKS)/estimated-$(STUDY)
	@echo 'Tables: output/$(STUDY)/index.html'; cat output/$(STUDY)/findings.txt

# A mark says that a step was done; without its result it says nothing.
ifeq ($(wildcard $(NQP_DATABASE)),)
$(shell rm -f $(MARKS)/built-$(STUDY))
endif
ifeq ($(wildcard output/$(STUDY)/findings.txt),)
$(shell rm -f $(MARKS)/estimated-$(STUDY))
endif

$(MARKS)/installed: requirements.lock
	@mkdir -p $(MARKS)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --requirement requirements.lock
	@touch $@

$(MARKS)/installed-dev: requirements-dev.lock $(MARKS)/installed
	$(BIN)/pip install --quiet --requirement requirements-dev.lock
	@touch $@

$(MARKS)/installed-bench: bench/requirements.lock $(MARKS)/installed
	$(BIN)/pip install --quiet --requirement bench/requirements.lock
	@touch $@

# Unit tests test the code, and make test runs them. Two nodes at a time give the same bits as one (tests/python/conftest.py builds both).
$(MARKS)/built-$(STUDY): $(MARKS)/installed $(SQL)
	$(BIN)/dbt build --threads $(or $(NQP_THREADS),2) --exclude-resource-type unit_test
	@touch $@

$(MARKS)/estimated-$(STUDY): $(MARKS)/built-$(STUDY) $(CODE)
	$(BIN)/python python/estimate.py >/dev/null
	@touch $@

quick: $(MARKS)/installed-dev
	bash tests/run $(BIN) quick

test: $(MARKS)/installed-dev
	bash tests/run $(BIN)

lint: $(MARKS)/installed-dev
	bash tests/run $(BIN) lint

SIZES ?= 1e5 1e6
bench: $(MARKS)/installed-bench
	$(BIN)/python bench/scale.py $(SIZES)
	$(BIN)/python bench/within.py

$(MARKS)/installed-spark: requirements.lock requirements-spark.lock
	@mkdir -p $(MARKS)
	$(PYTHON) -m venv $(SPARK)
	$(SPARK)/bin/pip install --quiet --requirement requirements.lock --requirement requirements-spark.lock
	@touch $@

SPARK_SIZES ?= 1e6
spark: $(MARKS)/installed-spark
	$(SPARK)/bin/python tests/spark/run.py $(SPARK_SIZES)

docs: $(MARKS)/installed
	$(BIN)/dbt docs generate --static
	@echo "target/static_index.html"

clean:
	rm -rf $(VENV) $(SPARK) $(MARKS) target logs output *.duckdb *.duckdb.wal
