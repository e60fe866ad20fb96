from __future__ import annotations

import subprocess
import sys

import pytest

from stack_pipeline import inspection


@pytest.mark.parametrize("name", inspection.__all__)
def test_every_function_is_found_in_the_package(name: str) -> None:
    assert callable(getattr(inspection, name))
    assert getattr(inspection, name).__name__ == name


def test_what_the_package_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'explode'"):
        getattr(inspection, "explode")  # noqa: B009


def test_explaining_a_release_alone_does_not_import_the_rules_of_the_release() -> None:
    program = "import sys; from stack_pipeline.inspection import explain; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "stack_pipeline.inspection.explaining" in loaded
    heavy = ("stack_pipeline.release", "pii", "dedup", "pandas", "apache_beam", "presidio_analyzer")
    assert [name for name in heavy if name in loaded] == []
