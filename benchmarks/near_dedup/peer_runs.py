"""Run the peers on a corpus and judge what they would remove."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.keeping import Results
from benchmarks.measuring import CommandFailed
from benchmarks.near_dedup.corpus import Corpus
from benchmarks.near_dedup.environments import NotInstallable, environment_python
from benchmarks.near_dedup.judging import judge
from benchmarks.near_dedup.peer_list import LSH, Peer
from benchmarks.near_dedup.peers.bigcode_script import SCRIPT_VARIABLE
from benchmarks.near_dedup.truth import Truth
from benchmarks.one_core import measure_pinned

_SCRIPT = "near_deduplication/minhash_deduplication.py"
_SCRIPT_CLONES = (
    "bigcode-project/bigcode-dataset",
    "bigcode-project+bigcode-dataset/repo",
    "bigcode-dataset",
)


def find_script(given: Path | None, clones: Path | None, cache: Path) -> Path | None:
    """Return the published script: the file given, or the one of a clone of its repository, copied to the cache."""
    if given is not None or clones is None:
        return given.resolve() if given else None
    for name in (variant for clone in _SCRIPT_CLONES for variant in (clone, f"{clone}.git")):
        if (clones / name).is_dir():
            command = ["git", "-C", str(clones / name), "show", f"HEAD:{_SCRIPT}"]
            run = subprocess.run(command, capture_output=True, check=False)
            if run.returncode == 0:
                target = cache / "bigcode_minhash_deduplication.py"
                target.write_bytes(run.stdout)
                return target.resolve()
    return None


def run_peers(
    peers: Sequence[Peer], corpus: Corpus, truth: Truth, cache: Path, results: Results, *, script: Path | None
) -> list[dict[str, Any]]:
    """Return a row per peer; one that can't be installed or fails has the key `failure`."""
    programs = sorted(Path(__file__).with_name("peers").glob("*.py"))
    code = hashlib.sha256(b"".join(path.read_bytes() for path in programs)).hexdigest()
    rows = []
    for peer in peers:
        settings = (peer, corpus.path.name, truth.threshold, code)
        name = f"{peer.name}-{corpus.name}-{truth.threshold}"

        def measure(peer: Peer = peer, name: str = name) -> dict[str, Any]:
            try:
                return _run(peer, corpus, truth, cache, name, script)
            except (NotInstallable, CommandFailed) as failure:
                return {"failure": str(failure)}

        result = results.get(name, settings, measure)
        rows.append({"name": peer.name, "version": peer.version_text, **result})
    return rows


def _run(
    peer: Peer, corpus: Corpus, truth: Truth, cache: Path, name: str, script: Path | None
) -> dict[str, Any]:
    if peer.script and script is None:
        raise NotInstallable("no script given (--bigcode-script) and none fetched")
    python = environment_python(peer, cache)
    folder = cache / "runs" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bands, rows = LSH[truth.threshold]
    arguments = (corpus.path.resolve(), folder.resolve(), truth.threshold, bands, rows)
    module = f"benchmarks.near_dedup.peers.{peer.program}"
    environment = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    if script is not None:
        environment[SCRIPT_VARIABLE] = str(script)
    command = [str(python), "-m", module, *map(str, arguments)]
    run = measure_pinned(command, log=folder / "messages.txt", environment=environment)
    removed = np.array([int(line) for line in (folder / "removed.txt").read_text().split()], dtype=np.int64)
    result = {
        "cpu_seconds": run.cpu_seconds,
        "wall_seconds": run.wall_seconds,
        "peak_bytes": run.peak_bytes,
        **json.loads((folder / "result.json").read_text()),
        "judgement": asdict(judge(truth, removed, kind="components")),
    }
    shutil.rmtree(folder)
    return result
