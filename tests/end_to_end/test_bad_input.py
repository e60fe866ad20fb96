"""What a user can get wrong ends with one line and a hint, exit 2 or 1, and nothing half-written."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stack_pipeline.keys import PUBLIC_KEY
from stack_pipeline.sample import PLANTED, SampleListing
from tests.end_to_end.pipeline import Built, command


def assert_one_line_error(result: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    """Check exit code, that stderr ends with an error line and a hint, and that no traceback is shown."""
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    error = next(line for line in result.stderr.splitlines() if line.startswith("Error: "))
    assert "\nhint: " in result.stderr
    for part in parts:
        assert part in error + result.stderr.split("\nhint: ", 1)[1]


def test_a_source_that_does_not_exist_is_named(tmp_path: Path) -> None:
    result = command("build", str(tmp_path / "nowhere"), "--output", str(tmp_path / "release"))
    assert_one_line_error(result, 2, "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_repositories_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_one_line_error(command("build", str(tmp_path / "empty"), "--output", str(tmp_path / "release")), 2)


def test_nothing_to_build_from_is_wrong_use(tmp_path: Path) -> None:
    assert_one_line_error(command("build", "--output", str(tmp_path / "release")), 2, "--corpus")


def test_a_typo_in_the_recipe_gets_a_suggestion_before_anything_is_read(
    sample: SampleListing, tmp_path: Path
) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[near_dedup]\ntreshold = 0.8\n")
    result = command(
        "build", str(sample.listing), "--output", str(tmp_path / "release"), "--recipe", str(recipe)
    )
    assert_one_line_error(result, 2, "near_dedup.treshold", "did you mean 'near_dedup.threshold'?")
    assert [path.name for path in tmp_path.iterdir()] == ["recipe.toml"]


def test_a_wrong_opt_out_rule_is_named(sample: SampleListing, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[[rule]]\nowner = "*"\n')
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[optout]\nrules = "rules.toml"\n')
    assert_one_line_error(command("recipe", "check", str(recipe)), 2, "rules.toml")


def test_an_unknown_option_is_wrong_use() -> None:
    assert_one_line_error(command("build", "--outptu", "x"), 2, "--output")


def test_an_output_folder_with_other_files_is_left_alone(sample: SampleListing, tmp_path: Path) -> None:
    release = tmp_path / "release"
    release.mkdir()
    (release / "thesis.txt").write_text("mine")
    result = command("build", str(sample.listing), "--output", str(release), "--quiet")
    assert_one_line_error(result, 2, "other files")
    assert [path.name for path in release.iterdir()] == ["thesis.txt"]


def test_a_finished_release_is_not_overwritten(built: Built) -> None:
    before = Path(built.release, "manifest.json").read_bytes()
    result = command("build", "--corpus", built.corpus, "--output", built.release, "--public-key-ok")
    assert_one_line_error(result, 2, "finished release")
    assert Path(built.release, "manifest.json").read_bytes() == before


def test_another_builds_unfinished_folder_is_left_alone(built: Built, tmp_path: Path) -> None:
    (tmp_path / "unfinished.json").write_text('{"build":"another"}')
    result = command("build", "--corpus", built.corpus, "--output", str(tmp_path), "--public-key-ok")
    assert_one_line_error(result, 2, "another unfinished build")


def test_an_output_that_cannot_be_written_is_named(built: Built, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    output = str(tmp_path / "file" / "release")
    result = command("build", "--corpus", built.corpus, "--output", output, "--public-key-ok")
    assert_one_line_error(result, 2, output)


def copy_corpus(built: Built, folder: Path) -> Path:
    """Copy a corpus without its work."""
    target = folder / "corpus"
    shutil.copytree(built.corpus, target, ignore=shutil.ignore_patterns("work"))
    return target


def remove_key(corpus: Path) -> None:
    (corpus / "key").unlink()


def change_key(corpus: Path) -> None:
    (corpus / "key").write_text("ab" * 32)


def change_corpus_layout(corpus: Path) -> None:
    head = json.loads((corpus / "corpus.json").read_text())
    (corpus / "corpus.json").write_text(json.dumps({**head, "layout": [9, 0]}))


def change_snapshot_layout(corpus: Path) -> None:
    file = corpus / "snapshots" / "1" / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "layout": [9, 0]}))


def damage_head(corpus: Path) -> None:
    (corpus / "corpus.json").write_text("{")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (remove_key, "lost its key"),
        (change_key, "not the one this corpus was made with"),
        (change_corpus_layout, "layout 9.0"),
        (change_snapshot_layout, "layout 9.0"),
        (damage_head, "damaged"),
    ],
)
def test_a_damaged_corpus_is_refused(
    built: Built, tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    corpus = copy_corpus(built, tmp_path)
    damage(corpus)
    result = command(
        "build", "--corpus", str(corpus), "--output", str(tmp_path / "release"), "--public-key-ok"
    )
    assert_one_line_error(result, 2, said)
    assert not (tmp_path / "release").exists()


def test_the_public_key_is_refused_for_other_builds(built: Built, tmp_path: Path) -> None:
    result = command("build", "--corpus", built.corpus, "--output", str(tmp_path / "release"))
    assert_one_line_error(result, 2, "--public-key-ok")


def test_another_key_is_refused_for_an_existing_corpus(
    built: Built, sample: SampleListing, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_text("cd" * 32)
    key.chmod(0o600)
    result = command("ingest", str(sample.listing), "--corpus", built.corpus, "--key-file", str(key))
    assert_one_line_error(result, 2, "another key")


def test_a_key_file_that_others_can_read_is_refused(sample: SampleListing, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(PUBLIC_KEY.hex())
    key.chmod(0o644)
    result = command(
        "ingest", str(sample.listing), "--corpus", str(tmp_path / "corpus"), "--key-file", str(key)
    )
    assert_one_line_error(result, 2, "chmod 600")
    assert PUBLIC_KEY.hex() not in result.stderr


def test_a_wider_view_of_mixed_rules_is_refused(built: Built, sample: SampleListing, tmp_path: Path) -> None:
    corpus = copy_corpus(built, tmp_path)
    rows = sample.listing.read_text().splitlines(keepends=True)
    (sample.folder / "one.jsonl").write_text(rows[1])
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[ingest]\nmax_file_bytes = 5000\n")
    ingested = command(
        "ingest",
        str(sample.folder / "one.jsonl"),
        "--corpus",
        str(corpus),
        "--recipe",
        str(recipe),
        "--quiet",
    )
    assert ingested.returncode == 0, ingested.stderr
    result = command(
        "build", "--corpus", str(corpus), "--output", str(tmp_path / "release"), "--public-key-ok", "--quiet"
    )
    assert_one_line_error(result, 2, "ingest all sources again")


def test_a_recipe_that_keeps_nothing_fails_and_shows_why(built: Built, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[select]\nmin_stars = 100000000\n")
    result = command(
        *(
            "build",
            "--corpus",
            str(copy_corpus(built, tmp_path)),
            "--output",
            str(tmp_path / "release"),
            "--public-key-ok",
            "--quiet",
        ),
        *("--recipe", str(recipe)),
    )
    assert_one_line_error(result, 1, "nothing is kept")
    assert "few_stars" in result.stdout
    assert not (tmp_path / "release" / "manifest.json").exists()


def test_a_disk_that_takes_no_more_fails_with_one_line_and_the_build_goes_on_later(
    built: Built, sample: SampleListing, tmp_path: Path
) -> None:
    """A limit on the size of files stands for a full disk: writes fail in the middle of a file."""
    arguments = ["ingest", str(sample.listing), "--corpus", str(tmp_path / "corpus"), "--quiet"]
    limit = 40_000
    result = command(*arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert result.returncode == 1
    assert_one_line_error(result, 1, "run the same command again")
    assert list(tmp_path.rglob(".tmp-*")) == []
    assert not (tmp_path / "corpus" / "snapshots" / "1" / "manifest.json").exists()
    assert command(*arguments).returncode == 0


def test_too_many_damaged_blobs_fail_the_ingest(sample: SampleListing, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text("[engine]\nmax_failed_share = 0.0\n")
    result = command(
        *(
            "ingest",
            str(sample.listing),
            "--corpus",
            str(tmp_path / "corpus"),
            "--quiet",
            "--recipe",
            str(recipe),
        )
    )
    assert_one_line_error(result, 1, "missing or damaged", "engine.max_failed_share")


def test_a_runner_on_other_machines_is_refused_local_paths(sample: SampleListing, tmp_path: Path) -> None:
    result = command(
        "ingest", str(sample.listing), "--corpus", str(tmp_path / "corpus"), "--runner", "FlinkRunner"
    )
    assert_one_line_error(result, 2, "--shared-local")


def test_no_release_at_a_place_is_said(tmp_path: Path) -> None:
    for verb in (["verify"], ["inspect"], ["explain"]):
        arguments = [*verb, str(tmp_path), *(["x/y"] if verb == ["explain"] else [])]
        result = command(*arguments)
        assert result.returncode == 2, result.stderr
        assert "no release here" in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize("options", [[], ["--verbose", "--workers", "2"]])
def test_no_planted_value_reaches_the_terminal(
    sample: SampleListing, tmp_path: Path, options: list[str]
) -> None:
    result = command(
        *(
            "build",
            str(sample.listing),
            "--output",
            str(tmp_path / "release"),
            "--recipe",
            str(sample.recipe),
        ),
        *options,
    )
    assert result.returncode == 0, result.stderr
    assert [each.where for each in PLANTED if each.value in result.stdout + result.stderr] == []
    assert (tmp_path / "release.corpus").stat().st_mode & 0o077 == 0
