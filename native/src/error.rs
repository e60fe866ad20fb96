//! What may be wrong with the arguments of a kernel. Messages name rows and types, never contents.

use std::fmt;

/// Why a kernel refuses its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KernelError {
    /// An array has a type that the argument does not take.
    UnsupportedType { argument: &'static str, expected: &'static str, found: String },
    /// A row must be UTF-8 text and is not.
    NotUtf8 { row: usize },
    /// The offsets of an array point outside its values.
    BrokenOffsets { row: usize },
    /// A row index is null or not below the number of texts.
    BadIndex { argument: &'static str, row: usize, texts: usize },
    /// Two arrays must have the same length.
    LengthMismatch { left: usize, right: usize },
    /// A number is outside its range.
    OutOfRange { argument: &'static str, least: usize, most: usize, found: i64 },
    /// A name is not one of those that are known.
    UnknownName { argument: &'static str, expected: String },
    /// An array must have another length.
    WrongLength { argument: &'static str, expected: usize, found: usize },
    /// Arrow refused to build the result.
    Arrow(String),
}

impl fmt::Display for KernelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedType { argument, expected, found } => {
                write!(f, "{argument} must be an array of {expected}, got {found}")
            }
            Self::NotUtf8 { row } => write!(f, "texts must be UTF-8, row {row} is not"),
            Self::BrokenOffsets { row } => write!(f, "array offsets are broken at row {row}"),
            Self::BadIndex { argument, row, texts } => {
                write!(f, "{argument} must hold row numbers below {texts}, row {row} does not")
            }
            Self::LengthMismatch { left, right } => {
                write!(f, "left and right must be of one length, got {left} and {right}")
            }
            Self::OutOfRange { argument, least, most, found } => {
                write!(f, "{argument} must be in [{least}, {most}], got {found}")
            }
            Self::UnknownName { argument, expected } => write!(f, "{argument} must be one of {expected}"),
            Self::WrongLength { argument, expected, found } => {
                write!(f, "{argument} must have {expected} values, got {found}")
            }
            Self::Arrow(message) => write!(f, "arrow: {message}"),
        }
    }
}

impl std::error::Error for KernelError {}

/// Returns `value` if it lies in `[least, most]`, else an error that names `argument`.
pub(crate) fn in_range(
    argument: &'static str,
    value: i64,
    least: usize,
    most: usize,
) -> Result<usize, KernelError> {
    match usize::try_from(value) {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(KernelError::OutOfRange { argument, least, most, found: value }),
    }
}
