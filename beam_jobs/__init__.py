"""Compose the stages of stack_pipeline as Apache Beam jobs."""
