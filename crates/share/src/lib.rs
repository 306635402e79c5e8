//! An article or story and a channel in, message and target out. Opens nothing.
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject { pub title: String, pub url: String, pub publisher: String, pub excerpt: String }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means { /** Opens a target in another app or the browser. */ Open, /** Puts text on the clipboard. */ Copy }

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// `whatsapp`, `google-news`, `telegram`, `email`, `copy-link` …
    pub id: &'static str,
    pub name: &'static str,
    pub means: Means,
    /// Characters of the message, where the channel has a bound.
    pub limit: Option<usize>,
    /// Whether the reader can edit a message first (Google News search has none).
    pub has_message: bool,
}
#[must_use] pub fn channels() -> &'static [Channel] { todo!() }

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// `id` or `en`: the words of the message and the default Google News edition.
    pub language: String,
    /// Google News edition as `hl`, `gl`, `ceid`, e.g. `id`, `ID`, `ID:id`.
    pub google_news: (String, String, String),
    /// Adds "via Warta"; off by default.
    pub via: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft { pub channel: String, pub message: String, pub target: Option<String>, pub fallback: Vec<String> }
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareError { UnknownChannel(String), NoLink }

/// The message that the channel's template makes of `subject`, and where it goes.
pub fn compose(channel: &str, subject: &Subject, preferences: &Preferences) -> Result<Draft, ShareError> { let _ = (channel, subject, preferences); todo!() }
/// The same with the reader's own words in place of the message.
pub fn compose_with(channel: &str, subject: &Subject, message: &str, preferences: &Preferences) -> Result<Draft, ShareError> { let _ = (channel, subject, message, preferences); todo!() }
/// The link without what tracks its reader; AMP and Google News redirects resolved where that needs no request.
#[must_use] pub fn clean_link(url: &str) -> String { let _ = url; todo!() }
