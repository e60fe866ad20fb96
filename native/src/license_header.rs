//! Find the leading licence comment of a source file, whatever its language.

use std::ops::Range;

use arrow_array::builder::LargeBinaryBuilder;
use arrow_array::{Array, LargeBinaryArray};

use crate::byte_column::ByteColumn;
use crate::error::KernelError;

/// Bytes of a text that are looked at.
const HEAD: usize = 1 << 14;

/// What opens and closes a comment.
const BLOCKS: [(&[u8], &[u8]); 8] = [
    (b"/*", b"*/"),
    (b"<!--", b"-->"),
    (b"(*", b"*)"),
    (b"{-", b"-}"),
    (b"--[[", b"]]"),
    (b"#|", b"|#"),
    (b"\"\"\"", b"\"\"\""),
    (b"'''", b"'''"),
];

/// What begins a line of comment.
const MARKS: [&[u8]; 7] = [b"//", b"--", b"#", b";", b"%", b"!", b"dnl "];

/// Words after a `#` that make the line no comment.
const DIRECTIVES: [&[u8]; 17] = [
    b"include",
    b"define",
    b"undef",
    b"if",
    b"ifdef",
    b"ifndef",
    b"elif",
    b"else",
    b"endif",
    b"pragma",
    b"error",
    b"warning",
    b"import",
    b"region",
    b"line",
    b"load",
    b"nullable",
];

/// One of these, in any case, makes a comment one about a licence.
const WORDS: [&[u8]; 9] = [
    b"copyright",
    b"license",
    b"licence",
    b"spdx-",
    b"all rights reserved",
    b"permission is hereby granted",
    b"redistribution and use",
    b"without warranty",
    b"public domain",
];

/// Returns where the leading comments about licence and copyright lie; an empty range if there are none.
///
/// A byte order mark, a line `#!…`, a line that names the encoding, and `<?…` or `<!doctype…` lines may come before.
/// Comments follow each other with nothing but white space between; the first one that is not about a licence ends
/// the header. A comment that does not end in the first 16 KiB is none.
pub fn license_header(text: &[u8]) -> Range<usize> {
    let head = &text[..text.len().min(HEAD)];
    let start = skip_blank(head, preamble_end(head));
    let mut end = start;
    loop {
        let from = skip_blank(head, end);
        match comment_end(head, from, text.len()) {
            Some(to) if is_about_a_license(&head[from..to]) => end = to,
            _ => return start..end,
        }
    }
}

/// Returns the texts without their headers, as bytes; null for a null.
pub fn without_license_headers(texts: &dyn Array) -> Result<LargeBinaryArray, KernelError> {
    let column = ByteColumn::new(texts, "texts")?;
    let mut size = 0;
    for row in 0..column.len() {
        size += column.row(row)?.map_or(0, <[u8]>::len);
    }
    let mut kept = LargeBinaryBuilder::with_capacity(column.len(), size);
    let mut stripped = Vec::new();
    for row in 0..column.len() {
        match column.row(row)? {
            None => kept.append_null(),
            Some(text) => match license_header(text) {
                header if header.is_empty() => kept.append_value(text),
                header => {
                    stripped.clear();
                    stripped.extend_from_slice(&text[..header.start]);
                    stripped.extend_from_slice(&text[header.end..]);
                    kept.append_value(&stripped);
                }
            },
        }
    }
    Ok(kept.finish())
}

fn skip_blank(head: &[u8], from: usize) -> usize {
    from + head[from..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Returns the end of the line that begins at `from`, its end included.
fn line_end(head: &[u8], from: usize) -> usize {
    head[from..].iter().position(|&byte| byte == b'\n').map_or(head.len(), |length| from + length + 1)
}

/// Returns the end of lines that come before a header and are none.
fn preamble_end(head: &[u8]) -> usize {
    let mut at = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    for number in 0..3 {
        let end = line_end(head, at);
        let line = head[at..end].to_ascii_lowercase();
        let is_encoding = line.starts_with(b"#") && contains(&line, b"coding") && line.len() < 80;
        let is_passed = (number == 0 && line.starts_with(b"#!"))
            || is_encoding
            || line.starts_with(b"<?")
            || line.starts_with(b"<!doctype");
        if !is_passed {
            break;
        }
        at = end;
    }
    at
}

/// Returns where the comment that begins at `from` ends, if there is one and it ends in the head.
fn comment_end(head: &[u8], from: usize, whole: usize) -> Option<usize> {
    let rest = &head[from..];
    if let Some((open, close)) = BLOCKS.iter().find(|(open, _)| rest.starts_with(open)) {
        let inner = from + open.len();
        let length = position(&head[inner..], close)?;
        return Some(inner + length + close.len());
    }
    let mark = *MARKS.iter().find(|mark| is_comment_line(rest, mark))?;
    let mut end = from;
    while end < head.len() {
        let text = end + head[end..].iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
        if !is_comment_line(&head[text..], mark) {
            break;
        }
        end = line_end(head, end);
    }
    (end < head.len() || head.len() == whole).then_some(end)
}

fn is_comment_line(line: &[u8], mark: &[u8]) -> bool {
    let Some(after) = line.strip_prefix(mark) else {
        return false;
    };
    if mark != b"#" {
        return true;
    }
    let word: Vec<u8> = after.iter().copied().take_while(u8::is_ascii_alphabetic).take(16).collect();
    !after.starts_with(b"[") && !after.starts_with(b"!") && !DIRECTIVES.contains(&word.as_slice())
}

fn is_about_a_license(comment: &[u8]) -> bool {
    let lower = comment.to_ascii_lowercase();
    WORDS.iter().any(|word| contains(&lower, word))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    position(text, word).is_some()
}

fn position(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::StringArray;

    fn rest(text: &str) -> String {
        let header = license_header(text.as_bytes());
        [&text[..header.start], &text[header.end..]].concat()
    }

    #[test]
    fn headers_of_many_languages_go_and_what_comes_before_and_after_stays() {
        for (text, expected) in [
            ("/* Copyright 2020 A */\nint x;\n", "\nint x;\n"),
            ("// Licensed under MIT\n// by A\n\nint x;\n", "\nint x;\n"),
            ("#!/bin/sh\n# SPDX-License-Identifier: MIT\necho\n", "#!/bin/sh\necho\n"),
            ("# -*- coding: utf-8 -*-\n# Copyright A\nx = 1\n", "# -*- coding: utf-8 -*-\nx = 1\n"),
            ("\u{feff}/* licence: A */x", "\u{feff}x"),
            ("<?php\n/* All rights reserved. */\nf();", "<?php\n\nf();"),
            ("<!-- License -->\n<p>", "\n<p>"),
            ("-- Copyright A\nSELECT 1;", "SELECT 1;"),
            (";; COPYRIGHT A\n(f)", "(f)"),
            ("(* License *) let x", " let x"),
            ("\"\"\"Copyright A.\"\"\"\nx = 1", "\nx = 1"),
            ("/* Copyright A */\n\n/* Without warranty */\n/* What it does */", "\n/* What it does */"),
            ("#include <a.h>\n", "#include <a.h>\n"),
            ("# Copyright A\n#include <a.h>\n", "#include <a.h>\n"),
        ] {
            assert_eq!(rest(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_header_stays() {
        for text in [
            "",
            "int x; /* Copyright A */",
            "/* What it does */\nint x;",
            "/* Copyright without an end",
            "#define COPYRIGHT 1\n",
            "#[license]\nstruct A;",
            "license = 'MIT'\n",
            "/",
            "#",
        ] {
            assert_eq!(rest(text), text);
        }
        let long = format!("// Copyright {}\n", "x".repeat(HEAD));
        assert_eq!(rest(&long), long);
    }

    #[test]
    fn any_bytes_give_a_range_inside_the_text() {
        let pieces: [&[u8]; 9] = [b"/*", b"*/", b"#", b"\n", b"copyright", b"\xff", b"\"\"\"", b"<?", b" "];
        let mut state = 1_u64;
        for _ in 0..20_000 {
            let mut text = Vec::new();
            while !state.is_multiple_of(17) && text.len() < 60 {
                state = crate::token_hash::mum(state, 0x9E37_79B9_7F4A_7C15) | 1 << 63;
                text.extend_from_slice(pieces[(state >> 7) as usize % pieces.len()]);
            }
            state = state.wrapping_add(1);
            let header = license_header(&text);
            assert!(header.start <= header.end && header.end <= text.len());
        }
    }

    #[test]
    fn arrays_keep_nulls() {
        let texts = StringArray::from(vec![Some("// license\nx"), None, Some("y")]);
        let found = without_license_headers(&texts).expect("texts");
        assert_eq!((found.value(0), found.is_null(1), found.value(2)), (&b"x"[..], true, &b"y"[..]));
    }
}
