"""Tests of `stack_pipeline.sources`, with the modules that make repositories for them."""
