//! Find and replace personal data and secrets in source code.
//!
//! One pass per class of proposals (`@`, digit-dot-digit, colons, runs of token characters, a set of words)
//! names the places to look at; exact checks with bounded context decide. All work is linear in the length of the
//! text, and what is held does not grow with it, except for the finds.

mod around;
mod arrays;
mod assigned_values;
mod assignments;
mod base64;
mod checksums;
mod commands;
mod compounds;
mod credentials;
mod email;
mod finding;
mod given;
mod glue;
mod glue_forms;
mod ip;
mod keywords;
mod kinds;
mod names;
mod people;
mod pieces;
mod policy;
mod private_keys;
mod provider_names;
mod providers;
mod redaction;
mod replacement;
mod roots;
mod spans;
mod token_runs;
mod tokens;
mod trace;
mod value_model;
mod values;
mod word_set;

pub use arrays::{find_in_array, hex, redact_array};
pub use finding::{explain, find, find_by_shape, is_by_shape, judge, Search};
pub use kinds::{Kind, Kinds};
pub use policy::Policy;
pub use providers::{Rule, RULES};
pub use redaction::{redact, Redactor, Replaced};
pub use replacement::Style;
pub use spans::{merge_spans, Span};
pub use trace::{Candidate, Explained, Sink};
pub use values::looks_random;
