//! The reader's settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::packs::AutoPack;

/// The reader's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub struct Settings {
    /// `id` or `en`.
    pub language: String,
    /// The colour theme.
    pub theme: Theme,
    /// Font size of an article's text in pixels, 14 to 28.
    pub text_size: u8,
    /// Line width in characters, 50 to 90.
    pub line_width: u8,
    /// Whether article text uses a serif font.
    pub serif: bool,
    /// Family name of an installed font for article text; empty for Warta's own fonts.
    pub article_font: String,
    /// Line height of article text in percent of its size, 120 to 220.
    pub line_height: u16,
    /// Whether article text is justified.
    pub justify: bool,
    /// Whether words of article text are hyphenated.
    pub hyphenate: bool,
    /// Size of the whole interface in percent, 70 to 200.
    pub interface_scale: u16,
    /// How much room the rows of lists take.
    pub density: Density,
    /// Lines of an article's text in lists, 0 to 4.
    pub preview_lines: u8,
    /// Shows thumbnails in lists.
    pub thumbnails: bool,
    /// Dims pictures in dark themes.
    pub dim_pictures: bool,
    /// Interface language of the Google News edition, e.g. `id`.
    pub google_news_language: String,
    /// Country of the Google News edition, e.g. `ID`.
    pub google_news_country: String,
    /// Opens WhatsApp in the browser instead of the app.
    pub whatsapp_in_browser: bool,
    /// Adds "via Warta" to messages.
    pub via_warta: bool,
    /// Syncs when Warta starts.
    pub sync_at_start: bool,
    /// Minutes between automatic syncs of due feeds; 0 turns them off.
    pub sync_every_minutes: u16,
    /// Fetches less on battery power, and no pictures on metered connections.
    pub spare: bool,
    /// `system`, `none`, or a proxy URL.
    pub proxy: String,
    /// Fetches the pictures of new articles.
    pub fetch_pictures: bool,
    /// Marks an article read when it is opened.
    pub mark_read_on_open: bool,
    /// Marks articles read that were scrolled past in a list.
    pub mark_read_on_scroll: bool,
    /// Which articles are today's.
    pub today_span: TodaySpan,
    /// Marks the other articles of its story read as well.
    pub mark_story_read: bool,
    /// Speed of reading aloud in percent, 50 to 300.
    pub aloud_speed: u16,
    /// Goes on to the next article when one was read aloud.
    pub aloud_next: bool,
    /// The voice for each language that the reader chose one for, by primary language subtag.
    pub aloud_voices: BTreeMap<String, String>,
    /// Shows system notifications for followed stories and rules.
    pub notify: bool,
    /// When notifications wait, if ever.
    pub quiet_hours: Option<QuietHours>,
    /// Goes on syncing when the window is closed, where the system has a tray.
    pub keep_running: bool,
    /// Starts without a window when the reader signs in.
    pub start_at_login: bool,
    /// Looks once a day for a newer version, where the program can be updated.
    pub check_for_updates: bool,
    /// Shows the number of unread articles at the app's icon, where the system can.
    pub unread_badge: bool,
    /// Removes articles older than this many days; 0 for no limit. This and the limits below keep
    /// saved articles.
    pub keep_days: u32,
    /// Maximum number of articles of a feed; 0 for no limit.
    pub keep_feed_articles: u32,
    /// Maximum number of articles; 0 for no limit.
    pub keep_articles: u32,
    /// Maximum megabytes of article text; 0 for no limit.
    pub keep_megabytes: u32,
    /// Whether the limits above also keep unread articles.
    pub keep_unread: bool,
    /// Removes pictures of articles older than this many days; 0 for no limit.
    pub keep_picture_days: u32,
    /// Monthly data budget in megabytes, after which automatic fetches stop; 0 for no limit.
    pub monthly_megabytes: u32,
    /// Fetches the pictures of an opened article only when the reader asks for them.
    pub pictures_on_request: bool,
    /// Maximum megabytes of pictures; those of saved articles and packs are always kept. 0 for no
    /// limit.
    pub picture_megabytes: u32,
    /// A pack that is created every day.
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
            article_font: String::new(),
            line_height: 160,
            justify: false,
            hyphenate: true,
            interface_scale: 100,
            density: Density::Comfortable,
            preview_lines: 2,
            thumbnails: true,
            dim_pictures: true,
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
            mark_read_on_scroll: false,
            today_span: TodaySpan::CalendarDay,
            mark_story_read: false,
            aloud_speed: 100,
            aloud_next: true,
            aloud_voices: BTreeMap::new(),
            notify: true,
            quiet_hours: None,
            keep_running: true,
            start_at_login: false,
            check_for_updates: true,
            unread_badge: true,
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

/// A span of every day, in minutes since local midnight. It may cross midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QuietHours {
    /// The first minute.
    pub from_minute: u16,
    /// The minute after the last one; if it is the first one, the whole day is quiet.
    pub to_minute: u16,
}

impl QuietHours {
    /// Whether a minute of the day lies in the span.
    #[must_use]
    pub fn contains(self, minute: u16) -> bool {
        let Self {
            from_minute: from,
            to_minute: to,
        } = self;
        if from < to {
            (from..to).contains(&minute)
        } else {
            minute >= from || minute < to
        }
    }
}

/// How much room the rows of lists take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Density {
    /// Headline, lines of text and a large thumbnail.
    Comfortable,
    /// The same in less room.
    Compact,
    /// A line for the headline and one for its publisher.
    Headlines,
}

/// Which articles are today's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TodaySpan {
    /// Those since midnight.
    CalendarDay,
    /// Those of the last 24 hours.
    Hours24,
}

/// The colour theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// Follows the system.
    System,
    /// Dark text on white.
    Light,
    /// Light text on black.
    Dark,
    /// Dark text on a warm paper tone.
    Sepia,
    /// Maximum contrast.
    Contrast,
    /// Maximum contrast on black.
    ContrastDark,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_cross_midnight() {
        let hours = |from: u16, to: u16| QuietHours {
            from_minute: from * 60,
            to_minute: to * 60,
        };
        for (span, minute, quiet) in [
            (hours(22, 7), 21 * 60 + 59, false),
            (hours(22, 7), 22 * 60, true),
            (hours(22, 7), 23 * 60 + 59, true),
            (hours(22, 7), 0, true),
            (hours(22, 7), 6 * 60 + 59, true),
            (hours(22, 7), 7 * 60, false),
            (hours(9, 17), 8 * 60 + 59, false),
            (hours(9, 17), 9 * 60, true),
            (hours(9, 17), 17 * 60, false),
            (hours(22, 0), 23 * 60 + 59, true),
            (hours(22, 0), 0, false),
            (hours(0, 7), 0, true),
            (hours(8, 8), 8 * 60 - 1, true),
            (hours(8, 8), 8 * 60, true),
        ] {
            assert_eq!(span.contains(minute), quiet, "{span:?} at {minute}");
        }
    }
}
