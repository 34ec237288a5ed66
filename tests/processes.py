"""Processes that tests let die: what they run is imported once for all."""

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.delivery.dying", "tests.engines.test_dying_migration"])
