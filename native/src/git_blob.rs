//! Git blob ids: the SHA-1 of `blob <length>\0` and the content.
//!
//! Source: Git, "gitformat-pack" and "Git Internals - Git Objects". Computed with the plain SHA-1 that hashlib has;
//! Git's own collision detection only differs on crafted collisions.

use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::{Array, FixedSizeBinaryArray};
use sha1::{Digest, Sha1};

use crate::byte_column::ByteColumn;
use crate::error::KernelError;

/// Bytes of a SHA-1 digest.
const ID_BYTES: i32 = 20;

/// Returns the id that Git gives to a blob of this content.
pub fn git_blob_id(content: &[u8]) -> [u8; 20] {
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", content.len()).as_bytes());
    hasher.update(content);
    hasher.finalize().into()
}

/// Returns the blob id of every row; null for a null.
pub fn git_blob_ids(contents: &dyn Array) -> Result<FixedSizeBinaryArray, KernelError> {
    let column = ByteColumn::new(contents, "contents")?;
    let mut ids = FixedSizeBinaryBuilder::with_capacity(column.len(), ID_BYTES);
    for row in 0..column.len() {
        match column.row(row)? {
            None => ids.append_null(),
            Some(content) => ids
                .append_value(git_blob_id(content))
                .map_err(|error| KernelError::Arrow(error.to_string()))?,
        }
    }
    Ok(ids.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::BinaryArray;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn ids_are_those_of_git_hash_object() {
        assert_eq!(hex(&git_blob_id(b"")), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(hex(&git_blob_id(b"hello\n")), "ce013625030ba8dba906f756967f9e9ca394464a");
    }

    #[test]
    fn nulls_stay_null_and_rows_keep_their_place() {
        let contents = BinaryArray::from(vec![Some(&b"hello\n"[..]), None, Some(&b""[..])]);
        let ids = git_blob_ids(&contents).expect("ids");
        assert!(ids.is_null(1) && ids.len() == 3);
        assert_eq!(hex(ids.value(2)), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }
}
