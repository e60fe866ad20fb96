"""One program per peer: reads texts, finds what the tool finds its usual way, says where.

    python -m benchmarks.pii.peers.NAME < TEXTS > FINDS

Runs in the peer's own environment, so these modules use nothing of this project but each other. Nothing is verified
against any service. TEXTS are JSON lines with `id`, `text` and `suffix`, the ending of the file's name. FINDS are JSON lines
with `id` and `spans` (`start`, `end` in characters, `label`); the last line holds `cpu_seconds`, the CPU time of finding
alone, and `start_seconds`, that of loading the tool.
"""
