.PHONY: demo test setup sync format bench nightly interop side-by-side reliability coverage-page docs links lock

setup:
	@.ci/setup "$$(.ci/pythons | head -n 1)" .venv

demo: setup
	@.venv/bin/scratchbot demo $(if $(SECONDS),--seconds $(SECONDS))

test:
	@.ci/test

sync: setup
	@.venv/bin/python .ci/generate_sync.py

format: setup
	@.venv/bin/ruff check --quiet --fix
	@.venv/bin/ruff format --quiet

bench: setup
	@.ci/setup "$$(.ci/pythons | tail -n 1)" .cache/highest
	@.ci/setup-clients
	@.ci/setup-clients tests/benchmarks/requirements "$$(.ci/pythons | head -n 1)"
	@.venv/bin/python -m tests.benchmarks.startup $(if $(WRITE),--write)
	@.venv/bin/python -m tests.benchmarks.sandbox
	@.venv/bin/python -m tests.benchmarks.dispatch $(if $(WRITE),--write)
	@.venv/bin/python -m tests.benchmarks.delivery $(if $(WRITE),--write)
	@.venv/bin/python -m tests.benchmarks.session $(if $(WRITE),--write)
	@.ci/setup-node
	@.venv/bin/python -m tests.benchmarks.cloud $(if $(WRITE),--write)

nightly: setup
	@.ci/setup "$$(.ci/pythons | tail -n 1)" .cache/highest
	@.cache/highest/bin/python -m pytest -n 2 --dist worksteal -m "not interop and not browser"
	@.venv/bin/python -m pytest -n 2 --dist worksteal -m "not interop and not browser"
	@.venv/bin/python -m pytest --hypothesis-profile=nightly tests/delivery tests/cloud
	@.venv/bin/python -m tests.benchmarks.week

interop: setup
	@.ci/setup-clients
	@.ci/setup-node
	@PLAY_SECONDS=60 .venv/bin/python -m pytest -q tests/interop/test_cloud.py
	@.venv/bin/python -m tests.interop.table

side-by-side: setup
	@.ci/setup-clients
	@.venv/bin/python -m tests.interop.sidebyside.page

reliability: setup
	@.ci/setup-clients
	@.venv/bin/python -m tests.interop.reliability.page

coverage-page: setup
	@.venv/bin/python -m tests.coverage_page

docs: setup
	@.venv/bin/python -m sphinx -n -W --keep-going -q -b html -d .cache/doctrees docs .cache/docs
	@echo "the site is in .cache/docs/index.html"

links: setup
	@.venv/bin/python -m sphinx -q -b linkcheck -d .cache/doctrees docs .cache/links

lock: setup
	@.venv/bin/pip install --quiet uv
	@.venv/bin/uv pip compile --quiet --universal --group dev --python-version 3.11 \
		pyproject.toml -o .ci/requirements.txt
