"""What a comment and a string look like in each language: the table that `comment_ratio` reads.

A syntax is a few building blocks joined into one pattern that finds the next comment or string. Every block
consumes what it has looked at (possessive repeats, an unclosed comment runs to the end of the file), so a
scan is linear. Languages without comments (JSON, CSV, plain text, Markdown) and those whose comments we do
not know are absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

# Comments. A nested comment is only opened here; the scanner counts its depth.
_C_LINE = r"(?P<c{n}>//[^\n]*+)"
_C_BLOCK = r"(?P<c{n}>/\*(?:[^*]++|\*(?!/))*+(?:\*/)?+)"
_HASH = r"(?P<c{n}>#[^\n]*+)"
_SPACED_HASH = r"(?:(?<=[\s;&|(){}])|^)(?P<c{n}>#[^\n]*+)"
_DASHES = r"(?P<c{n}>--[^\n]*+)"
_SEMICOLON = r"(?P<c{n}>;[^\n]*+)"
_PERCENT = r"(?<!\\)(?P<c{n}>%[^\n]*+)"
_BANG = r"(?P<c{n}>![^\n]*+)"
_FIXED_FORM = r"(?P<c{n}>^[cC*][^\n]*+)"
_APOSTROPHE = r"(?P<c{n}>'[^\n]*+)"
_REM = r"(?P<c{n}>(?i:^[ \t]{0,80}+@?rem\b)[^\n]*+)"
_BATCH = r"(?P<c{n}>^[ \t]{0,80}+::[^\n]*+)"
_MARKUP = r"(?P<c{n}><!--(?:[^-]++|-(?!->))*+(?:-->)?+)"
_RUBY_BLOCK = r"(?P<c{n}>^=begin\b(?:[^\n]++|\n(?!=end\b))*+(?:\n=end[^\n]*+)?+)"
_POD = r"(?P<c{n}>^=[a-zA-Z]\w*+(?:[^\n]++|\n(?!=cut\b))*+(?:\n=cut[^\n]*+)?+)"
_POWERSHELL_BLOCK = r"(?P<c{n}><#(?:[^#]++|#(?!>))*+(?:#>)?+)"
_PASCAL_BRACES = r"(?P<c{n}>\{[^}]*+\}?+)"
_STAR_PARENTHESES = r"(?P<c{n}>\(\*(?:[^*]++|\*(?!\)))*+(?:\*\))?+)"
_JULIA_BLOCK = r"(?P<nj{n}>#=)"
_MATLAB_BLOCK = r"(?P<c{n}>^[ \t]{0,80}+%\{[ \t]*+$(?:[^\n]++|\n(?![ \t]{0,80}%\}))*+(?:\n[ \t]*+%\})?+)"
_HASKELL_LINE = r"(?<![!#$%&*+./<=>?@\\^|~:-])(?P<c{n}>--++(?![!#$%&*+./<=>?@\\^|~:])[^\n]*+)"
_LUA_BLOCK = r"(?P<lc{n}>--\[=*+\[)"
_NESTED_C = r"(?P<nc{n}>/\*)"
_NESTED_D = r"(?P<nd{n}>/\+)"
_NESTED_HASKELL = r"(?P<nh{n}>\{-)"
_NESTED_LISP = r"(?P<nl{n}>#\|)"
_NESTED_LEAN = r"(?P<nt{n}>/-)"
_NESTED_WASM = r"(?P<nw{n}>\(;)"
_WASM_LINE = r"(?P<c{n}>;;[^\n]*+)"
_NESTED_ML = r"(?P<nm{n}>\(\*(?!\)))"

# Strings: looked for only to be stepped over.
_DOUBLE = r'"(?:[^"\\\n]++|\\[\s\S])*+"?+'
_SINGLE = r"'(?:[^'\\\n]++|\\[\s\S])*+'?+"
_CHARACTER = r"'(?:[^'\\\n]|\\[^\n][^'\n]{0,9}+)'"
_DOUBLE_LINES = r'"(?:[^"\\]++|\\[\s\S])*+"?+'
_BACKTICK = r"`(?:[^`\\]++|\\[\s\S])*+`?+"
_RAW_BACKTICK = r"`[^`]*+`?+"
_TRIPLE_DOUBLE = r'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:""")?+'
_TRIPLE_SINGLE = r"'''(?:[^'\\]++|\\[\s\S]|'(?!''))*+(?:''')?+"
_RAW_HASHES = r'r(?P<rs{n}>#*+)"'
_LUA_STRING = r"(?P<ls{n}>\[=*+\[)"
_VERBATIM = r'[@$]{1,2}"(?:[^"]++|"")*+"?+'
_QUOTED_QUOTES = r"'(?:[^'\n]++|'')*+'?+"
_QUOTED_LINES = r"'(?:[^']++|'')*+'?+"
_TRANSPOSABLE = r"(?<![\w)\]}.'])'[^'\n]*+'"
_LISP_CHARACTER = r"#?\\[^\n]"
_DOLLAR_HASH = r"\$\{?#"
_REGEX = (
    r"[(,=:\[!&|?;{}][ \t]{0,20}+/(?![*/])(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n]){0,100}+\]){1,200}+/"
)

_C = (_C_LINE, _C_BLOCK, _DOUBLE, _CHARACTER)
_SCRIPT = (_C_LINE, _C_BLOCK, _BACKTICK, _DOUBLE, _SINGLE, _REGEX)
_JVM = (_C_LINE, _C_BLOCK, _TRIPLE_DOUBLE, _DOUBLE, _CHARACTER)
_JVM_NESTED = (_C_LINE, _NESTED_C, _TRIPLE_DOUBLE, _DOUBLE, _CHARACTER)
_SHELL = (_DOLLAR_HASH, _SPACED_HASH, _DOUBLE, _QUOTED_QUOTES)
_PLAIN_HASH = (_HASH, _DOUBLE, _SINGLE)
_PYTHON = (_HASH, _TRIPLE_DOUBLE, _TRIPLE_SINGLE, _DOUBLE, _SINGLE)

SYNTAX: dict[tuple[str, ...], str] = {
    _C: (
        "C|C++|Objective-C|Objective-C++|Objective-J|Cuda|HIP|OpenCL|GLSL|HLSL|GDShader|Metal|WGSL|"
        "ShaderLab|ISPC|Slang|Protocol Buffer|Protocol Buffer Text Format|Thrift|Avro IDL|FlatBuffers|"
        "Slice|Smithy|Solidity|Verilog|SystemVerilog|Yacc|Bison|Lex|SWIG|AIDL|Processing|Zig|C3|Carbon|"
        "Vala|Hack|ActionScript|Apex|Squirrel|SourcePawn|Pawn|NetLinx|Ragel|RenderScript|Filterscript|"
        "DTrace|Odin|V|Gosu|Pike|AngelScript|MQL4|MQL5|Stan|UnrealScript|XC|nesC|eC|Unified Parallel C|"
        "Haxe|OpenSCAD|P4|Promela|Faust|Witcher Script|NWScript|QuakeC|Game Maker Language|Chapel|"
        "Ballerina|Bicep|Prisma|CUE|TypeSpec|Kaitai Struct|YARA|Pro*C|Hare|Jai|Berry|Wren|Lobster|Dafny|"
        "Boogie"
    ),
    (*_C, _VERBATIM): "C#|Beef",
    (_C_LINE, _C_BLOCK, _RAW_BACKTICK, _DOUBLE, _CHARACTER): "Go|Go Module|Go Workspace|Gno|templ",
    (_C_LINE, _NESTED_C, _RAW_HASHES, _DOUBLE_LINES, _CHARACTER): "Rust|Move|Cairo|Sway|Noir|RON",
    (_C_LINE, _C_BLOCK, _NESTED_D, _RAW_BACKTICK, _DOUBLE_LINES, _CHARACTER): "D",
    _SCRIPT: "JavaScript|TypeScript|TSX|JSON5|JSON with Comments|QML|Qt Script|Cycript|ReScript|Imba",
    _JVM: "Java|Groovy|Gradle|AspectJ|Xtend|JFlex|ZenScript",
    _JVM_NESTED: "Kotlin|Gradle Kotlin DSL|Scala|Swift|Dart|Ceylon",
    (_C_LINE, _SPACED_HASH, _C_BLOCK, _DOUBLE_LINES, _SINGLE): "PHP|HTML+PHP",
    (_C_BLOCK, _DOUBLE, _SINGLE): "CSS|PostCSS",
    (_C_LINE, _C_BLOCK, _DOUBLE, _SINGLE): "SCSS|Less|Stylus|Sass|CartoCSS",
    (_HASH, _C_LINE, _C_BLOCK, _DOUBLE): "HCL|Jsonnet|Unix Assembly",
    (_SPACED_HASH, _C_BLOCK, _DOUBLE_LINES): "Nix",
    _PYTHON: "Python|Cython|Starlark|GDScript|Snakemake|Mojo|Sage|NumPy|Xonsh|Vyper|Easybuild|Scenic",
    (_HASH, _RUBY_BLOCK, _DOUBLE, _SINGLE): "Ruby|Crystal|RBS",
    (_DOLLAR_HASH, _POD, _SPACED_HASH, _DOUBLE, _SINGLE): "Perl|Raku",
    _SHELL: (
        "Shell|Alpine Abuild|OpenRC runscript|Dockerfile|Makefile|fish|Awk|sed|Tcsh|YAML|OASv2-yaml|"
        "OASv3-yaml|MiniYAML|Tcl|BitBake|Gentoo Ebuild|Gentoo Eclass|CODEOWNERS|Ignore List|"
        "Git Attributes|Procfile|Nginx|ApacheConf|Caddyfile|RPM Spec|Nushell|Just|Earthly|Singularity|"
        "Meson|GN|QMake|crontab|Pip Requirements|Dotenv|SSH Config|jq"
    ),
    _PLAIN_HASH: (
        "R|CMake|TOML|Elixir|Nim|CoffeeScript|Puppet|GraphQL|Gnuplot|Ninja|SPARQL|Turtle|"
        "Open Policy Agent|Gherkin|Elvish|Janet|Zeek|GAP|Cap'n Proto|Java Properties|Gettext Catalog|"
        "Kickstart"
    ),
    (_POWERSHELL_BLOCK, _SPACED_HASH, _DOUBLE, _QUOTED_QUOTES): "PowerShell",
    (_JULIA_BLOCK, _HASH, _TRIPLE_DOUBLE, _DOUBLE, _CHARACTER): "Julia",
    (_DASHES, _C_BLOCK, _DOUBLE, _QUOTED_LINES): "SQL|PLSQL|PLpgSQL|TSQL|SQLPL|HiveQL",
    (_DASHES, _DOUBLE): "Ada|VHDL|Eiffel",
    (_LUA_BLOCK, _DASHES, _LUA_STRING, _DOUBLE, _SINGLE): "Lua|Luau|Teal|MoonScript|Terra",
    (_NESTED_HASKELL, _HASKELL_LINE, _DOUBLE, _CHARACTER): (
        "Haskell|Elm|PureScript|Idris|Agda|Frege|Curry|C2hs Haskell|Dhall"
    ),
    (_NESTED_LEAN, _DASHES, _DOUBLE_LINES, _CHARACTER): "Lean|Lean 4",
    (_NESTED_ML, _DOUBLE_LINES, _CHARACTER): "OCaml|Standard ML|Rocq Prover|Wolfram Language|Isabelle",
    (_NESTED_ML, _C_LINE, _VERBATIM, _TRIPLE_DOUBLE, _DOUBLE_LINES, _CHARACTER): "F#|F*",
    (_C_LINE, _PASCAL_BRACES, _STAR_PARENTHESES, _QUOTED_QUOTES): "Pascal",
    (_LISP_CHARACTER, _SEMICOLON, _NESTED_LISP, _DOUBLE_LINES): (
        "Common Lisp|Scheme|Racket|Emacs Lisp|NewLisp"
    ),
    (_LISP_CHARACTER, _SEMICOLON, _DOUBLE_LINES): "Clojure|Hy|Fennel|edn|LFE|Tree-sitter Query",
    (_NESTED_WASM, _WASM_LINE, _DOUBLE): "WebAssembly",
    (_PERCENT, _DOUBLE, _SINGLE): "Erlang",
    (_PERCENT, _C_BLOCK, _DOUBLE, _CHARACTER): "Prolog|Mercury|Logtalk|Answer Set Programming",
    (_PERCENT,): "TeX|BibTeX Style|PostScript",
    (_MATLAB_BLOCK, _PERCENT, _DOUBLE, _TRANSPOSABLE): "MATLAB",
    (_BANG, _DOUBLE, _QUOTED_QUOTES): "Fortran Free Form",
    (_BANG, _FIXED_FORM, _DOUBLE, _QUOTED_QUOTES): "Fortran",
    (_APOSTROPHE, _REM, _DOUBLE): "Visual Basic .NET|Visual Basic 6.0|VBA|VBScript|FreeBASIC|QuickBASIC|B4X",
    (_REM, _BATCH): "Batchfile",
    (_SEMICOLON, _DOUBLE, _SINGLE): "Assembly|INI|AutoHotkey|LLVM|AutoIt",
    (_MARKUP,): (
        "HTML|XML|SVG|XSLT|Maven POM|Ant Build System|XML Property List|Vue|Svelte|HTML+ERB|HTML+EEX|"
        "Ecmarkup|COLLADA"
    ),
}

NESTING = {
    "nc": (r"/\*|\*/", "/*"),
    "nd": (r"/\+|\+/", "/+"),
    "nh": (r"\{-|-\}", "{-"),
    "nj": (r"#=|=#", "#="),
    "nl": (r"#\||\|#", "#|"),
    "nm": (r"\(\*|\*\)", "(*"),
    "nt": (r"/-|-/", "/-"),
    "nw": (r"\(;|;\)", "(;"),
}
"""For each kind of nested comment the pattern of both its marks and the opening one."""


@dataclass(frozen=True, slots=True)
class CommentSyntax:
    """How to scan a language.

    Attributes:
        token: Finds the next comment or string. Groups named `c…` are whole comments; `n…` open a nested
        comment, `lc…`
            and `ls…` a Lua long comment or string, `rs…` a Rust raw string.
        docstrings: Whether documentation is written as strings, as in Python.
    """

    token: re.Pattern[str]
    docstrings: bool


@cache
def comment_syntax(language: str) -> CommentSyntax | None:
    """Return how to scan a language, or None if its comments are not known or it has none."""
    blocks = _blocks_by_language().get(language)
    if blocks is None:
        return None
    numbered = (block.replace("{n}", str(n)) for n, block in enumerate(blocks))
    token = re.compile("|".join(f"(?:{block})" for block in numbered), re.MULTILINE)
    return CommentSyntax(token, docstrings=blocks is _PYTHON)


@lru_cache(maxsize=1)
def _blocks_by_language() -> dict[str, tuple[str, ...]]:
    return {language: blocks for blocks, languages in SYNTAX.items() for language in languages.split("|")}
