//! The reader's settings.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::packs::AutoPack;

/// The reader's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in the settings"
)]
pub struct Settings {
    /// `id` or `en`.
    pub language: String,
    /// Light, dark and so on.
    pub theme: Theme,
    /// Pixels of an article's text, 14 to 28.
    pub text_size: u8,
    /// Characters a line, 50 to 90.
    pub line_width: u8,
    /// Serif for the article's text, else sans.
    pub serif: bool,
    /// Google News edition: interface language, e.g. `id`.
    pub google_news_language: String,
    /// Google News edition: country, e.g. `ID`.
    pub google_news_country: String,
    /// Opens WhatsApp in the browser instead of the app.
    pub whatsapp_in_browser: bool,
    /// Adds "via Warta" to messages.
    pub via_warta: bool,
    /// Syncs when Warta starts.
    pub sync_at_start: bool,
    /// Syncs what is due every so many minutes while Warta runs; 0 never.
    pub sync_every_minutes: u16,
    /// Fetches less by itself on battery, and no pictures on a metered line.
    pub spare: bool,
    /// The way to the web: `system`, `none`, or a proxy's address.
    pub proxy: String,
    /// Fetches the pictures of new articles.
    pub fetch_pictures: bool,
    /// An article is read once it is opened.
    pub mark_read_on_open: bool,
    /// With it, the others of its story are read too.
    pub mark_story_read: bool,
    /// Tells developments and what rules notify of through the system.
    pub notify: bool,
    /// No article older than so many days; 0 is no bound. Saved ones stay, here and below.
    pub keep_days: u32,
    /// No more than the newest so many articles of a feed; 0 is no bound.
    pub keep_feed_articles: u32,
    /// No more than the newest so many articles altogether; 0 is no bound.
    pub keep_articles: u32,
    /// No more than so many megabytes of texts; 0 is no bound.
    pub keep_megabytes: u32,
    /// What is not read yet stays too.
    pub keep_unread: bool,
    /// No pictures of articles older than so many days; 0 is no bound.
    pub keep_picture_days: u32,
    /// Megabytes a month that may come over the wire; past them nothing is fetched by itself. 0 sets
    /// no bound.
    pub monthly_megabytes: u32,
    /// Pictures of an article that is opened are fetched only when the reader asks for them.
    pub pictures_on_request: bool,
    /// Megabytes of pictures that are kept; those of saved articles and packs stay whatever it says.
    /// 0 sets no bound.
    pub picture_megabytes: u32,
    /// A pack that is made by itself every day.
    pub auto_pack: Option<AutoPack>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "id".into(),
            theme: Theme::System,
            text_size: 19,
            line_width: 66,
            serif: true,
            google_news_language: "id".into(),
            google_news_country: "ID".into(),
            whatsapp_in_browser: false,
            via_warta: false,
            sync_at_start: true,
            sync_every_minutes: 30,
            spare: true,
            proxy: "system".into(),
            fetch_pictures: true,
            mark_read_on_open: true,
            mark_story_read: false,
            notify: true,
            keep_days: 0,
            keep_feed_articles: 0,
            keep_articles: 0,
            keep_megabytes: 0,
            keep_unread: true,
            keep_picture_days: 0,
            monthly_megabytes: 0,
            pictures_on_request: false,
            picture_megabytes: 2_000,
            auto_pack: None,
        }
    }
}

/// Colours of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// Light or dark as the system says.
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
    /// Old paper.
    Sepia,
    /// The most contrast.
    Contrast,
}
