//! Any bytes as a text: finding and redacting never panic, and redaction keeps its promises.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stack_native::pii::{explain, find, redact, Kind, Kinds, Policy, Redactor, Search, Span, Style};

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else {
        return;
    };
    let kinds: Kinds = if choice & 1 == 0 { Kinds::DEFAULT } else { Kind::ALL.into_iter().collect() };
    let policy = if choice & 2 == 0 { Policy::Detect } else { Policy::Redact };
    let search = Search { kinds, policy };
    let found = find(text, search);
    assert!(found.iter().all(|span| span.start < span.end && span.end <= text.len()));
    assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
    assert_eq!(explain(text, search).spans, found);

    let key = b"a key of the fuzz target".as_slice();
    let style = if choice & 4 == 0 { Style::Synthetic } else { Style::Placeholder };
    let redactor = Redactor { search, style, key: Some(key) };
    // Another finder may propose any place, and call it anything.
    let kind = Kind::ALL[usize::from(choice >> 4) % Kind::ALL.len()];
    let (start, end) = (text.len() / 3, text.len() / 2);
    let proposal = Span { start, end, kind, detector: "proposed", confidence: 0.5 };
    let proposed = if choice & 8 != 0 && start < end { vec![proposal] } else { Vec::new() };
    let Some((clean, replaced)) = redact(text, &redactor, &proposed) else {
        // A proposal is dropped only where it lies on a replacement of an earlier run.
        assert!(found.is_empty());
        return;
    };
    // The result is clean, and a second run changes nothing.
    assert!(find(&clean, search).is_empty());
    assert!(redact(&clean, &redactor, &[]).is_none());
    // Outside the replacements every byte is the same, in order, and so is the number of lines.
    let (mut published, mut original) = (0, 0);
    for span in &replaced {
        assert_eq!(clean[published..span.start], text[original..span.original.start]);
        (published, original) = (span.end, span.original.end);
    }
    assert_eq!(clean[published..], text[original..]);
    let lines = |text: &[u8]| text.iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!(lines(&clean), lines(text));
});
