//! Find passwords on command lines: `curl -u user:…`, `mysql -p…`, `sshpass -p …`.
//!
//! Options whose names say "password" are the business of `assignments`; here are those that only the command gives a
//! meaning.

use super::around::{byte_before, line_after};
use super::credentials::is_stand_in;
use super::kinds::Kind;
use super::spans::Span;
use super::trace::{Reason, Sink};
use super::values::is_placeholder;

/// Name of the detector.
pub const COMMAND_DETECTOR: &str = "command-line-password";

/// How far a command line is read, in bytes.
const MAX_LINE: usize = 400;

/// Where an option keeps the password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In the next word.
    Next,
    /// In the next word, after a colon.
    User,
    /// Glued to the option.
    Glued,
}

/// A command and its options that hold a password.
type Command = (&'static [u8], &'static [(&'static [u8], Form)]);

/// Commands and their options.
const COMMANDS: &[Command] = &[
    (
        b"curl",
        &[(b"-u", Form::User), (b"--user", Form::User), (b"-U", Form::User), (b"--proxy-user", Form::User)],
    ),
    (b"mysql", &[(b"-p", Form::Glued)]),
    (b"mysqldump", &[(b"-p", Form::Glued)]),
    (b"mysqladmin", &[(b"-p", Form::Glued)]),
    (b"mariadb", &[(b"-p", Form::Glued)]),
    (b"sshpass", &[(b"-p", Form::Next), (b"-p", Form::Glued)]),
    (b"redis-cli", &[(b"-a", Form::Next), (b"--pass", Form::Next)]),
    (b"sqlcmd", &[(b"-P", Form::Next), (b"-P", Form::Glued)]),
    (b"bcp", &[(b"-P", Form::Next)]),
    (b"twine", &[(b"-p", Form::Next)]),
    (b"unzip", &[(b"-P", Form::Next)]),
    (b"zip", &[(b"-P", Form::Next)]),
    (b"7z", &[(b"-p", Form::Glued)]),
    (b"ldapsearch", &[(b"-w", Form::Next)]),
    (b"ldapadd", &[(b"-w", Form::Next)]),
    (b"ldapmodify", &[(b"-w", Form::Next)]),
    (b"ldapdelete", &[(b"-w", Form::Next)]),
    (b"ldapwhoami", &[(b"-w", Form::Next)]),
    (b"mongo", &[(b"-p", Form::Next)]),
    (b"mongosh", &[(b"-p", Form::Next)]),
    (b"mongodump", &[(b"-p", Form::Next)]),
    (b"mongorestore", &[(b"-p", Form::Next)]),
    (b"docker login", &[(b"-p", Form::Next)]),
    (b"podman login", &[(b"-p", Form::Next)]),
    (b"az login", &[(b"-p", Form::Next)]),
    (b"cf login", &[(b"-p", Form::Next)]),
    (b"oc login", &[(b"-p", Form::Next)]),
    (b"xfreerdp", &[(b"/p:", Form::Glued)]),
];

/// The words that propose a command line.
pub fn command_words() -> impl Iterator<Item = &'static [u8]> {
    COMMANDS.iter().map(|(name, _)| *name)
}

/// Looks at the command at `place`.
pub fn judge_command(text: &[u8], place: usize, sink: &mut impl Sink) {
    let line = line_after(text, place, MAX_LINE);
    let begins = !byte_before(text, place).is_ascii_alphanumeric()
        && !matches!(byte_before(text, place), b'-' | b'_' | b'.');
    let longest =
        COMMANDS.iter().filter(|(name, _)| line.starts_with(name) && line.get(name.len()) == Some(&b' '));
    let Some((name, options)) = longest.max_by_key(|(name, _)| name.len()) else {
        return;
    };
    if !begins {
        return;
    }
    let mut words = Words { line, place: name.len() };
    while let Some((start, end)) = words.next() {
        for &(option, form) in *options {
            let word = &line[start..end];
            let found = match form {
                Form::Next | Form::User if word == option => words.next(),
                Form::Glued if word.len() > option.len() && word.starts_with(option) => {
                    Some((start + option.len(), end))
                }
                _ => None,
            };
            let Some((start, end)) = found.and_then(|range| inside(line, range, form)) else {
                continue;
            };
            let (start, end) = (place + start, place + end);
            match against(&text[start..end]) {
                Some(reason) => sink.leave(start, end, COMMAND_DETECTOR, reason),
                None => sink.take(Span {
                    start,
                    end,
                    kind: Kind::Password,
                    detector: COMMAND_DETECTOR,
                    confidence: 0.7,
                }),
            }
        }
    }
}

/// The password of a word: without its quotes, and without the user.
fn inside(line: &[u8], (mut start, mut end): (usize, usize), form: Form) -> Option<(usize, usize)> {
    while start < end && matches!(line[start], b'"' | b'\'' | b'\\') {
        start += 1;
    }
    while end > start && matches!(line[end - 1], b'"' | b'\'' | b'\\') {
        end -= 1;
    }
    if form == Form::User {
        start += memchr::memchr(b':', &line[start..end])? + 1;
    }
    (end > start).then_some((start, end))
}

fn against(value: &[u8]) -> Option<Reason> {
    if value.len() < 3 || value.len() > 128 {
        return Some("too short or too long for a password");
    }
    if value.iter().any(|byte| b"$<>{}()|;%".contains(byte)) || is_placeholder(value) || value[0] == b'-' {
        return Some("a placeholder or a variable");
    }
    is_stand_in(value).then_some("what documentation writes for a password")
}

/// Words of a shell's line, quotes kept.
struct Words<'a> {
    line: &'a [u8],
    place: usize,
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let rest = &self.line[self.place..];
        let start = self.place + rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let mut quote = None;
        let mut end = start;
        for &byte in &self.line[start..] {
            match (quote, byte) {
                (None, b' ' | b'\t') => break,
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
            end += 1;
        }
        self.place = end;
        // What a pipe or another command follows is no argument of this one.
        (!matches!(self.line[start], b'|' | b';' | b'&')).then_some((start, end))
    }
}
