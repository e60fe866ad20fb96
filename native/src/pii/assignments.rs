//! Find values that are given to a name which says "secret".
//!
//! `password = "…"`, `"api_key": "…"`, `DB_PASSWORD=…` in an environment file, `--password …` on a command line,
//! `?token=…` in a URL. The name is judged first, then what stands after it is read, then the value is judged: a
//! password may be anything that is no placeholder, name or prompt; a key must look drawn by a machine.

use super::around::{byte_at, byte_before, is_elided, line_before, run_around};
use super::assigned_values::{against_key, against_password, is_identifier, WEAK_PASSWORDS};
use super::given::{Given, Operator, Writing, MAX_PLAIN};
use super::glue::{given_value, may_be_given};
use super::kinds::Kind;
use super::names::{ends_in_verb, judge_name, Judgement, NameKind, MAX_NAME};
use super::spans::Span;
use super::tokens::length_without_scope;
use super::trace::{Reason, Sink};
use std::ops::Range;

/// Names of the detectors.
pub const PASSWORD_DETECTOR: &str = "assigned-password";
/// Names of the detectors.
pub const KEY_DETECTOR: &str = "assigned-key";

/// Finds assigned secrets; keeps where the last name ended, so that a name is judged once.
#[derive(Default)]
pub struct Assignments {
    name_end: usize,
}

impl Assignments {
    /// Looks at a piece of a telling name at `place`.
    pub fn judge<S: Sink>(&mut self, text: &[u8], place: usize, sink: &mut S) {
        if place < self.name_end {
            return;
        }
        let name = name_around(text, place);
        self.name_end = name.end;
        if name.len() >= MAX_NAME || (!S::TAKES_LEFT && !may_be_given(text, name.end)) {
            return;
        }
        let kind = match judge_name(&text[name.clone()]) {
            Judgement::Nothing => return,
            Judgement::Harmless(reason) => {
                return sink.leave(name.start, name.end, KEY_DETECTOR, reason);
            }
            Judgement::Telling(kind, is_last) => (kind, is_last),
        };
        let (kind, is_last) = kind;
        let Some(mut given) = given_value(text, name.end) else {
            return;
        };
        if given.writing == Writing::Plain && given.end - given.start >= MAX_PLAIN {
            // A run without an end: its names are judged only now and then, so that the work stays linear.
            self.name_end = given.start + MAX_PLAIN / 2;
            return sink.leave(name.start, name.end, KEY_DETECTOR, "a value without an end");
        }
        strip_openssl_prefix(text, &mut given);
        let is_header = kind == NameKind::Perhaps && skip_scheme(text, &name, &mut given);
        let detector = if kind == NameKind::Password { PASSWORD_DETECTOR } else { KEY_DETECTOR };
        let place = if is_header {
            None
        } else {
            reason_against_place(text, &name, &given, is_last, kind == NameKind::Password)
        };
        given.end = given.start + length_without_scope(&text[given.start..given.end]);
        let value = &text[given.start..given.end];
        let reason = place.or_else(|| {
            if kind == NameKind::Password {
                against_password(value, &given)
            } else if is_elided(text, given.start, given.end) {
                Some("elided")
            } else {
                against_key(value, kind)
            }
        });
        match reason {
            Some(reason) => sink.leave(given.start, given.end, detector, reason),
            None => {
                let kind = if kind == NameKind::Password { Kind::Password } else { Kind::Key };
                let confidence = if given.writing == Writing::Quoted { 0.8 } else { 0.6 };
                sink.take(Span { start: given.start, end: given.end, kind, detector, confidence });
            }
        }
    }
}

/// Returns the name that a piece at `place` belongs to.
fn name_around(text: &[u8], place: usize) -> Range<usize> {
    for phrase in [b"identified by".as_slice(), b"mot de passe"] {
        if super::around::after(text, place, phrase.len()).eq_ignore_ascii_case(phrase) {
            return place..place + phrase.len();
        }
    }
    let mut name = run_around(text, place, MAX_NAME, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'-') || byte >= 0x80
    });
    while name.start < name.end && matches!(text[name.start], b'.' | b'-') {
        name.start += 1;
    }
    while name.end > name.start && matches!(text[name.end - 1], b'.' | b'-' | b'$') {
        name.end -= 1;
    }
    // A full-width colon gives a value, `.equals(` compares with one.
    let colon = "：".as_bytes();
    if memchr::memchr(colon[0], &text[name.clone()]).is_some() {
        if let Some(at) = memchr::memmem::rfind(&text[name.start..place], colon) {
            name.start += at + colon.len();
        }
        if let Some(at) = memchr::memmem::find(&text[place..name.end], colon) {
            name.end = place + at;
        }
    }
    if text[place..name.end].ends_with(b".equals") {
        name.end -= b".equals".len();
    }
    // `\npassword` in a string literal.
    if byte_before(text, name.start) == b'\\' && matches!(byte_at(text, name.start), b'n' | b'r' | b't') {
        name.start += 1;
    }
    name
}

/// Returns why a place is no place for a literal secret.
fn reason_against_place(
    text: &[u8],
    name: &Range<usize>,
    given: &Given,
    is_last: bool,
    is_password: bool,
) -> Option<Reason> {
    match given.operator {
        Operator::Call if !is_last || name.len() < 5 || text[name.clone()].ends_with(b".pass") => {
            return Some("the argument of something else");
        }
        Operator::Call if ends_in_verb(&text[name.clone()]) => return Some("what a call passes"),
        Operator::Call if text[name.clone()].to_ascii_lowercase().ends_with(b"keyvalue") => {
            return Some("a key beside its value")
        }
        Operator::Comma if !is_last || !is_first_string(text, name.start) => {
            return Some("the value of something else")
        }
        Operator::Comma if is_listed(text, name, given.end) => return Some("a list of names"),
        _ => {}
    }
    if given.operator == Operator::Blank && given.writing == Writing::Quoted {
        // `with the password `t1dal-wr3n``
        let value = &text[given.start..given.end];
        let is_mixed =
            || value.iter().any(u8::is_ascii_digit) && value.iter().any(|byte| b"-!@#$%&*.".contains(byte));
        let is_prose = (text[given.start - 1] == b'`'
            && !(is_password && is_mixed() && !is_identifier(value)))
            || (name.len() < 6 && byte_before(text, name.start) != b'-');
        return is_prose.then_some("prose");
    }
    if given.writing != Writing::Plain {
        let is_command = given.operator == Operator::Set
            && !given.is_spaced
            && text[given.start - 1] == b'`'
            && text[given.start..given.end].contains(&b' ');
        if given.writing == Writing::Tagged && text[given.start] == b'`' {
            return Some("a name, marked as code");
        }
        return is_command.then_some("a command of a shell");
    }
    let line = line_before(text, name.start, 120);
    let value = &text[given.start..given.end];
    let next = byte_at(text, given.end);
    let has_both = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
    // The first bytes of full-width punctuation end a value, too.
    let is_end = matches!(next, 0 | b'\n' | b'\r' | b' ' | b'\t' | 0xE3 | 0xEF);
    if matches!(line.last(), Some(b'?' | b'&')) {
        return (given.operator != Operator::Set).then_some("no value in a query");
    }
    if given.operator == Operator::Colon
        && matches!(line.last(), Some(b'"' | b'\''))
        && line.last() == Some(&next)
    {
        // `-H "X-Api-Key: …"`.
        return None;
    }
    let dashes = line.iter().rev().take_while(|&&byte| byte == b'-').count();
    let option = &line[..line.len() - dashes];
    let begins_word =
        option.last().is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\''));
    if given.operator == Operator::Blank {
        let is_flag = (1..=2).contains(&dashes) && begins_word && value[0] != b'-';
        let is_sql = text[name.clone()].eq_ignore_ascii_case(b"identified by");
        if text[name.clone()].eq_ignore_ascii_case(b"password") && is_netrc(text, name.start) {
            return None;
        }
        let is_word = value.iter().all(u8::is_ascii_lowercase) && !WEAK_PASSWORDS.contains(&value);
        let is_directive = is_directive(text, option, given);
        let is_sql = is_sql && super::around::contains_any_caseless(line, SQL_WORDS);
        return (!is_sql && !is_directive && (!is_flag || is_word)).then_some("no operator");
    }
    if given.operator == Operator::Colon && !given.is_spaced && line.ends_with(b" /") {
        return None;
    }
    if line.ends_with(b"-passin ") || line.ends_with(b"-passout ") {
        return None;
    }
    if b"([{<;,'\"`)".contains(&next) {
        let is_data = given.operator == Operator::Set
            && !given.is_spaced
            && b"'\"`,;".contains(&next)
            && !is_identifier(value)
            && has_both;
        return (!is_data).then_some("code");
    }
    if next == b']' && !has_both && !is_password {
        return Some("a mark in brackets");
    }
    let is_definition = line.ends_with(b"-D") || line.ends_with(b"-e");
    let is_joined = has_both && option.last().is_some_and(|byte| b";,:/=".contains(byte));
    if given.operator == Operator::Set && !given.is_spaced && (begins_word || is_definition || is_joined) {
        return None;
    }
    let is_name = value.iter().all(|byte| byte.is_ascii_alphabetic() || b"_$.:-".contains(byte));
    if given.operator == Operator::Set && given.is_spaced && (is_name || !is_end) {
        return Some("code");
    }
    let is_mixed = has_both && is_end && !is_identifier(value) && value.len() <= 40;
    if given.operator == Operator::Colon && is_mixed && option.ends_with(b" ") && is_password {
        return None;
    }
    let rest = super::around::line_after(text, given.end, 80).trim_ascii();
    if is_name && given.operator == Operator::Colon && !(rest.is_empty() || rest[0] == b'#') {
        return Some("prose");
    }
    if value.contains(&b'*') && value.iter().any(u8::is_ascii_alphabetic) && given.is_spaced {
        return Some("code");
    }
    if is_line_start(option)
        && (given.operator == Operator::Colon || has_both || given.operator == Operator::Set)
    {
        return None;
    }
    Some("code")
}

/// Whether the string that ends in a name is an argument or a member of a list, and no value.
fn is_first_string(text: &[u8], name_start: usize) -> bool {
    let line = line_before(text, name_start, 80);
    let before = line.trim_ascii_end();
    let Some(quote) = before.iter().rposition(|byte| matches!(byte, b'"' | b'\'' | b'`')) else {
        return false;
    };
    let is_inside = before[quote + 1..].iter().all(|byte| !matches!(byte, b':' | b'='));
    let opener = before[..quote].trim_ascii_end().last().copied();
    is_inside && opener.is_none_or(|byte| b"([{".contains(&byte))
}

/// Whether a name and the string after it are two of three and more in brackets, or marked as code in prose.
fn is_listed(text: &[u8], name: &Range<usize>, value_end: usize) -> bool {
    let quote = byte_at(text, value_end);
    let before = line_before(text, name.start, 80);
    let is_member = before.strip_suffix(&[quote]).is_some_and(|line| line.trim_ascii_end().ends_with(b"["));
    let rest = super::around::line_after(text, value_end, 40).strip_prefix(&[quote]).unwrap_or_default();
    let next = rest.trim_ascii_start().strip_prefix(b",").unwrap_or_default().trim_ascii_start();
    quote == b'`' || (is_member && next.starts_with(&[quote]))
}

/// Words before `IDENTIFIED BY` in SQL.
const SQL_WORDS: &[&[u8]] = &[b"create", b"alter", b"grant", b"connect", b"user "];

/// Whether a `.netrc` file names a login before `password`, on this line or on the one before.
fn is_netrc(text: &[u8], name_start: usize) -> bool {
    let window = super::around::before(text, name_start, 160);
    let mut lines = window.rsplit(|&byte| byte == b'\n');
    let line = lines.next().unwrap_or_default().trim_ascii();
    let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).collect();
    match words.as_slice() {
        [] | [b""] => lines.next().is_some_and(|line| line.trim_ascii_start().starts_with(b"login ")),
        [first @ .., login, _] if *login == b"login" => {
            first.is_empty() || first.iter().any(|word| matches!(*word, b"machine" | b"default"))
        }
        _ => false,
    }
}

/// Schemes of the `Authorization` header that are no standard.
const SCHEMES: &[&[u8]] = &[
    b"token",
    b"apikey",
    b"api-key",
    b"key",
    b"ssws",
    b"geniekey",
    b"apitoken",
    b"oauth",
    b"bot",
    b"pve",
    b"splunk",
];

/// Moves a value of an `Authorization` header past its scheme: `Authorization: Token …`.
fn skip_scheme(text: &[u8], name: &Range<usize>, given: &mut Given) -> bool {
    if !text[name.clone()].to_ascii_lowercase().ends_with(b"authorization") {
        return false;
    }
    let value = super::around::after(text, given.start, 600);
    let scheme = value.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-').count();
    if !SCHEMES.contains(&value[..scheme].to_ascii_lowercase().as_slice()) || value.get(scheme) != Some(&b' ')
    {
        return false;
    }
    let rest = &value[scheme + 1..];
    let length =
        rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.~+/=:-".contains(byte)).count();
    given.start += scheme + 1;
    given.end = given.start + length;
    length > 0
}

/// Whether a line of a configuration is a name, a blank and a value: `requirepass …`, `ENV NAME …`.
fn is_directive(text: &[u8], before: &[u8], given: &Given) -> bool {
    let value = &text[given.start..given.end];
    let is_alone = super::around::line_after(text, given.end, 40).trim_ascii().is_empty();
    let is_mixed =
        value.iter().any(u8::is_ascii_alphabetic) && value.iter().any(|byte| !byte.is_ascii_alphabetic());
    let before = before.trim_ascii().to_ascii_lowercase();
    let begins =
        before.is_empty() || before == b"env" || before == b"enable" || before.starts_with(b"neighbor ");
    is_alone && is_mixed && begins && !value.contains(&b'(') && !is_identifier(value)
}

/// Moves a value past `pass:`, as options of openssl write it.
fn strip_openssl_prefix(text: &[u8], given: &mut Given) {
    if given.operator == Operator::Blank
        && text[given.start..given.end].starts_with(b"pass:")
        && given.end - given.start > 5
    {
        given.start += 5;
    }
}

/// Whether a name begins its line but for marks of lists and comments and keywords of shells.
fn is_line_start(before: &[u8]) -> bool {
    const MARKS: &[&[u8]] = &[
        b"", b"-", b"#", b"//", b";", b"export", b"env", b"set", b"*", b"$", b"rem set", b"setx", b">", b"+",
        b"let", b"local",
    ];
    let before = before.trim_ascii().to_ascii_lowercase();
    MARKS.contains(&before.as_slice())
}
