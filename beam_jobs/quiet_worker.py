"""Beam's worker process without its start-up messages; run as a module in place of `sdk_worker_main`."""

from __future__ import annotations

import logging
import sys

from stack_pipeline.lean_imports import leave_out_pandas

if __name__ == "__main__":
    logging.disable(logging.ERROR)
    leave_out_pandas()
    from apache_beam.runners.worker.sdk_worker_main import main

    main(sys.argv)
