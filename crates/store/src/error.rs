//! What can go wrong, in variants that a caller can act on.
use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A second process has the same data folder open.
    #[error("another Warta is using {0}")]
    InUse(PathBuf),
    /// The store's format is newer than this program.
    #[error("this store was written by a newer Warta (format {found}, this one reads {known})")]
    NewerFormat {
        /// The format found in the folder.
        found: u32,
        /// The newest format this program reads.
        known: u32,
    },
    /// The folder refuses writing.
    #[error("the folder {0} cannot be written")]
    ReadOnly(PathBuf),
    /// No space is left, or less than the reserve that keeps sled safe.
    #[error("the disk is full")]
    DiskFull,
    /// The data on disk is inconsistent; see [`crate::repair`].
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The search index is damaged; it is rebuilt automatically.
    #[error("the search index is damaged: {0}")]
    SearchIndex(String),
    /// The search index was damaged and is not complete again yet.
    #[error("the search index was damaged and is being rebuilt; search again in a moment")]
    SearchRebuilding,
    /// The named kind of thing does not exist.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The caller asked for something that makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// Any other failure of the file system.
    #[error(transparent)]
    Io(std::io::Error),
}

/// The result of everything in this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    /// A copy for another caller.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::InUse(dir) => Self::InUse(dir.clone()),
            Self::NewerFormat { found, known } => Self::NewerFormat {
                found: *found,
                known: *known,
            },
            Self::ReadOnly(dir) => Self::ReadOnly(dir.clone()),
            Self::DiskFull => Self::DiskFull,
            Self::Damaged(why) => Self::Damaged(why.clone()),
            Self::SearchIndex(why) => Self::SearchIndex(why.clone()),
            Self::SearchRebuilding => Self::SearchRebuilding,
            Self::NotFound(what) => Self::NotFound(what),
            Self::Invalid(why) => Self::Invalid(why.clone()),
            Self::Io(error) => Self::Io(std::io::Error::new(error.kind(), error.to_string())),
        }
    }
}

/// Whether the disk is full. A file that cannot grow (a quota, FAT's 4 GB) counts as a full disk.
pub(crate) fn is_full(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(kind, StorageFull | QuotaExceeded | FileTooLarge)
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if is_full(error.kind()) {
            Self::DiskFull
        } else {
            Self::Io(error)
        }
    }
}

impl From<sled::Error> for StoreError {
    fn from(error: sled::Error) -> Self {
        match error {
            sled::Error::Io(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<sled::transaction::TransactionError<StoreError>> for StoreError {
    fn from(error: sled::transaction::TransactionError<StoreError>) -> Self {
        match error {
            sled::transaction::TransactionError::Abort(error) => error,
            sled::transaction::TransactionError::Storage(error) => error.into(),
        }
    }
}

impl From<tantivy::TantivyError> for StoreError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::SearchIndex(error.to_string())
    }
}
