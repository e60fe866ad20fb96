"""A build killed in any stage goes on where it stopped, and ends with the same root."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from stack_pipeline.ingest.stages import STAGES as INGEST_STAGES
from stack_pipeline.keys import PUBLIC_KEY
from stack_pipeline.release.stages import STAGES as RELEASE_STAGES
from stack_pipeline.sample import SampleListing
from tests.end_to_end.pipeline import Built, command

STAGES = [stage.name for stage in (*INGEST_STAGES, *RELEASE_STAGES)]


class Build:
    """A build of the sample as a command, whose work folder is kept."""

    def __init__(self, folder: Path, sample: SampleListing) -> None:
        self.output = folder / "release"
        self.work = folder / "release.corpus" / "work"
        recipe = folder / "recipe.toml"
        text = sample.recipe.read_text().replace("optout.toml", str(sample.rules))
        recipe.write_text(text + "\n[engine]\nkeep_work = true\ntask_bytes = 65536\n")
        key = folder / "key"
        key.write_text(PUBLIC_KEY.hex())
        key.chmod(0o600)
        self.arguments = [
            *("build", str(sample.listing), "--output", str(self.output), "--recipe", str(recipe)),
            *("--key-file", str(key), "--public-key-ok", "--format", "json", "--quiet"),
        ]

    def kill_in(self, stage: str, number: signal.Signals) -> bool:
        """Start the build and end it when the stage is planned; return whether it was still running."""
        before = self._plan_time(stage)
        program = str(Path(sys.executable).with_name("stack-pipeline"))
        process = subprocess.Popen(
            [program, *self.arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while process.poll() is None and self._plan_time(stage) == before:
            time.sleep(0.002)
        running = process.poll() is None
        if running:
            os.killpg(process.pid, number)
        process.wait()
        return running

    def _plan_time(self, stage: str) -> int:
        try:
            return (self.work / stage / "plan.json").stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def records(self) -> dict[str, tuple[int, int]]:
        """Return process and time of each finished task, by the name of its record."""
        found = {}
        for file in self.work.glob("*/*/record.json"):
            found[str(file.relative_to(self.work))] = (
                json.loads(file.read_bytes())["pid"],
                file.stat().st_mtime_ns,
            )
        return found


def test_a_build_killed_in_every_stage_ends_with_the_same_root_and_redoes_only_unfinished_tasks(
    built: Built, sample: SampleListing, tmp_path: Path
) -> None:
    build = Build(tmp_path, sample)
    survived: dict[str, tuple[int, int]] = {}
    for stage in STAGES:
        assert build.kill_in(stage, signal.SIGKILL), f"the build ended before it could be killed in {stage}"
        records = build.records()
        redone = [name for name, done in survived.items() if records.get(name) != done]
        assert redone == []
        survived = records
    result = command(*build.arguments)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["root"] == built.root
    final = build.records()
    assert [name for name, done in survived.items() if final[name] != done] == []
    assert not (build.output / "unfinished.json").exists()


def test_control_c_ends_with_one_line_and_the_same_command_goes_on(
    built: Built, sample: SampleListing, tmp_path: Path
) -> None:
    build = Build(tmp_path, sample)
    assert build.kill_in("read_files", signal.SIGINT)
    assert not build.output.exists() or not (build.output / "manifest.json").exists()
    result = command(*build.arguments)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["root"] == built.root
