//! The full view of one article.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::ChannelKind;

use super::packs::PageView;
use super::reading::{ArticleRow, PictureView};
use super::sharing::ForwardRecord;
use super::stories::Story;

/// An article with its text, media and related records.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleView {
    /// The row that lists show for this article.
    pub row: ArticleRow,
    /// Sanitised HTML; image URLs use the media protocol or are placeholders.
    pub html: String,
    /// Shown before the first paragraph, e.g. `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// The picture above the text; `None` when the text already starts with it.
    pub lead_picture: Option<PictureView>,
    /// When the publisher last changed the article, if the feed reports it.
    pub updated: Option<i64>,
    /// Audio, video and files attached to the entry.
    pub enclosures: Vec<EnclosureView>,
    /// The site behind the feed.
    pub publisher: Publisher,
    /// The story this article belongs to, if other publishers report it too.
    pub story: Option<Story>,
    /// Where it was forwarded, newest first.
    pub forwards: Vec<ForwardRecord>,
    /// URL of the comments page.
    pub comments: Option<String>,
    /// URL of the podcast chapters file.
    pub chapters: Option<String>,
    /// Whether the link is an aggregator's redirect to the publisher's page.
    pub link_is_redirect: bool,
    /// Number of pictures that are not stored yet.
    pub pictures_missing: u32,
    /// Number of further pictures that are fetched at the reader's request only, because the
    /// article has too many.
    pub pictures_left_out: u32,
    /// The full text fetched from the article's own page.
    pub page: PageView,
    /// Word count of the feed's text.
    pub feed_words: u32,
}

/// A media file attached to an article.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnclosureView {
    /// The file's URL.
    pub url: String,
    /// e.g. `audio/mpeg`.
    pub media_type: Option<String>,
    /// Size in bytes as given by the feed.
    pub length: Option<u64>,
    /// Duration in seconds as given by the feed.
    pub duration_seconds: Option<u32>,
    /// The enclosure's title.
    pub title: Option<String>,
    /// Download state; `None` unless the enclosure is audio.
    #[serde(rename = "sound")]
    pub audio: Option<AudioView>,
}

/// The download state of an audio file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AudioView {
    /// URL in the media protocol once the file is stored.
    pub src: Option<String>,
    /// Whether the file is stored.
    pub state: AudioState,
    /// Bytes downloaded so far.
    pub bytes: u64,
    /// Total size in bytes, if known.
    pub of: Option<u64>,
    /// The playback position.
    pub listening: Listening,
}

/// Whether an audio file is stored locally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AudioState {
    /// Only available from the publisher.
    Away,
    /// Being downloaded.
    Fetching,
    /// Stored and playable offline.
    Kept,
}

/// A playback position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Listening {
    /// Seconds from the start.
    pub seconds: u32,
    /// Whether it was played to the end.
    pub heard: bool,
}

/// The site behind a feed.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Publisher {
    /// The publisher's name.
    pub name: String,
    /// The site's host name.
    pub host: Option<String>,
    /// The site's URL.
    pub site: Option<String>,
    /// Its WhatsApp Channel and Google News page.
    pub channels: Vec<PublisherChannel>,
}

/// A publisher's own page on another platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PublisherChannel {
    /// Its platform.
    pub kind: ChannelKind,
    /// The channel's URL.
    pub url: String,
}
