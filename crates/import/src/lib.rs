//! Reads what other readers and read-later services export: bytes in, feeds and articles out.
//!
//! The format is recognised by its content, never by the file's name. Parsing never panics and is
//! bounded by the size of its input; what cannot be read is counted by reason. `SQLite` files are
//! read by an own reader of the file format ([`sqlite`]), so that no foreign code sees a database
//! that a stranger wrote.
//!
//! Deliberately absent: HTML is passed on as it is (the caller sanitises it), and OPML inside an
//! archive is passed on as bytes ([`Library::opml`]).

mod csv_files;
mod databases;
mod html;
mod json;
mod model;
pub mod sqlite;
mod text_files;
mod when;
mod zip_files;

pub use model::{Feed, ImportError, Item, Library, Reason, Source};

/// Reads a file. `wal` is the write-ahead log beside an `SQLite` database (`NAME-wal`), which holds
/// what its program wrote last.
pub fn parse(bytes: &[u8], wal: Option<&[u8]>) -> Result<Library, ImportError> {
    let mut library = Library::default();
    if sqlite::is_database(bytes) {
        databases::read(bytes, wal, &mut library)?;
    } else if bytes.starts_with(b"PK\x03\x04") {
        zip_files::read(bytes, &mut library)?;
    } else {
        text_files::read(bytes, &mut library)?;
    }
    Ok(library)
}
