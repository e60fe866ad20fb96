//! A value that is given to a name, and how.

/// Longest value without quotes.
pub const MAX_PLAIN: usize = 512;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// Between quotes.
    Quoted,
    /// Up to a blank or a delimiter.
    Plain,
    /// Between tags.
    Tagged,
}

/// What stands between name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `=` and its kin that set a value.
    Set,
    /// `:`.
    Colon,
    /// `==` and its kin that compare.
    Compare,
    /// `(`, with the name as a function.
    Call,
    /// `,`, with the name as a string.
    Comma,
    /// Nothing but blanks.
    Blank,
}

/// A value that is given to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// First byte of the value.
    pub start: usize,
    /// Byte after its last.
    pub end: usize,
    /// How it is written.
    pub writing: Writing,
    /// What stands before it.
    pub operator: Operator,
    /// Whether a blank stands before the operator or after it.
    pub is_spaced: bool,
}
