"""The borrowed recognizers: offline, in memory, and a clear error without them."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from pii.proposers import EXTRA, propose_addresses, propose_emails, provider_patterns


def run(code: str) -> str:
    """Run code in a fresh interpreter and return what it prints."""
    completed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    return completed.stdout.strip()


@pytest.mark.parametrize("package", ["presidio_analyzer", "detect_secrets"])
def test_a_missing_package_is_an_import_error_and_a_value_error_that_names_the_extra(package: str) -> None:
    printed = run(f"""
        import sys
        sys.modules[{package!r}] = None
        import pii
        try:
            pii.find("x")
        except ValueError as error:
            print(isinstance(error, ImportError), error)
    """)
    assert printed.startswith("True") and EXTRA in printed and package in printed


def test_importing_pii_loads_no_proposer() -> None:
    assert (
        run("""
        import sys, pii
        print(sorted({"presidio_analyzer", "detect_secrets", "tldextract", "spacy"} & set(sys.modules)))
    """)
        == "[]"
    )


def test_finding_opens_no_socket_and_writes_no_file() -> None:
    printed = run("""
        import sys, pii
        pii.find("warm up")
        events = []
        def hook(event, args):
            if event.startswith("socket.") or event == "open" and (args[2] or 0) & 3:
                events.append(event)
        sys.addaudithook(hook)
        token = "npm_" + "a1B2c3D4e5F6" * 3
        spans = pii.find(f"bob@corp.io 52.95.110.1 http://a:qx7kd9@h/ {token}")
        print(sorted({span.kind for span in spans}), events)
    """)
    assert printed == "['EMAIL', 'IP_ADDRESS', 'KEY', 'PASSWORD'] []"


def test_the_recognizers_propose_with_places_and_scores() -> None:
    assert propose_emails("to bob@corp.io!") == [(3, 14, 0.5)]
    assert propose_addresses("at 52.95.110.1!") == [(3, 14, 0.6)]


def test_all_borrowed_patterns_are_compiled_expressions() -> None:
    assert all(hasattr(pattern, "finditer") for pattern in provider_patterns().values())
