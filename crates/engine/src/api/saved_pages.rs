//! Pages saved to read later.

use serde::Serialize;
use specta::Type;

use super::failure::Problem;

/// A page that the reader saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedPage {
    /// The article's id.
    pub article: u64,
    /// The page's title; host and path until it is known.
    pub title: String,
    /// The page's URL, without tracking parameters.
    pub url: String,
    /// Whether it had been saved before.
    pub already: bool,
    /// Whether its text is stored.
    pub state: PageState,
    /// Why its text could not be fetched.
    pub problem: Option<Problem>,
}

/// Whether the text of a saved page is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PageState {
    /// It is stored.
    Kept,
    /// It is fetched once there is a network.
    Waiting,
    /// It could not be fetched.
    Failed,
}
