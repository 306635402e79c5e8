//! One article to read.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::packs::PageView;
use super::reading::{ArticleRow, PictureView};
use super::sharing::ForwardRecord;
use super::stories::Story;

/// An article to read.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleView {
    /// What lists show of it.
    pub row: ArticleRow,
    /// Safe HTML; its pictures point into the media protocol or are placeholders.
    pub html: String,
    /// Set off before the first paragraph, e.g. `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// The picture above the text, unless the text itself begins with it.
    pub lead_picture: Option<PictureView>,
    /// When it was changed by its publisher, where it says so.
    pub updated: Option<i64>,
    /// Audio, video and files that came with it.
    pub enclosures: Vec<EnclosureView>,
    /// Its publisher.
    pub publisher: Publisher,
    /// The story it belongs to, if others report it too.
    pub story: Option<Story>,
    /// Where it was forwarded, newest first.
    pub forwards: Vec<ForwardRecord>,
    /// The page where readers comment.
    pub comments: Option<String>,
    /// Where its chapters are listed (a podcast's).
    pub chapters: Option<String>,
    /// Its link goes by an aggregator, which leads on to the publisher when it is opened.
    pub link_is_redirect: bool,
    /// Pictures that are not kept (yet).
    pub pictures_missing: u32,
    /// The text of its own page.
    pub page: PageView,
    /// Words of its feed's text.
    pub feed_words: u32,
}

/// A file that came with an article.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnclosureView {
    /// Where it is.
    pub url: String,
    /// e.g. `audio/mpeg`.
    pub media_type: Option<String>,
    /// Bytes, as the feed says.
    pub length: Option<u64>,
    /// Seconds that it plays, as the feed says.
    pub duration_seconds: Option<u32>,
    /// Its own name.
    pub title: Option<String>,
    /// Whether it is here to be listened to; none of what is no sound.
    pub sound: Option<SoundView>,
}

/// A sound, as far as it is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SoundView {
    /// Its address in the media protocol, once it is kept.
    pub src: Option<String>,
    /// How it stands.
    pub state: SoundState,
    /// Bytes that are here.
    pub bytes: u64,
    /// Of so many, where that is known.
    pub of: Option<u64>,
    /// Where its listener is.
    pub listening: Listening,
}

/// How a sound stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SoundState {
    /// Where its feed names it.
    Away,
    /// On its way here.
    Fetching,
    /// Here, for listening without a network.
    Kept,
}

/// Where the listener of a sound is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Listening {
    /// From its beginning, in seconds.
    pub seconds: u32,
    /// It was heard to its end.
    pub heard: bool,
}

/// The site behind a feed.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Publisher {
    /// Its name.
    pub name: String,
    /// Its host.
    pub host: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Its WhatsApp Channel, its Google News page.
    pub channels: Vec<PublisherChannel>,
}

/// A publisher's own place elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PublisherChannel {
    /// `whatsapp-channel` or `google-news`.
    pub kind: String,
    /// Where it is.
    pub url: String,
}
