//! The element names and namespaces of feeds, looked up once when an element is read and compared
//! as numbers afterwards.

/// The namespaces used by feeds; all others are [`Space::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Space {
    /// No namespace, and those of RSS, RDF, Atom, CDF and sitemaps: distinguished by element
    /// names.
    #[default]
    Core,
    Content,
    DublinCore,
    Media,
    Itunes,
    Syndication,
    FeedBurner,
    Xhtml,
    Podcast,
    Slash,
    /// The feed history of RFC 5005.
    History,
    /// Google's news extension of sitemaps.
    News,
    SitemapImage,
    SitemapVideo,
    Other,
}

/// Declares the known names, each with its spelling in lower case.
macro_rules! names {
    ($($name:ident $text:literal,)*) => {
        /// A known element name, without prefix.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Name {
            $($name,)*
            /// Any other.
            Unknown,
        }

        impl Name {
            /// Looks up a local name, ignoring case.
            pub(crate) fn of(local: &str) -> Self {
                let mut lower = [0; LONGEST];
                let Some(lower) = lower.get_mut(..local.len()) else {
                    return Self::Unknown;
                };
                lower.copy_from_slice(local.as_bytes());
                lower.make_ascii_lowercase();
                match std::str::from_utf8(lower).unwrap_or_default() {
                    $($text => Self::$name,)*
                    _ => Self::Unknown,
                }
            }
        }
    };
}

/// The longest name below, in bytes.
const LONGEST: usize = 16;

names! {
    A "a",
    Abstract "abstract",
    Author "author",
    Body "body",
    Category "category",
    Channel "channel",
    Chapters "chapters",
    Comments "comments",
    Complete "complete",
    Content "content",
    ContentLoc "content_loc",
    Created "created",
    Creator "creator",
    Date "date",
    Day "day",
    Description "description",
    Div "div",
    Duration "duration",
    Email "email",
    Enclosure "enclosure",
    Encoded "encoded",
    Entry "entry",
    Feed "feed",
    FullItem "fullitem",
    Generator "generator",
    Genres "genres",
    Group "group",
    Guid "guid",
    Head "head",
    Hour "hour",
    Html "html",
    Icon "icon",
    Id "id",
    Identifier "identifier",
    Image "image",
    Issued "issued",
    Item "item",
    Keywords "keywords",
    Language "language",
    LastBuildDate "lastbuilddate",
    LastMod "lastmod",
    Link "link",
    Loc "loc",
    Logo "logo",
    Modified "modified",
    Named "name",
    News "news",
    OrigLink "origlink",
    Paragraph "p",
    PubDate "pubdate",
    Publication "publication",
    PublicationDate "publication_date",
    Published "published",
    Rdf "rdf",
    Rss "rss",
    Script "script",
    Sitemap "sitemap",
    SitemapIndex "sitemapindex",
    SkipDays "skipdays",
    SkipHours "skiphours",
    Source "source",
    StockTickers "stock_tickers",
    Style "style",
    Subject "subject",
    Subtitle "subtitle",
    Summary "summary",
    Tag "tag",
    Tagline "tagline",
    Thumbnail "thumbnail",
    ThumbnailLoc "thumbnail_loc",
    Title "title",
    Ttl "ttl",
    Updated "updated",
    UpdateFrequency "updatefrequency",
    UpdatePeriod "updateperiod",
    Url "url",
    UrlSet "urlset",
    Video "video",
}

/// The namespace of a URI; small misspellings are accepted.
pub(crate) fn space_of(uri: &str) -> Space {
    let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
    let uri = uri
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    let uri = uri.trim_start_matches("www.");
    if uri.is_empty() {
        return Space::Core;
    }
    let table: [(&str, Space); 29] = [
        ("w3.org/2005/atom", Space::Core),
        ("purl.org/atom", Space::Core),
        ("purl.org/rss/1.0/modules/content", Space::Content),
        ("purl.org/rss/1.0/modules/syndication", Space::Syndication),
        ("purl.org/rss/1.0/modules/slash", Space::Slash),
        ("purl.org/rss/1.0/modules", Space::Other),
        ("purl.org/rss/1.0", Space::Core),
        ("purl.org/net/rss1.1", Space::Core),
        ("my.netscape.com/rdf", Space::Core),
        ("channel.netscape.com/rdf", Space::Core),
        ("backend.userland.com/rss", Space::Core),
        ("blogs.law.harvard.edu/tech/rss", Space::Core),
        ("w3.org/1999/02/22-rdf-syntax-ns", Space::Core),
        ("purl.org/syndication/history", Space::History),
        ("purl.org/dc", Space::DublinCore),
        ("search.yahoo.com/mrss", Space::Media),
        ("itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
        ("rssnamespace.org/feedburner", Space::FeedBurner),
        ("w3.org/1999/xhtml", Space::Xhtml),
        ("podcastindex.org/namespace", Space::Podcast),
        ("w3.org/2000/xmlns", Space::Other),
        ("google.com/schemas/sitemap-news", Space::News),
        ("google.com/schemas/sitemap-image", Space::SitemapImage),
        ("google.com/schemas/sitemap-video", Space::SitemapVideo),
        ("sitemaps.org/schemas/sitemap-news", Space::News),
        ("sitemaps.org/schemas/sitemap-image", Space::SitemapImage),
        ("sitemaps.org/schemas/sitemap-video", Space::SitemapVideo),
        ("sitemaps.org/schemas/sitemap", Space::Core),
        ("google.com/schemas/sitemap/0", Space::Core),
    ];
    let known = table
        .iter()
        .find(|(start, _)| uri.starts_with(start))
        .map(|(_, space)| *space);
    known.unwrap_or(Space::Other)
}

/// The usual meaning of an undeclared prefix.
pub(crate) fn usual_prefix(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "rss" | "rdf" | "atom" | "atom10" | "atom03" | "a10" => Space::Core,
        "content" => Space::Content,
        "dc" | "dcterms" => Space::DublinCore,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        "sy" | "syn" => Space::Syndication,
        "feedburner" => Space::FeedBurner,
        "xhtml" => Space::Xhtml,
        "podcast" => Space::Podcast,
        "slash" => Space::Slash,
        "fh" => Space::History,
        "news" | "n" => Space::News,
        "image" => Space::SitemapImage,
        "video" => Space::SitemapVideo,
        _ => Space::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Name};

    #[test]
    fn names_are_known_in_any_case() {
        for (text, name) in [
            ("item", Name::Item),
            ("ITEM", Name::Item),
            ("pubDate", Name::PubDate),
            ("updateFrequency", Name::UpdateFrequency),
            ("items", Name::Unknown),
            ("", Name::Unknown),
            ("é", Name::Unknown),
        ] {
            assert_eq!(Name::of(text), name, "{text}");
        }
        assert_eq!(Name::of(&"x".repeat(LONGEST + 1)), Name::Unknown);
    }
}
