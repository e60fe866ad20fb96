"""Tests of the comment ratio: what is comment is written between marks that are cut out before the scan."""

from __future__ import annotations

import io
import tokenize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack_pipeline.files import comment_ratio
from stack_pipeline.files.comment_syntax import SYNTAX

# «…» encloses what counts as comment.
MARKED = [
    ("C", "int x; «// a»\nint y; «/* b\n c */» z;"),
    ("C", 'char *s = "/* no */ // no"; «// yes»\n'),
    ("C", "char c = '\"'; «// yes»\n"),
    ("C", 'char *s = "\\"// no"; «/* yes */»'),
    ("C", "x = a / b; «/* open to the end"),
    ("C++", "int n = 1'000'000; «// yes»\n"),
    ("C#", 'var p = @"c:\\"; «// yes»\n'),
    ("Go", "s := `// no\n/* no` «// yes»\n"),
    ("Rust", "«/* a /* nested */ still */» fn f<'a>(x: &'a str) {} «// yes»\n"),
    ("Rust", 'let s = r#"// "no" "#; «// yes»\n'),
    ("Swift", 'let s = """\n// no\n"""\n«// yes»\n'),
    ("JavaScript", "const r = /[/*]/g; «// yes»\n"),
    ("JavaScript", "const s = `// no ${x}`; «/* yes */»"),
    ("JavaScript", 'const u = "http://x"; a = b / c; «// yes»\n'),
    ("TypeScript", "const s = 'it\\'s // no'; «// yes»\n"),
    ("PHP", "<?php «# yes»\n«// yes»\n$a = '#no'; «/* yes */»"),
    ("CSS", "a { b: url('/*no*/'); } «/* yes */»"),
    ("HTML", "<p>// no # no</p>«<!-- yes -->»"),
    ("Shell", 'echo $# ${#a} "# no" «# yes»\n'),
    ("Shell", "echo a#b «# yes»\n"),
    ("YAML", "a: b#c «# yes»\n«# yes»\n"),
    ("Dockerfile", "«# yes»\nRUN echo '# no'\n"),
    ("Ruby", "x = '# no' «# yes»\n«=begin\nyes\n=end»\ny\n"),
    ("Perl", "my $n = $#a; «# yes»\n«=pod\n\nyes\n\n=cut»\n1;\n"),
    ("PowerShell", "«<# yes\n yes #>» $a = '# no' «# yes»\n"),
    ("R", "x <- '# no' «# yes»\n"),
    ("Julia", "«#= a #= b =# c =#» x = 1 «# yes»\n"),
    ("SQL", "select '-- no' , 1 «-- yes»\n«/* yes */»"),
    ("Ada", 'x : String := "-- no"; «-- yes»\n'),
    ("Lua", 'x = "-- no" «-- yes»\n«--[[ yes\n ]]» y = [==[ -- no ]] ]==] «--[=[ ]] yes ]=]»\n'),
    ("Haskell", "f x = x --> y\n«-- yes»\n«{- a {- b -} c -}»\n"),
    ("OCaml", '«(* a (* b *) c *)» let s = "(* no *)"\n'),
    ("F#", "let f = (*) «// yes»\n«(* yes *)»\n"),
    ("Pascal", "«{ yes }» s := '{ no }'; «(* yes *)» «// yes»\n"),
    ("Common Lisp", '(f "; no" #\\; 1) «; yes»\n«#| a #| b |# c |#»\n'),
    ("Clojure", '(f "; no" \\;) «; yes»\n'),
    ("Erlang", 'f() -> "% no". «% yes»\n'),
    ("Prolog", "a :- b. «% yes»\n«/* yes */»\n"),
    ("TeX", "50\\% sure «% yes»\n"),
    ("MATLAB", "y = x'; s = '% no'; «% yes»\n"),
    ("Fortran Free Form", "print *, '! no' «! yes»\n"),
    ("Fortran", "«C yes»\n      x = 1\n«* yes»\n      call f\n"),
    ("VBA", "x = \"' no\" «' yes»\n"),
    ("Batchfile", "echo rem\n«REM yes»\n«:: yes»\n"),
    ("Assembly", "mov eax, 1 «; yes»\n"),
    ("WebAssembly", "(module «;; yes»\n «(; a (; b ;) ;)» )"),
    ("Lean 4", "«/- a /- b -/ -/» theorem t «-- yes»\n"),
    ("Python", "x = '# no' «# yes»\n"),
    ("Python", '«"""Module."""»\nx = 1\n'),
    ("Python", "«#!/usr/bin/python»\n\n«'''Module.'''»\n"),
    ("Python", 'x = 1\n"""no"""\n'),
    ("Python", 'def f(a, b="no"):\n    «"""Doc\n\n    more."""»\n    return """no"""\n'),
    ("Python", 'def f(\n    a={"k": 1},\n    b=[1],\n) -> int:\n    «# yes»\n    «"Doc."»\n    return 1\n'),
    ("Python", 'async def f():\n    r«"""Doc."""»\n'),
    ("Python", 'class A(B):\n    «"""Doc."""»\n\n    def f(self):\n        «"""Doc."""»\n'),
    ("Python", 'def f():\n    x = 1\n    """no"""\n'),
    ("Python", 'def f(): pass\n"""no"""\n'),
    ("Python", 'x = {\n    "a":\n    "no",\n}\n'),
    ("Python", 'if x:\n    """no"""\n'),
    ("Python", 'def f():\n    «"""Doc."""»\n    """no"""\n'),
]


@pytest.mark.parametrize(("language", "marked"), MARKED)
def test_comments_are_counted_and_strings_are_not(language: str, marked: str) -> None:
    comments = sum(len(part.partition("»")[0]) for part in marked.split("«")[1:])
    text = marked.replace("«", "").replace("»", "")
    assert comment_ratio(language, text) == comments / len(text)


@pytest.mark.parametrize(
    "language", [None, "JSON", "Markdown", "Text", "CSV", "No Such Language", "Brainfuck"]
)
def test_no_ratio_where_comments_are_not_known(language: str | None) -> None:
    assert comment_ratio(language, "# x") is None


def test_an_empty_text_has_no_comments() -> None:
    assert comment_ratio("C", "") == 0.0


def test_a_file_of_one_comment_is_all_comment() -> None:
    assert comment_ratio("C", "/*" + "x" * 1_000_000 + "*/") == 1.0


OPENERS = [
    "/*", "//", "'", '"', "`", "#", "{-", "--[[", "(*", '"""', "'''", "<#", "<!--", "=/", "=/[", "\n", "\n''",
    'r#"', "[=[", "\n%{\n", '@"', "#|", "/+", "\ndef f():\n''", "\ndef f(\n''", "\ndef f(",
    "\\", "'a", "$#", "#=", "-",
]  # fmt: skip


@pytest.mark.parametrize("opener", OPENERS)
def test_a_file_of_openers_is_scanned_in_every_syntax(opener: str) -> None:
    text = (opener * (60_000 // len(opener) + 1))[:60_000]
    for languages in SYNTAX.values():
        ratio = comment_ratio(languages.partition("|")[0], text)
        assert ratio is not None
        assert 0 <= ratio <= 1


@given(
    st.sampled_from(sorted(SYNTAX.values())),
    st.text(alphabet="/*#-{}()[]'\"`\\;%!=<>|\n ab:", max_size=200) | st.text(),
)
def test_any_text_has_a_ratio_between_0_and_1(languages: str, text: str) -> None:
    ratio = comment_ratio(languages.partition("|")[0], text)
    assert ratio is not None
    assert 0 <= ratio <= 1


LINES = st.sampled_from(
    [
        "x = 1",
        "y = 'a # b'",
        'z = "c"',
        "# note",
        "w = [1, 2]  # tail",
        "v = '''t # u'''",
        "s = f'{x}' # c",
        "",
        "u = '\\'' # d",
    ]
)


@given(st.lists(LINES))
def test_python_comments_are_those_of_the_tokenizer(lines: list[str]) -> None:
    text = "x = 0\n" + "\n".join(lines) + "\n"
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = sum(len(token.string) for token in tokens if token.type == tokenize.COMMENT)
    assert comment_ratio("Python", text) == comments / len(text)
