//! Rows of a string or binary array as bytes.
//!
//! An array that crosses the C data interface is not validated on the way: its "strings" may be any bytes and its
//! offsets may point anywhere. So rows are read as checked slices, and text is validated by who needs text.

use arrow_array::types::ByteArrayType;
use arrow_array::{
    Array, BinaryArray, GenericByteArray, LargeBinaryArray, LargeStringArray, OffsetSizeTrait, StringArray,
};

use crate::error::KernelError;

/// A borrowed string, large_string, binary or large_binary array.
pub enum ByteColumn<'a> {
    Binary(&'a BinaryArray),
    LargeBinary(&'a LargeBinaryArray),
    String(&'a StringArray),
    LargeString(&'a LargeStringArray),
}

impl<'a> ByteColumn<'a> {
    /// Borrows `array`, named `argument` in errors.
    pub fn new(array: &'a dyn Array, argument: &'static str) -> Result<Self, KernelError> {
        let any = array.as_any();
        if let Some(column) = any.downcast_ref() {
            return Ok(Self::Binary(column));
        }
        if let Some(column) = any.downcast_ref() {
            return Ok(Self::LargeBinary(column));
        }
        if let Some(column) = any.downcast_ref() {
            return Ok(Self::String(column));
        }
        if let Some(column) = any.downcast_ref() {
            return Ok(Self::LargeString(column));
        }
        Err(KernelError::UnsupportedType {
            argument,
            expected: "string, large_string, binary or large_binary",
            found: array.data_type().to_string(),
        })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Binary(column) => column.len(),
            Self::LargeBinary(column) => column.len(),
            Self::String(column) => column.len(),
            Self::LargeString(column) => column.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of one row, `None` for a null.
    pub fn row(&self, row: usize) -> Result<Option<&'a [u8]>, KernelError> {
        match self {
            Self::Binary(column) => bytes_of(column, row),
            Self::LargeBinary(column) => bytes_of(column, row),
            Self::String(column) => bytes_of(column, row),
            Self::LargeString(column) => bytes_of(column, row),
        }
    }

    /// The text of one row, `None` for a null.
    pub fn text(&self, row: usize) -> Result<Option<&'a str>, KernelError> {
        match self.row(row)? {
            None => Ok(None),
            Some(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| KernelError::NotUtf8 { row }),
        }
    }
}

fn bytes_of<T: ByteArrayType>(
    column: &GenericByteArray<T>,
    row: usize,
) -> Result<Option<&[u8]>, KernelError> {
    let broken = || KernelError::BrokenOffsets { row };
    if row >= column.len() {
        return Err(broken());
    }
    if column.is_null(row) {
        return Ok(None);
    }
    let offsets = column.value_offsets();
    let start = offset_at(offsets, row).ok_or_else(broken)?;
    let end = offset_at(offsets, row + 1).ok_or_else(broken)?;
    column.value_data().get(start..end).map(Some).ok_or_else(broken)
}

fn offset_at<O: OffsetSizeTrait>(offsets: &[O], row: usize) -> Option<usize> {
    offsets.get(row).and_then(|offset| offset.to_usize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Int32Array;

    #[test]
    fn all_four_types_and_slices_give_their_bytes() {
        let values = vec![Some("a"), None, Some("ccc"), Some("")];
        let strings = StringArray::from(values.clone());
        let large = LargeStringArray::from(values.clone());
        let bytes: Vec<Option<&[u8]>> = values.iter().map(|v| v.map(str::as_bytes)).collect();
        let binary = BinaryArray::from(bytes.clone());
        let large_binary = LargeBinaryArray::from(bytes.clone());
        let arrays: [&dyn Array; 4] = [&strings, &large, &binary, &large_binary];
        for array in arrays {
            let sliced = array.slice(1, 3);
            let column = ByteColumn::new(sliced.as_ref(), "texts").expect("a byte column");
            assert_eq!(column.len(), 3);
            for (row, expected) in bytes[1..].iter().enumerate() {
                assert_eq!(column.row(row), Ok(*expected));
            }
            assert_eq!(column.row(3), Err(KernelError::BrokenOffsets { row: 3 }));
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_rows_but_no_text() {
        let binary = BinaryArray::from(vec![&b"ok"[..], &b"\xff"[..]]);
        let column = ByteColumn::new(&binary, "texts").expect("a byte column");
        assert_eq!(column.text(0), Ok(Some("ok")));
        assert_eq!(column.text(1), Err(KernelError::NotUtf8 { row: 1 }));
        assert_eq!(column.row(1), Ok(Some(&b"\xff"[..])));
    }

    #[test]
    fn other_types_are_refused_by_name() {
        let numbers = Int32Array::from(vec![1]);
        let message = ByteColumn::new(&numbers, "contents").err().map(|error| error.to_string());
        let expected = "contents must be an array of string, large_string, binary or large_binary, got Int32";
        assert_eq!(message.as_deref(), Some(expected));
    }
}
