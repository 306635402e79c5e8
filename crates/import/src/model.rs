//! What a file holds, and how the parsers add to it.

use std::collections::HashMap;

/// The program or service that wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A stream of the Google Reader API: Google Reader, Inoreader, `FreshRSS`.
    GoogleReader,
    /// Feedly.
    Feedly,
    /// Pocket.
    Pocket,
    /// Instapaper.
    Instapaper,
    /// Omnivore.
    Omnivore,
    /// Raindrop.io.
    Raindrop,
    /// `NetNewsWire`.
    NetNewsWire,
    /// Newsboat.
    Newsboat,
    /// Liferea.
    Liferea,
    /// RSS Guard.
    RssGuard,
    /// `QuiteRSS`.
    QuiteRss,
    /// A JSON Feed, as Warta exports it.
    JsonFeed,
    /// Bookmarks of a web browser (Netscape bookmark file).
    Bookmarks,
    /// Another table with a column of links.
    Table,
    /// An archive with subscriptions only.
    Opml,
}

/// A feed that articles come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Where it is fetched from, if known.
    pub url: Option<String>,
    /// Its name.
    pub title: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Folder names, outermost first.
    pub folder: Vec<String>,
    /// The reader is subscribed to it; otherwise it is only named as an article's origin.
    pub subscribed: bool,
}

/// An article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Its feed: an index into [`Library::feeds`].
    pub feed: Option<usize>,
    /// Its id in the feed, if the file has it.
    pub guid: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Its title, plain text.
    pub title: String,
    /// Its author.
    pub author: Option<String>,
    /// Its text as HTML, unsanitised; empty if the file has none.
    pub html: String,
    /// Seconds since 1970 UTC.
    pub published: Option<i64>,
    /// It is starred or saved.
    pub saved: bool,
    /// When it was saved, if known.
    pub saved_at: Option<i64>,
    /// It was read.
    pub read: bool,
    /// The reader's tags.
    pub tags: Vec<String>,
}

/// Why something in a file is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// An article with neither an address of the web nor a text.
    NoAddress,
    /// A subscription that is not fetched from the web, such as a command or a search.
    NotWeb,
    /// A part of the file is damaged.
    Damaged,
    /// A file in the archive that is none of the known formats.
    Unknown,
}

/// The content of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// Who wrote it; several in an archive.
    pub sources: Vec<Source>,
    /// Each feed once.
    pub feeds: Vec<Feed>,
    /// In the file's order.
    pub items: Vec<Item>,
    /// OPML documents of an archive.
    pub opml: Vec<Vec<u8>>,
    /// How much was left out, by reason.
    pub left_out: HashMap<Reason, usize>,
}

/// The file is none of the known formats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing in it is known.
    #[error("this is not an export that can be imported")]
    Unknown,
    /// Its format is known, but it cannot be read.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// It is larger than what is read.
    #[error("the file is too large")]
    TooLarge,
}

/// Maximum number of articles in a file.
const MOST_ITEMS: usize = 1_000_000;

impl Library {
    /// Adds an article, unless there is nothing to bring.
    pub(crate) fn add(&mut self, mut item: Item) {
        item.url = item.url.filter(|url| is_web(url));
        item.title = warta_text::plain(item.title.trim()).into_owned();
        if item.url.is_none() && (item.html.is_empty() || item.title.is_empty()) {
            self.leave_out(Reason::NoAddress);
        } else if self.items.len() < MOST_ITEMS {
            self.items.push(item);
        }
    }

    pub(crate) fn leave_out(&mut self, reason: Reason) {
        *self.left_out.entry(reason).or_default() += 1;
    }

    pub(crate) fn came_from(&mut self, source: Source) {
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }
}

/// Feeds by a key of their file, in order of appearance.
#[derive(Default)]
pub(crate) struct Feeds {
    by_key: HashMap<String, usize>,
}

impl Feeds {
    /// The index of the feed with this key; `make` makes it.
    pub(crate) fn of(
        &mut self,
        key: &str,
        library: &mut Library,
        make: impl FnOnce() -> Feed,
    ) -> usize {
        *self.by_key.entry(key.to_owned()).or_insert_with(|| {
            library.feeds.push(make());
            library.feeds.len() - 1
        })
    }

    pub(crate) fn get(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }
}

pub(crate) fn is_web(address: &str) -> bool {
    let address = address.trim();
    let has_scheme = ["http://", "https://"].iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    has_scheme && url::Url::parse(address).is_ok_and(|url| url.has_host())
}

/// Non-empty trimmed text.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Tags of a list in one field.
pub(crate) fn tags_of(text: &str, separators: &[char]) -> Vec<String> {
    text.split(separators).filter_map(some).collect()
}
