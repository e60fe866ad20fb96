"""One program per peer: reads the corpus, finds duplicates the tool's usual way, says which rows it would remove.

    python -m benchmarks.near_dedup.peers.NAME IN.parquet FOLDER THRESHOLD BANDS ROWS

Runs in the peer's own environment, so these modules use nothing of this project but each other. Word 5-grams and, except
where a tool's name for it says otherwise, bands x rows permutations. Into FOLDER go `removed.txt`, a row number a line,
and `result.json`.
"""
