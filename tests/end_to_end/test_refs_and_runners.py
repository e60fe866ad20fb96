"""Several refs of one repository, and runners other than the default."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from stack_pipeline.licenses.vendored import license_texts
from stack_pipeline.recipe import Recipe
from stack_pipeline.sample import SampleListing
from tests.end_to_end.made_repositories import commit, git
from tests.end_to_end.pipeline import Built, build, command, ingest, release


def two_refs(folder: Path) -> dict[str, Path]:
    """Make a repository whose branch `next` is one commit ahead of `main`, and listings of each ref and of both."""
    repository = folder / "repository"
    commit(
        repository,
        {"LICENSE": license_texts()["MIT"], "tide.py": "def tide(moon, sun):\n    return moon + sun\n"},
    )
    git(repository, "tag", "same")
    git(repository, "checkout", "-q", "-b", "next")
    commit(repository, {"wave.py": "def wave(height, length):\n    return height / length\n"})
    rows = {
        ref: {"path": str(repository), "id": 7, "full_name": "a/b", "ref": ref}
        for ref in ("main", "same", "next")
    }
    listings = {**{ref: [row] for ref, row in rows.items()}, "all": list(rows.values())}
    for name, chosen in listings.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in chosen))
    return {name: folder / f"{name}.jsonl" for name in listings}


def test_origins_of_several_refs_stand_once_per_commit(tmp_path: Path) -> None:
    listings = two_refs(tmp_path)
    made = build(tmp_path / "once", [str(listings["all"])], Recipe())
    origins = pq.read_table(f"{made.release}/origins").to_pylist()
    keys = [(row["repository_id"], row["revision_id"], row["path"]) for row in origins]
    assert len(keys) == len(set(keys)) == 5
    corpus = str(tmp_path / "corpus")
    for name in ("next", "same", "main"):
        ingest(corpus, [str(listings[name])], Recipe())
    assert release(corpus, str(tmp_path / "stepwise"), Recipe()).root == made.root


@contextmanager
def job_service(folder: Path) -> Iterator[int]:
    """Run Beam's own job service, as a stand-in for a cluster's, and yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    module = "apache_beam.runners.portability.local_job_service_main"
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--port", str(port), "--staging_dir", str(folder / "staging")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert process.poll() is None, "the job service ended"
        yield port
    finally:
        process.terminate()
        process.wait()


def test_a_portable_runner_gives_the_same_root(built: Built, sample: SampleListing, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(Path(built.corpus, "key").read_bytes())
    key.chmod(0o600)
    with job_service(tmp_path) as port:
        result = command(
            *(
                "build",
                str(sample.listing),
                "--output",
                str(tmp_path / "release"),
                "--recipe",
                str(sample.recipe),
            ),
            *(
                "--key-file",
                str(key),
                "--public-key-ok",
                "--runner",
                "PortableRunner",
                "--shared-local",
                "--quiet",
            ),
            *(
                "--beam-option",
                f"--job_endpoint=localhost:{port}",
                "--beam-option",
                "--environment_type=LOOPBACK",
            ),
            *("--format", "json"),
        )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["root"] == built.root
