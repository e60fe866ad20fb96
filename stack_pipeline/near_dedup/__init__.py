"""Near-deduplication of files as they are: Parquet, JSONL, a corpus or a release, with a report that one can check.

`dedup` decides over values; what is here reads, counts, raises the alarm, writes and explains.
"""
