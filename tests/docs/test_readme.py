"""What the README shows is what the program prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, blocks
from tools.console_blocks import ELLIPSIS, commands_of, shortened, shown_commands, with_outputs

README = ROOT / "README.md"


def test_the_output_below_each_command_is_what_it_prints(true_texts: dict[Path, str]) -> None:
    assert README.read_text(encoding="utf-8") == true_texts[README]


def test_the_first_screen_has_a_command_with_its_output() -> None:
    first = README.read_text(encoding="utf-8").splitlines()[:40]
    assert "$ make demo" in first
    assert first[first.index("$ make demo") + 1].startswith("stage ")


@pytest.mark.parametrize("verb", ["make demo", "explain", "inspect", "verify", "build"])
def test_the_readme_shows_the_main_commands(verb: str) -> None:
    commands = shown_commands(README.read_text(encoding="utf-8"))
    assert any(command.startswith(verb) or f"stack-pipeline {verb} " in command for command in commands)


def test_two_commands_do_all_set_up() -> None:
    targets = [line.split("#")[0].strip() for line in blocks(README, "sh")[0].splitlines()]
    assert targets == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\ndemo: install" in makefile
    assert "\ntest: install" in makefile


def test_the_demo_target_runs_what_stands_for_it_here() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.split("\ndemo: install")[1].splitlines()[1]
    assert recipe.strip().lstrip("@") == "$(BIN)/stack-pipeline demo --output demo-release"


class Printing:
    """A console that prints the command."""

    def lines(self, command: str) -> list[str]:
        return command.splitlines()


def test_outputs_are_replaced_and_commands_kept() -> None:
    page = "a\n\n```console\n$ one\nold\n$ two\n> more\n> end\nold\n```\n\nb\n"
    assert with_outputs(page, Printing()) == (  # type: ignore[arg-type]
        "a\n\n```console\n$ one\none\n$ two\n> more\n> end\ntwo\nmore\nend\n```\n\nb\n"
    )


def test_a_line_of_output_that_begins_like_a_continuation_is_output() -> None:
    assert commands_of("$ one\nout\n> quoted\n$ two\n") == ["one", "two"]


@pytest.mark.parametrize(
    ("head", "tail", "expected"),
    [
        ("1", "1", ["a", ELLIPSIS, "e"]),
        ("2", "2", ["a", "b", "c", "d", "e"]),
        ("0", "1", [ELLIPSIS, "e"]),
        ("1", "0", ["a", ELLIPSIS]),
        (None, None, ["a", "b", "c", "d", "e"]),
    ],
)
def test_only_lines_between_head_and_tail_are_left_out(
    head: str | None, tail: str | None, expected: list[str]
) -> None:
    assert shortened(list("abcde"), {"head": head, "tail": tail}) == expected


def test_a_command_that_fails_is_an_error_and_not_an_output(tmp_path: Path) -> None:
    from tools.console_blocks import Console

    with pytest.raises(RuntimeError, match="exit 3"):
        Console(tmp_path).lines("exit 3")
