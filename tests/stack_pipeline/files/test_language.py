"""Tests of language detection, strategy by strategy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.files import DetectedLanguage, detect_language, language_names
from stack_pipeline.files.language import CONSIDERED_BYTES, considered_part
from stack_pipeline.files.linguist_data import load_table
from stack_pipeline.files.modeline import emacs_mode, find_modeline, vim_filetype
from stack_pipeline.files.shebang import find_interpreter

DETECTED = [
    # mode line
    ("notes", "# -*- mode: ruby -*-\n", "Ruby", "modeline"),
    ("a.h", "// -*- C++ -*-\nint x;\n", "C++", "modeline"),
    ("a.xyz", "text\n" * 50 + "# vim: set ft=python ts=4:\n", "Python", "modeline"),
    ("a.py", "# -*- coding: utf-8 -*-\n", "Python", "extension"),
    ("a.py", "text\n# vim: ft=nosuchlanguage\n", "Python", "extension"),
    ("a.py", "\n" * 6 + "# -*- mode: ruby -*-\n" + "\n" * 6, "Python", "extension"),
    # file name
    ("Makefile", "all:\n", "Makefile", "filename"),
    ("deep/er/Dockerfile", "FROM x\n", "Dockerfile", "filename"),
    ("Gemfile", "gem 'x'\n", "Ruby", "filename"),
    ("makefile.txt", "all:\n", "Text", "heuristics"),
    # shebang
    ("run", "#!/usr/bin/env python3\n", "Python", "shebang"),
    ("run", "#!/bin/sh\n", "Shell", "shebang"),
    ("run", "#! ruby -w\n", "Ruby", "shebang"),
    ("run", " #!/bin/sh\n", None, "none"),
    ("run", "#!/opt/nosuchthing\n", None, "none"),
    # extension
    ("a.py", "", "Python", "extension"),
    ("A.PY", "", "Python", "extension"),
    ("a.rb.py", "", "Python", "extension"),
    ("view.html.erb", "<%= x %>", "HTML+ERB", "extension"),
    ("a.nosuch", "x", None, "none"),
    ("", "", None, "none"),
    # XML
    ("a.nosuch", '<?xml version="1.0"?>\n<a/>\n', "XML", "xml"),
    ("a.nosuch", '\n<?xml version="1.0"?>\n', "XML", "xml"),
    ("a.nosuch", '\n\n<?xml version="1.0"?>\n', None, "none"),
    # manual page
    ("ls.1", '.TH LS 1\n.SH "NAME"\n', "Roff Manpage", "heuristics"),
    ("ls.1", "some prose\n", "Text", "heuristics"),
    ("tool.8foo", "x", "Roff Manpage", "manpage"),
    ("data.12", "x", None, "none"),
    # heuristics
    ("a.h", "#import <Foundation/Foundation.h>\n@interface A\n@end\n", "Objective-C", "heuristics"),
    ("a.h", "namespace a {}\nclass B {};\n", "C++", "heuristics"),
    ("a.h", "int f(void);\n", "C", "heuristics"),
    ("a.pl", "use strict;\nmy $x = 1;\n", "Perl", "heuristics"),
    ("a.pl", "parent(X, Y) :- child(Y, X).\n", "Prolog", "heuristics"),
    ("a.m", "% comment\nx = 1;\n", "MATLAB", "heuristics"),
    ("a.m", "@interface A : B\n@end\n", "Objective-C", "heuristics"),
    ("a.v", "module counter(input clk);\nendmodule\n", "Verilog", "heuristics"),
    ("a.v", "Theorem t : True.\nProof. exact I. Qed.\n", "Rocq Prover", "heuristics"),
    ("a.ts", "const x: number = 1;\n", "TypeScript", "heuristics"),
    ("a.ts", "<!DOCTYPE TS>\n<TS version='2.1'>\n", "XML", "heuristics"),
    ("a.cs", "using System;\n", "C#", "heuristics"),
    ("a.fs", "module A\nlet x = 1\n", "F#", "heuristics"),
    ("a.fs", ": square dup * ;\n", "Forth", "heuristics"),
    ("a.d", "import std.stdio;\nvoid main() {}\n", "D", "heuristics"),
    ("a.d", "build/a.o: src/a.c \\\n  src/a.h\n", "Makefile", "heuristics"),
    ("a.sql", "SELECT 1;\n", "SQL", "heuristics"),
    ("a.sql", "DECLARE @x INT\nGO\n", "TSQL", "heuristics"),
    ("a.md", "# Title\n", "Markdown", "heuristics"),
    ("a.md", '(define_insn "x")\n', "GCC Machine Description", "heuristics"),
    ("a.yml", "a: 1\n", "YAML", "heuristics"),
    ("a.json", "{}\n", "JSON", "heuristics"),
    ("a.json", '{"openapi": "3.0.1"}\n', "OASv3-json", "heuristics"),
    ("servers.txt", "127.0.0.1 localhost\n", "Hosts File", "heuristics"),
    ("a.txt", "127.0.0.256 localhost\n", "Text", "heuristics"),
    ("a.txt", "*a* help\n\n vim:tw=78:ts=8:ft=help:norl:\n", "Vim Help File", "modeline"),
    ("a.txt", "x\n" * 9 + " vim:tw=78:ft=help:norl:\n" + "x\n" * 9, "Vim Help File", "heuristics"),
    ("a.txt", "[Adblock Plus 2.0]\n||x.example^\n", "Adblock Filter List", "heuristics"),
    ("a.sol", "pragma solidity ^0.8.0;\n", "Solidity", "heuristics"),
    ("a.sol", "plain words\n", None, "none"),
    ("a.b", "auto x;\n", "B", "heuristics"),
    ("a.b", "implement Foo;\nauto x;\n", "Limbo", "heuristics"),
    # tie-break
    ("a.lean", "theorem t : True := trivial\n", "Lean 4", "guess"),
    ("a.m", "x\n", "Objective-C", "guess"),
    ("a.mm", "<?xml version='1.0'?>\n<map/>\n", "XML", "guess"),
    ("a.mm", "int x;\n", "Objective-C++", "guess"),
]


@pytest.mark.parametrize(("path", "text", "name", "strategy"), DETECTED)
def test_each_strategy_names_its_languages(path: str, text: str, name: str | None, strategy: str) -> None:
    assert detect_language(path, text) == DetectedLanguage(name, strategy)
    assert detect_language(("some/dir/" + path).encode(), text).name == name


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("-*- ruby -*-", "ruby"),
        ("# -*-ruby-*-", "ruby"),
        ("/* -*- mode: c++ -*- */", "c++"),
        ("; -*- Mode: Lisp; Syntax: ANSI-Common-Lisp -*-", "Lisp"),
        ("# -*- coding: utf-8; mode: python; tab-width: 4 -*-", "python"),
        ("# -*- coding: utf-8 -*-", None),
        ("# -*- mode ruby -*-", None),
        ("-*- ruby", None),
        ("", None),
    ],
)
def test_emacs_variables_name_a_mode(line: str, mode: str | None) -> None:
    assert emacs_mode(line) == mode


@pytest.mark.parametrize(
    ("line", "filetype"),
    [
        ("# vim: ft=ruby", "ruby"),
        ("# vim: set ft=ruby:", "ruby"),
        ("# vim: set ft=ruby", None),
        ("// vim: noai:ts=4:sw=4:filetype=c", "c"),
        ("/* vi:ts=4 syntax = java */", None),
        ("/* vi:ts=4 syntax =java */", "java"),
        ("# vim600: ft=perl", "perl"),
        ("# vim<700: ft=perl", "perl"),
        ("# Vim: ft=perl", "perl"),
        (" ex: ft=perl", "perl"),
        ("lex: ft=perl", None),
        ("# vim: titlestring=a\\ ft=sh ft=c", "c"),
        ("# vim: foo-bar ft=c", None),
        ("# vim: ft=c ft=d", "d"),
        ("ft=c", None),
    ],
)
def test_vim_options_name_a_file_type(line: str, filetype: str | None) -> None:
    assert vim_filetype(line) == filetype


def test_a_mode_line_of_an_archive_is_not_believed() -> None:
    assert find_modeline('" Vimball\nUseVimball\n" vim: ft=ruby', "") is None


@pytest.mark.parametrize(
    ("text", "interpreter"),
    [
        ("#!/usr/bin/env ruby", "ruby"),
        ("#!/usr/bin/env -S -i A=1 node --x", "node"),
        ("#!/usr/bin/python2.7 -u", "python2"),
        ("#!  /bin/bash", "bash"),
        ("#!/usr/bin/env", None),
        ("#!", None),
        ('#!/bin/sh\nexec tclsh "$0" "$@"\n', "tclsh"),
        ("#!/bin/sh\nexec foo $0", "sh"),
        ("#!/usr/bin/osascript -l JavaScript", None),
        ("#!/usr/bin/osascript", "osascript"),
        ("# !/bin/sh", None),
    ],
)
def test_the_interpreter_is_what_the_kernel_would_run(text: str, interpreter: str | None) -> None:
    assert find_interpreter(text) == interpreter


def test_only_the_first_part_of_a_text_is_read_to_the_byte() -> None:
    assert considered_part("a" * 60_000) == "a" * CONSIDERED_BYTES
    assert considered_part("a" + "é" * 60_000) == "a" + "é" * ((CONSIDERED_BYTES - 1) // 2)
    assert considered_part("\ud800") == "?"
    assert detect_language("a.h", " " * 60_000 + "std::x").name == "C"


EXTENSIONS = sorted(
    {extension for block in load_table("heuristics.json") for extension in block["extensions"]}
)
HOSTILE = {
    "blank lines": "\n" * 60_000,
    "spaces": " " * 60_000,
    "one line": "a" * 1_000_000,
    "deep brackets": "([{<" * 20_000,
    "colons after vim": "vim" + ": " * 30_000 + "ft",
    "emacs marks": "-*- " * 20_000,
    "assignments": "vim:" + "=a:" * 20_000 + "ft=",
    "words": "a " * 30_000,
    "marks": "! !" * 20_000,
    "keywords": "package contract is import begin move.b a(" * 2_000,
    "quotes": "\"'`" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_text_is_judged_for_every_ambiguous_extension(text: str) -> None:
    names = {None, *language_names()}
    for extension in EXTENSIONS:
        assert detect_language("x" + extension, text).name in names


@given(st.binary(), st.text(), st.sampled_from(["", ".h", ".pl", ".txt", ".m", ".1", ".inc"]))
def test_any_path_and_text_have_an_answer(path: bytes, text: str, extension: str) -> None:
    found = detect_language(path + extension.encode(), text)
    assert found.name is None or found.name in language_names()
    assert (found.name is None) == (found.strategy == "none")
    assert found == detect_language(path + extension.encode(), text)
