//! Updates.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What is known of updates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UpdateView {
    /// Why this program does not look for updates; `None` if it can.
    pub off: Option<UpdatesOff>,
    /// When it was last looked.
    pub checked_at: Option<i64>,
    /// A newer release.
    pub offer: Option<UpdateOffer>,
    /// What went wrong at the last look of this session.
    pub problem: Option<UpdateProblem>,
}

/// A newer release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UpdateOffer {
    /// Its version.
    pub version: String,
    /// Its date, as the manifest writes it.
    pub date: Option<String>,
    /// Release notes, plain text.
    pub notes: String,
    /// Whether there is a package for this system.
    pub downloadable: bool,
}

/// Why a program does not look for updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum UpdatesOff {
    /// It was built without address and key.
    NotConfigured,
    /// A package manager, or whoever built it from source, updates it.
    Packaged,
    /// It is portable: replacing it is the reader's.
    Portable,
    /// The folder of the program cannot be written.
    ReadOnly,
}

/// Why a look for updates came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum UpdateProblem {
    /// The manifest or its signature could not be fetched.
    NotReached,
    /// The manifest is not signed with the key of Warta's releases.
    WrongSignature,
    /// The manifest cannot be read.
    Unreadable,
    /// The manifest is older than one that was seen before.
    Downgrade,
}
