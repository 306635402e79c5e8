//! Files that are neither a database nor an archive, told apart by their first character.

use crate::model::{ImportError, Library};
use crate::{csv_files, html, json};

/// Reads a file that is neither a database nor an archive.
pub(crate) fn read(bytes: &[u8], library: &mut Library) -> Result<(), ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    match start.and_then(|at| bytes.get(at)) {
        None => Err(ImportError::Unknown),
        Some(b'{' | b'[') => json::read(bytes, library),
        Some(b'<') => html::read(&String::from_utf8_lossy(bytes), library),
        Some(_) => csv_files::read(bytes, library),
    }
}
