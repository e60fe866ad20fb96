"""The stub says what the built module has."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import stack_native

STUB = Path(__file__).parents[2] / "stack_native.pyi"


def stub_signatures() -> dict[str, str]:
    functions = (
        node for node in ast.parse(STUB.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    )
    return {function.name: str(bare_signature(function)) for function in functions}


def bare_signature(function: ast.FunctionDef) -> inspect.Signature:
    """Return the stub's signature without types."""
    arguments = function.args
    places = [
        inspect.Parameter(argument.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        for argument in arguments.args
    ]
    assert not arguments.defaults and not arguments.posonlyargs, "defaults stand on keyword-only arguments"
    keywords = [
        inspect.Parameter(
            argument.arg,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if default is None else ast.literal_eval(default),
        )
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return inspect.Signature(places + keywords)


def test_the_stub_has_the_functions_and_signatures_of_the_module() -> None:
    built = {
        name: str(inspect.signature(getattr(stack_native, name)))
        for name in dir(stack_native)
        if not name.startswith("_") and callable(getattr(stack_native, name))
    }
    assert built == stub_signatures()


def test_every_function_is_documented_in_stub_and_module() -> None:
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            assert ast.get_docstring(node) and getattr(stack_native, node.name).__doc__


def test_the_version_is_a_string() -> None:
    assert isinstance(stack_native.__version__, str)
