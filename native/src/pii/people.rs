//! Find names and login names of people where code gives them away: author tags, copyright lines, commit trailers,
//! home directories, `TODO(user)`. Looked for only when they are asked for.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::kinds::{Kind, Kinds};
use super::spans::Span;
use super::trace::{Reason, Sink};

/// Names of the detectors.
pub const NAME_DETECTOR: &str = "author";
/// Names of the detectors.
pub const HOME_DETECTOR: &str = "home-directory";
/// Names of the detectors.
pub const TASK_DETECTOR: &str = "task-owner";

#[expect(clippy::unwrap_used, reason = "literals that a test compiles")]
fn pattern(source: &str) -> Regex {
    Regex::new(&format!("(?-u){source}")).unwrap()
}

/// Two to four capitalised words, of any script's bytes, after what announces a person.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:(?i:@author|__author__|\bauthors?|\bmaintainers?|\bcontributors?|\b(?:signed-off|reviewed|tested|co-authored|acked",
        r"|reported|suggested)-by|\bwritten by|\bcreated by|\bdeveloped by)[ \t]*[:=]?[ \t]*[\x22'\[]{0,3}",
        r"|(?i:\bcopyright)[ \t]*(?:\([cC]\)|\xC2\xA9|&copy;)?[ \t]*(?:[0-9]{4}(?:[ \t]*[-,][ \t]*[0-9]{2,4}){0,8},?[ \t]+)?(?:by[ \t]+)?",
        r"|(?:\([cC]\)|\xC2\xA9)[ \t]*[0-9]{4}(?:[ \t]*[-,][ \t]*[0-9]{2,4}){0,8},?[ \t]+(?:by[ \t]+)?)",
        r"((?:[A-Z\xC3-\xF4][A-Za-z\x80-\xF4'-]{1,24}|[A-Z]\.)(?: (?:[A-Z\xC3-\xF4][A-Za-z\x80-\xF4'-]{1,24}|[A-Z]\.?|van|von|de|da|del|der|den|bin|al)){1,3})",
    ))
});

static HOME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:/(?:home|Users)/|[A-Za-z]:(?:\\{1,4}|/)(?:Users|Documents and Settings)(?:\\{1,4}|/))([A-Za-z0-9][A-Za-z0-9._-]{1,31})",
    )
});

static TASK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:TODO|FIXME|XXX|HACK|NOTE)\(@?([A-Za-z][A-Za-z0-9._-]{1,31})\)"));

/// Words that make a name one of an organisation.
const ORGANISATIONS: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "ag",
    "corp",
    "corporation",
    "company",
    "foundation",
    "team",
    "project",
    "contributors",
    "authors",
    "software",
    "university",
    "institute",
    "group",
    "systems",
    "labs",
    "laboratory",
    "laboratories",
    "technologies",
    "technology",
    "developers",
    "community",
    "consortium",
    "association",
    "organization",
    "organisation",
    "limited",
    "holder",
    "holders",
    "owner",
    "the",
    "all",
    "rights",
    "reserved",
    "notice",
    "license",
    "apache",
    "google",
    "microsoft",
    "mozilla",
    "free",
    "open",
    "source",
    "department",
    "college",
    "school",
    "center",
    "centre",
    "council",
    "committee",
    "network",
    "networks",
    "solutions",
    "services",
    "media",
    "studio",
    "studios",
    "games",
    "research",
    "national",
    "international",
    "european",
    "division",
    "enterprise",
    "board",
    "regents",
    "library",
    "framework",
    "and",
    "or",
    "information",
    "your",
    "name",
    "this",
    "permission",
    "some",
];

/// Folders and owners that are nobody's login.
const NOBODY: &[&str] = &[
    "user",
    "username",
    "users",
    "me",
    "you",
    "yourname",
    "youruser",
    "your_user",
    "your-username",
    "your_username",
    "name",
    "myuser",
    "runner",
    "ubuntu",
    "debian",
    "root",
    "admin",
    "administrator",
    "travis",
    "jenkins",
    "circleci",
    "vagrant",
    "shared",
    "public",
    "default",
    "node",
    "app",
    "git",
    "build",
    "builder",
    "docker",
    "gitpod",
    "codespace",
    "vscode",
    "vsts",
    "appveyor",
    "pi",
    "ec2-user",
    "centos",
    "coder",
    "dev",
    "developer",
    "test",
    "tester",
    "foo",
    "bar",
    "example",
    "someone",
    "somebody",
    "whoever",
    "all",
    "linuxbrew",
    "bug",
    "issue",
    "http",
    "https",
    "crbug",
    "jovyan",
    "worker",
    "www",
    "www-data",
    "data",
    "postgres",
    "python",
    "java",
    "go",
    "conda",
];

/// Looks at all places where people are named.
pub fn judge_people(text: &[u8], kinds: Kinds, sink: &mut impl Sink) {
    if kinds.has(Kind::Name) {
        for (start, end) in groups(&ANNOUNCED, text) {
            judge(text, start, end, Kind::Name, NAME_DETECTOR, against_name, sink);
        }
    }
    if kinds.has(Kind::Username) {
        for (start, end) in groups(&HOME, text) {
            judge(text, start, end, Kind::Username, HOME_DETECTOR, against_login, sink);
        }
        for (start, end) in groups(&TASK, text) {
            judge(text, start, end, Kind::Username, TASK_DETECTOR, against_login, sink);
        }
    }
}

fn groups<'t>(regex: &'static Regex, text: &'t [u8]) -> impl Iterator<Item = (usize, usize)> + 't {
    regex.captures_iter(text).filter_map(|found| found.get(1).map(|group| (group.start(), group.end())))
}

fn judge(
    text: &[u8],
    start: usize,
    end: usize,
    kind: Kind,
    detector: &'static str,
    against: impl Fn(&[u8]) -> Option<Reason>,
    sink: &mut impl Sink,
) {
    match against(&text[start..end]) {
        Some(reason) => sink.leave(start, end, detector, reason),
        None => sink.take(Span { start, end, kind, detector, confidence: 0.7 }),
    }
}

fn against_name(value: &[u8]) -> Option<Reason> {
    let lowered = String::from_utf8_lossy(value).to_lowercase();
    let is_organisation = lowered.split([' ', '.']).any(|word| ORGANISATIONS.contains(&word));
    if is_organisation {
        return Some("an organisation");
    }
    std::str::from_utf8(value).is_err().then_some("no UTF-8")
}

fn against_login(value: &[u8]) -> Option<Reason> {
    let lowered = String::from_utf8_lossy(value).to_lowercase();
    let is_nobody =
        NOBODY.contains(&lowered.as_str()) || lowered.ends_with(".html") || lowered.ends_with(".md");
    is_nobody.then_some("nobody's login")
}

#[cfg(test)]
mod tests {
    use crate::pii::{find, Kind, Policy, Search};

    fn found(text: &str) -> Vec<&str> {
        let kinds = [Kind::Name, Kind::Username].into_iter().collect();
        let spans = find(text.as_bytes(), Search { kinds, policy: Policy::Detect });
        spans.iter().map(|span| &text[span.start..span.end]).collect()
    }

    #[test]
    fn people_are_found_where_they_are_announced() {
        let table: &[(&str, &[&str])] = &[
            (" * @author Ada B. Lovelace <x>", &["Ada B. Lovelace"]),
            ("# Author: Grace Hopper", &["Grace Hopper"]),
            ("Copyright (c) 2019-2021, Jürgen Groß", &["Jürgen Groß"]),
            ("© 2020 Ada Lovelace", &["Ada Lovelace"]),
            ("Signed-off-by: Ada Lovelace <a@b.co>", &["Ada Lovelace"]),
            ("authors = [\"Ada Lovelace\"]", &["Ada Lovelace"]),
            ("Copyright 2020 The Widget Authors", &[]),
            ("Copyright (c) 2020 Widget Systems Inc", &[]),
            ("/home/ada/src and /Users/grace/x", &["ada", "grace"]),
            (r"C:\Users\ada\x and C:\\Users\\grace\\x", &["ada", "grace"]),
            ("// TODO(ada): later, FIXME(@grace)", &["ada", "grace"]),
            ("/home/runner/work /home/user/x TODO(user)", &[]),
            ("author of the Great Work", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(found(text), *expected, "{text}");
        }
    }
}
