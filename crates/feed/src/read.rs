//! RSS, RDF, Atom and CDF from a forgiving tree.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use url::Url;

use crate::text::{as_html, looks_like_html, plain, repaired, unescaped_again, without_scripts};
use crate::xml::{NodeId, Space, Tree};
use crate::{Enclosure, Entry, EntrySource, Feed, FeedKind, NotAFeed, dates, google_news};

/// Entries of a feed at most; those behind them are left out, and that is said.
const MOST_ENTRIES: usize = 10_000;
/// Authors of an entry at most.
const MOST_AUTHORS: usize = 50;
/// Longest title, in bytes.
const LONGEST_TITLE: usize = 4_000;

pub(crate) fn read(text: &str, url: Option<&str>) -> Result<Feed, NotAFeed> {
    let tree = Tree::parse(text);
    let (kind, root) = root(&tree).ok_or_else(|| refusal(&tree, text))?;
    let mut reader = Reader {
        tree: &tree,
        url: url.and_then(|u| Url::parse(u).ok()),
        kind,
        feed_authors: Vec::new(),
    };
    reader.feed_authors = reader.authors(root);
    Ok(reader.feed(root))
}

/// The element that holds the feed: the first that is named like one, wherever garbage stands.
fn root(tree: &Tree<'_>) -> Option<(FeedKind, NodeId)> {
    let kind_of = |id: NodeId| {
        let element = tree.element(id);
        match element.name.to_ascii_lowercase().as_str() {
            "rdf" if element.space == Space::Core => Some(FeedKind::Rdf),
            "feed" => Some(FeedKind::Atom),
            "channel"
                if tree.children(id).any(|c| {
                    tree.element(c).name.eq_ignore_ascii_case("item")
                        && tree.attribute(c, "href").is_some()
                }) =>
            {
                Some(FeedKind::Cdf)
            }
            "rss" | "channel" => Some(FeedKind::Rss),
            "entry" | "item" if element.space == Space::Core => Some(if element.name == "entry" {
                FeedKind::Atom
            } else {
                FeedKind::Rss
            }),
            _ => None,
        }
    };
    let outer = tree.roots.iter().find_map(|id| Some((kind_of(*id)?, *id)));
    outer.or_else(|| {
        tree.roots.iter().find_map(|id| {
            tree.descendants(*id)
                .take(2000)
                .find_map(|id| Some((kind_of(id)?, id)))
        })
    })
}

fn refusal(tree: &Tree<'_>, text: &str) -> NotAFeed {
    let html = ["html", "head", "body", "p", "div", "a"];
    let head: String = text
        .chars()
        .take(300)
        .collect::<String>()
        .to_ascii_lowercase();
    let is_page = head.contains("<!doctype html")
        || tree
            .roots
            .iter()
            .any(|id| html.contains(&tree.element(*id).name.to_ascii_lowercase().as_str()));
    if is_page {
        return NotAFeed::Html;
    }
    match tree.roots.first() {
        Some(id) => NotAFeed::Unrecognised(format!(
            "its outermost element is <{}>",
            tree.element(*id)
                .raw_name
                .chars()
                .take(60)
                .collect::<String>()
        )),
        None => NotAFeed::Unrecognised("it is no XML and no JSON".into()),
    }
}

struct Reader<'t, 'a> {
    tree: &'t Tree<'a>,
    url: Option<Url>,
    kind: FeedKind,
    /// Who wrote what has no author of its own.
    feed_authors: Vec<String>,
}

impl Reader<'_, '_> {
    fn feed(&self, root: NodeId) -> Feed {
        let tree = self.tree;
        // RSS keeps its facts in a channel; RDF's items stand beside it; Atom has neither.
        let channel = tree
            .children(root)
            .find(|id| self.is(*id, &[Space::Core], "channel"))
            .unwrap_or(root);
        // Wherever they stand: a feed that forgot an end tag nests its items.
        let is_item = |id: &NodeId| {
            let element = tree.element(*id);
            element.space == Space::Core
                && (element.name.eq_ignore_ascii_case("item")
                    || element.name.eq_ignore_ascii_case("entry"))
        };
        let mut items: Vec<NodeId> = std::iter::once(root)
            .chain(tree.descendants(root))
            .filter(is_item)
            .collect();
        let mut problems = tree.problems.clone();
        if items.len() > MOST_ENTRIES {
            problems.push(format!(
                "{} entries are left out",
                items.len() - MOST_ENTRIES
            ));
            items.truncate(MOST_ENTRIES);
        }
        let title = self.plain_child(channel, "title").filter(|t| !t.is_empty());
        let mut entries: Vec<Entry> = items.iter().map(|id| self.entry(*id)).collect();
        make_unique(&mut entries);
        Feed {
            kind: self.kind,
            title,
            link: self.site(channel),
            description: ["description", "subtitle", "tagline", "abstract"]
                .iter()
                .find_map(|name| self.plain_child(channel, name))
                .filter(|d| !d.is_empty()),
            language: self.language(channel),
            updated: self.first_date(
                channel,
                &["updated", "modified", "lastbuilddate", "pubdate", "date"],
            ),
            icon: self.icon(root, channel),
            self_url: self.link_with(channel, "self"),
            ttl_minutes: self.ttl(channel),
            entries,
            problems,
        }
    }

    fn entry(&self, id: NodeId) -> Entry {
        let tree = self.tree;
        let mut link = self.entry_link(id);
        let guid = ["guid", "id", "identifier"].iter().find_map(|name| {
            let found = self.child(id, &[Space::Core, Space::DublinCore], name)?;
            Some(tree.text_of(found).trim().to_owned()).filter(|t| !t.is_empty())
        });
        let permanent = match self.child(id, &[Space::Core], "guid") {
            Some(guid) => tree
                .attribute(guid, "ispermalink")
                .is_none_or(|v| !v.eq_ignore_ascii_case("false")),
            None => self.kind == FeedKind::Atom,
        };
        let link_is_id = link.is_none() && permanent && guid.is_some();
        if link_is_id {
            link = guid.as_deref().and_then(|g| self.absolute(id, g));
        }
        let source = self.entry_source(id);
        let title = self
            .plain_child(id, "title")
            .or_else(|| {
                let media = |c: &NodeId| {
                    self.is(*c, &[Space::Media], "group") || self.is(*c, &[Space::Media], "content")
                };
                let mut media = tree.children(id).filter(media);
                media.find_map(|c| Some(self.plain_text(self.media_text(c, "title")?)))
            })
            .map(|t| bounded(t, LONGEST_TITLE));
        let (summary, content) = self.bodies(id);
        let enclosures = self.enclosures(id);
        // A podcast's episode without a page is where its file is.
        let link = link.or_else(|| Some(enclosures.first()?.url.clone()));
        let published = self.first_date(id, &["pubdate", "published", "issued", "created", "date"]);
        let updated = self.first_date(id, &["updated", "modified"]).or_else(|| {
            let cdf = self.kind == FeedKind::Cdf || tree.element(id).raw_name == "ITEM";
            cdf.then(|| dates::parse(&tree.attribute(id, "lastmod")?))
                .flatten()
        });
        let mut entry = Entry {
            id: String::new(),
            title: title.filter(|t| !t.is_empty()),
            original_link: self
                .original_link(id)
                .or_else(|| google_news::publisher_address(link.as_deref()?)),
            comments: self.url_child(id, "comments"),
            published,
            updated,
            authors: self.entry_authors(id),
            summary,
            content,
            categories: self.categories(id),
            image: self.image(id, &enclosures),
            enclosures,
            language: self
                .child(id, &[Space::DublinCore, Space::Core], "language")
                .map(|l| tree.text_of(l).trim().to_owned())
                .or_else(|| tree.inherited(id, "xml:lang").map(|l| l.trim().to_owned()))
                .filter(|l| !l.is_empty() && l.len() < 20),
            source,
            link,
            link_is_id,
        };
        entry.id = guid
            .or_else(|| entry.link.clone())
            .unwrap_or_else(|| content_id(&entry));
        entry
    }

    // ---- finding ----

    fn is(&self, id: NodeId, spaces: &[Space], name: &str) -> bool {
        let element = self.tree.element(id);
        spaces.contains(&element.space) && element.name.eq_ignore_ascii_case(name)
    }

    fn child(&self, id: NodeId, spaces: &[Space], name: &str) -> Option<NodeId> {
        spaces.iter().find_map(|space| {
            self.tree
                .children(id)
                .find(|c| self.is(*c, &[*space], name))
        })
    }

    /// A child's plain text: of the core first, then Dublin Core, Media RSS and iTunes.
    fn plain_child(&self, id: NodeId, name: &str) -> Option<String> {
        let spaces = [Space::Core, Space::DublinCore, Space::Media, Space::Itunes];
        let found = self.child(id, &spaces, name)?;
        Some(self.plain_text(found))
    }

    /// A title or description inside of a Media RSS group or content.
    fn media_text(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.child(id, &[Space::Media], name).or_else(|| {
            let inner = |c: &NodeId| self.is(*c, &[Space::Media], "content");
            let contents = self.tree.children(id).filter(inner);
            contents
                .into_iter()
                .find_map(|c| self.child(c, &[Space::Media], name))
        })
    }

    fn plain_text(&self, id: NodeId) -> String {
        let media_type = self
            .tree
            .attribute(id, "type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let text = repaired(self.tree.text_of(id));
        if self.is_base64(id, &media_type)
            && let Some(decoded) = base64(&text)
        {
            return plain(&decoded);
        }
        // Atom's plain text is plain; everything else may hold markup whatever it says.
        if self.kind == FeedKind::Atom
            && matches!(media_type.as_str(), "text" | "text/plain")
            && !text.contains('&')
        {
            return crate::text::folded(&text);
        }
        plain(&text)
    }

    fn first_date(&self, id: NodeId, names: &[&str]) -> Option<chrono::DateTime<chrono::Utc>> {
        names.iter().find_map(|name| {
            self.tree
                .children(id)
                .filter(|c| self.is(*c, &[Space::Core, Space::DublinCore], name))
                .find_map(|found| dates::parse(&self.tree.text_of(found)))
        })
    }

    // ---- addresses ----

    /// An address made whole: against `xml:base` of the elements around, then the feed's own.
    fn absolute(&self, id: NodeId, address: &str) -> Option<String> {
        let address = address.trim();
        if address.is_empty() {
            return None;
        }
        if is_plainly_whole(address) {
            return Some(address.to_owned());
        }
        if let Ok(url) = Url::parse(address) {
            let known = matches!(url.scheme(), "http" | "https");
            // As written where it is whole: servers know their own spelling.
            return Some(if known && !address.contains(char::is_whitespace) {
                address.to_owned()
            } else {
                url.into()
            });
        }
        let mut base = self.url.clone();
        for part in self.tree.bases(id).iter().rev() {
            base = match &base {
                Some(base) => base.join(part).ok(),
                None => Url::parse(part).ok(),
            };
        }
        match base {
            Some(base) => base.join(address).ok().map(Into::into),
            None => Some(address.to_owned()),
        }
    }

    fn url_child(&self, id: NodeId, name: &str) -> Option<String> {
        let found = self.child(id, &[Space::Core], name)?;
        self.absolute(found, &self.tree.text_of(found))
    }

    /// The `link` with a relation, Atom's or one inside RSS.
    fn link_with(&self, id: NodeId, rel: &str) -> Option<String> {
        self.tree
            .children(id)
            .filter(|c| self.is(*c, &[Space::Core], "link"))
            .find(|c| {
                self.tree
                    .attribute(*c, "rel")
                    .is_some_and(|r| r.eq_ignore_ascii_case(rel))
            })
            .and_then(|c| self.absolute(c, &self.tree.attribute(c, "href")?))
    }

    fn links(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.tree
            .children(id)
            .filter(|c| self.is(*c, &[Space::Core], "link"))
    }

    /// The link in text, or Atom's alternate; HTML before other types. The last of several counts, as
    /// with other readers: the first is often the feed itself.
    fn entry_link(&self, id: NodeId) -> Option<String> {
        let tree = self.tree;
        let alternates: Vec<(NodeId, String)> = self
            .links(id)
            .filter(|c| {
                tree.attribute(*c, "rel").is_none_or(|rel| {
                    let rel = rel.trim().to_ascii_lowercase();
                    rel.is_empty() || rel.rsplit('/').next() == Some("alternate")
                })
            })
            .filter_map(|c| {
                let address = match tree.attribute(c, "href") {
                    Some(href) => href.into(),
                    None => tree.text_of(c),
                };
                Some((c, self.absolute(c, &address)?))
            })
            .collect();
        let html = alternates.iter().rev().find(|(c, _)| {
            tree.attribute(*c, "type")
                .is_none_or(|t| t.contains("html"))
        });
        let alternate = html.or(alternates.first()).map(|(_, link)| link.clone());
        alternate.or_else(|| {
            let named = match self.kind {
                FeedKind::Cdf => tree.attribute(id, "href"),
                _ => tree
                    .attribute(id, "rdf:about")
                    .or_else(|| tree.attribute(id, "about")),
            };
            self.absolute(id, &named?)
                .filter(|link| link.starts_with("http"))
        })
    }

    /// The page behind FeedBurner's counting redirect.
    fn original_link(&self, id: NodeId) -> Option<String> {
        let found = self
            .tree
            .children(id)
            .find(|c| self.is(*c, &[Space::FeedBurner], "origlink"))?;
        self.absolute(found, &self.tree.text_of(found))
            .filter(|link| link.starts_with("http"))
    }

    fn site(&self, channel: NodeId) -> Option<String> {
        self.entry_link(channel)
            .filter(|link| link.starts_with("http"))
    }

    // ---- bodies ----

    /// Summary and content as HTML; the longest of several contents counts.
    fn bodies(&self, id: NodeId) -> (Option<String>, Option<String>) {
        let tree = self.tree;
        let mut content: Option<String> = None;
        let mut summary: Option<String> = None;
        let mut weak: Option<String> = None;
        for child in tree.children(id) {
            let element = tree.element(child);
            let name = lower(element.name);
            match (element.space, &*name) {
                (Space::Content, "encoded")
                | (Space::Core, "content" | "fullitem" | "body")
                | (Space::Xhtml, "body" | "div") => {
                    let html = self.html_of(child);
                    if content.as_ref().is_none_or(|c| c.len() < html.len()) {
                        content = Some(html);
                    }
                }
                // Statements in RDF about the entry are no text of it.
                (Space::Core, "description") if element.raw_name == "rdf:Description" => {}
                (Space::Core, "description" | "summary" | "abstract") => {
                    let html = self.html_of(child);
                    if summary.as_ref().is_none_or(|s| s.trim().is_empty()) {
                        summary = Some(html);
                    }
                }
                (Space::DublinCore, "description" | "abstract")
                | (Space::Itunes, "summary")
                | (Space::Media, "description") => {
                    let html = self.html_of(child);
                    if weak.as_ref().is_none_or(|w| w.len() < html.len()) {
                        weak = Some(html);
                    }
                }
                (Space::Media, "group" | "content") => {
                    if let Some(found) = self.media_text(child, "description") {
                        weak = weak.or_else(|| Some(self.html_of(found)));
                    }
                }
                _ => {}
            }
        }
        let blank = |text: &Option<String>| text.as_ref().is_none_or(|t| t.trim().is_empty());
        // What other vocabularies say stands in for a missing body; it does not compete with one.
        if blank(&summary) && blank(&content) {
            summary = weak;
        }
        (
            summary.filter(|s| !s.trim().is_empty()),
            content.filter(|c| !c.trim().is_empty()),
        )
    }

    /// An element's body as HTML: markup as it is, plain text escaped with its lines kept.
    fn html_of(&self, id: NodeId) -> String {
        let media_type = self
            .tree
            .attribute(id, "type")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let html = repaired(self.tree.inner_html(id));
        let is_plain =
            matches!(media_type.as_str(), "text" | "text/plain") && self.kind == FeedKind::Atom;
        if self.is_base64(id, &media_type)
            && let Some(decoded) = base64(&html)
        {
            return without_scripts(decoded);
        }
        if is_plain && self.tree.children(id).next().is_none() {
            return as_html(&html);
        }
        if self.tree.children(id).next().is_some() {
            without_scripts(html)
        } else if looks_like_html(&html) {
            without_scripts(unescaped_again(html))
        } else {
            as_html(&html)
        }
    }

    /// Whether an element's text is base64: Atom 0.3 says so by its mode, Atom 1.0 by a type that is
    /// neither text nor XML (RFC 4287, section 4.1.3.3).
    fn is_base64(&self, id: NodeId, media_type: &str) -> bool {
        let is_text = matches!(media_type, "" | "text" | "html" | "xhtml" | "plain")
            || media_type.starts_with("text/")
            || media_type.ends_with("+xml")
            || media_type.ends_with("/xml");
        let mode = self.tree.attribute(id, "mode");
        mode.is_some_and(|mode| mode == "base64")
            || (self.kind == FeedKind::Atom && !is_text && media_type.contains('/'))
    }

    // ---- the rest ----

    fn authors(&self, id: NodeId) -> Vec<String> {
        let tree = self.tree;
        let mut authors: Vec<String> = Vec::new();
        for child in tree.children(id) {
            let element = tree.element(child);
            let name = lower(element.name);
            let fits = matches!(
                (element.space, &*name),
                (Space::Core | Space::Itunes, "author") | (Space::DublinCore, "creator" | "author")
            );
            if !fits {
                continue;
            }
            let named = self
                .child(child, &[Space::Core], "name")
                .or_else(|| self.child(child, &[Space::Core], "email"));
            let text = plain(&tree.text_of(named.unwrap_or(child)));
            let text = person(&text);
            if authors.len() < MOST_AUTHORS
                && !text.is_empty()
                && text.len() < 300
                && !authors.contains(&text)
            {
                authors.push(text);
            }
        }
        authors
    }

    /// An entry's authors; in Atom those of its source or of the feed where it has none (RFC 4287,
    /// section 4.2.1).
    fn entry_authors(&self, id: NodeId) -> Vec<String> {
        let own = self.authors(id);
        if !own.is_empty() || self.kind != FeedKind::Atom {
            return own;
        }
        let source = self.child(id, &[Space::Core], "source");
        let of_source = source
            .map(|source| self.authors(source))
            .unwrap_or_default();
        if of_source.is_empty() {
            self.feed_authors.clone()
        } else {
            of_source
        }
    }

    fn categories(&self, id: NodeId) -> Vec<String> {
        let tree = self.tree;
        let mut categories: Vec<String> = Vec::new();
        for child in tree.children(id) {
            let element = tree.element(child);
            let fits = matches!(
                (element.space, &*lower(element.name)),
                (Space::Core | Space::Media, "category") | (Space::DublinCore, "subject")
            );
            if fits {
                let named = tree
                    .attribute(child, "label")
                    .or_else(|| tree.attribute(child, "term"));
                let text = named.map_or_else(|| plain(&tree.text_of(child)), |t| plain(&t));
                if !text.is_empty()
                    && text.len() < 200
                    && !categories.contains(&text)
                    && categories.len() < 50
                {
                    categories.push(text);
                }
            }
        }
        categories
    }

    fn enclosures(&self, id: NodeId) -> Vec<Enclosure> {
        let tree = self.tree;
        let mut enclosures: Vec<Enclosure> = Vec::new();
        let mut add = |node: NodeId, address: &str, size: &str| {
            let Some(url) = tree
                .attribute(node, address)
                .and_then(|a| self.absolute(node, &a))
            else {
                return;
            };
            if enclosures.iter().any(|e| e.url == url) || enclosures.len() >= 50 {
                return;
            }
            enclosures.push(Enclosure {
                url,
                media_type: tree
                    .attribute(node, "type")
                    .map(Into::into)
                    .filter(|t: &String| !t.is_empty()),
                length: tree
                    .attribute(node, size)
                    .and_then(|l| l.trim().parse().ok()),
            });
        };
        for child in tree.children(id) {
            let element = tree.element(child);
            match (element.space, &*lower(element.name)) {
                (Space::Core, "enclosure") => add(child, "url", "length"),
                (Space::Core, "link")
                    if tree
                        .attribute(child, "rel")
                        .is_some_and(|r| r.eq_ignore_ascii_case("enclosure")) =>
                {
                    add(child, "href", "length");
                }
                (Space::Media, "content") if is_playable(tree, child) => {
                    add(child, "url", "filesize");
                }
                (Space::Media, "group") => {
                    for inner in tree
                        .children(child)
                        .filter(|c| self.is(*c, &[Space::Media], "content"))
                    {
                        if is_playable(tree, inner) {
                            add(inner, "url", "filesize");
                        }
                    }
                }
                _ => {}
            }
        }
        enclosures
    }

    /// The largest thumbnail or picture that the entry names.
    fn image(&self, id: NodeId, enclosures: &[Enclosure]) -> Option<String> {
        let tree = self.tree;
        let mut best: Option<(u64, String)> = None;
        let mut waiting: Vec<NodeId> = tree.children(id).collect();
        while let Some(node) = waiting.pop() {
            let element = tree.element(node);
            let name = lower(element.name);
            let attribute = match (element.space, &*name) {
                (Space::Media, "thumbnail") => "url",
                (Space::Media, "content") => {
                    waiting.extend(tree.children(node));
                    let picture = tree.attribute(node, "medium").is_some_and(|m| m == "image")
                        || tree
                            .attribute(node, "type")
                            .is_some_and(|t| t.starts_with("image/"))
                        || tree
                            .attribute(node, "url")
                            .is_some_and(|u| has_picture_name(&u));
                    if !picture {
                        continue;
                    }
                    "url"
                }
                (Space::Media, "group") => {
                    waiting.extend(tree.children(node));
                    continue;
                }
                (Space::Itunes, "image") => "href",
                (Space::Core, "image") => {
                    if let Some(url) = self.image_in(node) {
                        best = best.or(Some((0, url)));
                    }
                    continue;
                }
                _ => continue,
            };
            if let Some(url) = tree
                .attribute(node, attribute)
                .and_then(|a| self.absolute(node, &a))
            {
                let width = tree
                    .attribute(node, "width")
                    .and_then(|w| w.trim().parse().ok())
                    .unwrap_or(1);
                if best.as_ref().is_none_or(|(w, _)| width > *w) {
                    best = Some((width, url));
                }
            }
        }
        let enclosed = || {
            enclosures
                .iter()
                .find(|e| match &e.media_type {
                    Some(t) => t.starts_with("image/"),
                    None => has_picture_name(&e.url),
                })
                .map(|e| e.url.clone())
        };
        best.map(|(_, url)| url)
            .or_else(enclosed)
            .filter(|url| url.starts_with("http"))
    }

    /// `<image><url>…`, `<image>…</image>`, `<image href=…>`.
    fn image_in(&self, node: NodeId) -> Option<String> {
        let tree = self.tree;
        if let Some(url) = self.child(node, &[Space::Core], "url") {
            return self.absolute(url, &tree.text_of(url));
        }
        let named = ["href", "url", "resource"]
            .iter()
            .find_map(|name| tree.attribute(node, name));
        let text = named.map_or_else(|| tree.text_of(node), Into::into);
        self.absolute(node, &text)
            .filter(|url| url.starts_with("http"))
    }

    fn icon(&self, root: NodeId, channel: NodeId) -> Option<String> {
        let tree = self.tree;
        for name in ["icon", "logo"] {
            if let Some(found) = self.child(channel, &[Space::Core], name) {
                let text = tree.text_of(found);
                if let Some(url) = self
                    .absolute(found, &text)
                    .filter(|u| u.starts_with("http"))
                {
                    return Some(url);
                }
            }
        }
        let image = self
            .child(channel, &[Space::Core], "image")
            .or_else(|| self.child(root, &[Space::Core], "image"));
        image.and_then(|image| self.image_in(image)).or_else(|| {
            let image = self.child(channel, &[Space::Itunes], "image")?;
            self.absolute(image, &tree.attribute(image, "href")?)
        })
    }

    fn language(&self, channel: NodeId) -> Option<String> {
        let named = self.child(channel, &[Space::Core, Space::DublinCore], "language");
        let named = named
            .map(|id| self.tree.text_of(id).trim().to_owned())
            .filter(|l| !l.is_empty());
        named
            .or_else(|| {
                self.tree
                    .inherited(channel, "xml:lang")
                    .map(|l| l.trim().to_owned())
            })
            .filter(|l| !l.is_empty() && l.len() < 20)
    }

    /// Minutes between fetches that the publisher asks for.
    fn ttl(&self, channel: NodeId) -> Option<u32> {
        let number = |space, name| {
            let id = self.child(channel, &[space], name)?;
            self.tree.text_of(id).trim().parse::<u32>().ok()
        };
        if let Some(ttl) = number(Space::Core, "ttl").filter(|ttl| *ttl > 0) {
            return Some(ttl);
        }
        let period = self.child(channel, &[Space::Syndication], "updateperiod")?;
        let minutes: u32 = match self
            .tree
            .text_of(period)
            .trim()
            .to_ascii_lowercase()
            .as_str()
        {
            "hourly" => 60,
            "daily" => 24 * 60,
            "weekly" => 7 * 24 * 60,
            "monthly" => 30 * 24 * 60,
            "yearly" => 365 * 24 * 60,
            _ => return None,
        };
        Some(
            minutes
                / number(Space::Syndication, "updatefrequency")
                    .unwrap_or(1)
                    .max(1),
        )
    }

    fn entry_source(&self, id: NodeId) -> Option<EntrySource> {
        let source = self.child(id, &[Space::Core], "source")?;
        let tree = self.tree;
        let (title, url) = match self.child(source, &[Space::Core], "title") {
            Some(title) => (self.plain_text(title), self.entry_link(source)),
            None => (
                plain(&tree.text_of(source)),
                tree.attribute(source, "url")
                    .and_then(|u| self.absolute(source, &u)),
            ),
        };
        let title = Some(title).filter(|t| !t.is_empty());
        (title.is_some() || url.is_some()).then_some(EntrySource { title, url })
    }
}

/// An ASCII name in lower case; most are.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// Whether an address is certainly one of the web with nothing to resolve: the common case, told
/// without parsing it. Ports, addresses in numbers and anything unusual take the long way.
fn is_plainly_whole(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let last = host.rsplit('.').next().unwrap_or_default();
        let in_host =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
        host.contains('.')
            && !host.starts_with("xn--")
            && !host.contains(".xn--")
            && !host.contains("..")
            && !last.is_empty()
            && last.bytes().all(|b| b.is_ascii_lowercase())
            && host.bytes().all(in_host)
            && rest.bytes().all(|b| b.is_ascii_graphic())
    })
}

fn is_playable(tree: &Tree<'_>, id: NodeId) -> bool {
    let medium = tree.attribute(id, "medium");
    if medium
        .as_deref()
        .is_some_and(|m| matches!(m, "audio" | "video"))
    {
        return true;
    }
    tree.attribute(id, "type")
        .is_some_and(|t| t.starts_with("audio/") || t.starts_with("video/"))
}

fn has_picture_name(url: &str) -> bool {
    let path = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// "ani@e.org (Ani)" is Ani.
fn person(text: &str) -> String {
    match text.split_once(" (") {
        Some((address, name)) if address.contains('@') => {
            name.trim_end_matches(')').trim().to_owned()
        }
        _ => text.to_owned(),
    }
}

fn bounded(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most)
            .rev()
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// An id from what the entry says, for entries without GUID and link.
pub(crate) fn content_id(entry: &Entry) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [&entry.title, &entry.summary, &entry.content] {
        hasher.update(part.as_deref().unwrap_or_default().as_bytes());
        hasher.update(&[0]);
    }
    if let Some(published) = entry.published {
        hasher.update(&published.timestamp().to_be_bytes());
    }
    format!("content:{}", &hasher.finalize().to_hex()[..32])
}

/// Entries that share a GUID are told apart by their link, then by their content; what is the same
/// throughout stays one id and so one article.
pub(crate) fn make_unique(entries: &mut [Entry]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for entry in entries.iter() {
        *counts.entry(entry.id.clone()).or_default() += 1;
    }
    let mut seen = std::collections::HashSet::new();
    for entry in entries {
        if counts[&entry.id] > 1 && !seen.insert((entry.id.clone(), None)) {
            let differs = entry.link.clone().filter(|link| *link != entry.id);
            let tail = differs.unwrap_or_else(|| content_id(entry));
            entry.id = format!("{}#{tail}", entry.id);
            seen.insert((entry.id.clone(), Some(())));
        }
    }
}

/// Standard base64 (Atom 0.3's `mode="base64"`), as UTF-8 text.
fn base64(text: &str) -> Option<String> {
    let bytes: Vec<u8> = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace() && *b != b'=')
        .collect();
    String::from_utf8(STANDARD_NO_PAD.decode(bytes).ok()?).ok()
}
