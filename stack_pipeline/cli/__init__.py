"""The command line: `stack-pipeline VERB`.

Modules here import click and little else at the top, so that `--help` answers at once; Beam and Arrow come with the work.
"""

from stack_pipeline.cli.main import main

__all__ = ["main"]
