"""Measure near-deduplication beside its peers on real source code, against exact truth: `python -m benchmarks.near_dedup`."""
