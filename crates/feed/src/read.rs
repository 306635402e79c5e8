//! Reads RSS, RDF, Atom and CDF from the XML tree; sitemaps are read by `sitemap`.

use url::Url;

use crate::channel_rules::is_without_shorts;
use crate::children::Children;
use crate::entry_ids::{content_id, make_unique};
use crate::model::{ArchiveLinks, Entry, EntrySource, Feed, FeedKind, NotAFeed};
use crate::names::{Name, Space};
use crate::reader::Reader;
use crate::text::{plain, plain_of_text};
use crate::urls::{is_redirect, is_web};
use crate::xml::{NodeId, Tree};
use crate::{bounds, content, dates, google_news, media, sitemap, telegram};

/// Maximum length of the feed's authors that entries inherit, in bytes.
const MAX_INHERITED: usize = 300;
/// Number of nested elements searched for a feed.
const LOOKED_AT: usize = 2_000;

pub(crate) fn read(text: &str, url: Option<&str>) -> Result<Feed, NotAFeed> {
    let tree = Tree::parse(text);
    let sitemap = sitemap::roots(&tree);
    if !sitemap.is_empty() && !is_page(&tree, text) {
        return Ok(sitemap::read(&tree, &sitemap, text, url));
    }
    if let Some(read) = telegram::read(&tree, text, url) {
        return read;
    }
    let (kind, root) = root(&tree, text).ok_or_else(|| refusal(&tree, text))?;
    let mut reader = Reader {
        tree: &tree,
        url: url.and_then(|u| Url::parse(u).ok()),
        kind,
        feed_authors: Vec::new(),
    };
    reader.feed_authors = reader.inheritable_authors(root);
    Ok(reader.feed(root))
}

/// The root element of the feed: the first with a feed's name, after any garbage. In a web page,
/// whose own elements may have such names, only an element with the structure of a feed counts.
fn root(tree: &Tree<'_>, text: &str) -> Option<(FeedKind, NodeId)> {
    let in_page = is_page(tree, text);
    let kind_of = |id: NodeId| {
        let element = tree.element(id);
        let is_core = element.space() == Space::Core;
        let kind = match element.known() {
            Name::Rdf if is_core => FeedKind::Rdf,
            Name::Feed => FeedKind::Atom,
            Name::Channel
                if tree.children(id).any(|c| {
                    tree.element(c).known() == Name::Item && tree.attribute(c, "href").is_some()
                }) =>
            {
                FeedKind::Cdf
            }
            Name::Rss | Name::Channel => FeedKind::Rss,
            Name::Entry if is_core => FeedKind::Atom,
            Name::Item if is_core => FeedKind::Rss,
            _ => return None,
        };
        (!in_page || is_built_like_a_feed(tree, id)).then_some(kind)
    };
    let outer = tree.roots.iter().find_map(|id| Some((kind_of(*id)?, *id)));
    outer.or_else(|| {
        tree.roots.iter().find_map(|id| {
            tree.descendants(*id)
                .take(LOOKED_AT)
                .find_map(|id| Some((kind_of(id)?, id)))
        })
    })
}

/// Whether a document is a web page, by its doctype or by the first element that only web pages or
/// only feeds have.
fn is_page(tree: &Tree<'_>, text: &str) -> bool {
    let start = text.trim_start();
    let start = &start.as_bytes()[..start.len().min(300)];
    let doctype = start.to_ascii_lowercase();
    if memchr::memmem::find(&doctype, b"<!doctype html").is_some() {
        return true;
    }
    // A server may print messages before a feed, in HTML fragments.
    let says = tree
        .roots
        .iter()
        .find_map(|id| match tree.element(*id).known() {
            Name::Html | Name::Head | Name::Body => Some(true),
            Name::Rdf | Name::Feed | Name::Channel | Name::Rss => Some(false),
            _ => None,
        });
    says.unwrap_or_else(|| {
        let first = tree.roots.first();
        first.is_some_and(|id| {
            matches!(
                tree.element(*id).known(),
                Name::Paragraph | Name::Div | Name::A
            )
        })
    })
}

/// Whether an element has the structure of a feed, not only its name.
fn is_built_like_a_feed(tree: &Tree<'_>, id: NodeId) -> bool {
    let has = |id: NodeId, names: &[Name]| {
        tree.children(id).any(|child| {
            let element = tree.element(child);
            element.space() == Space::Core && names.contains(&element.known())
        })
    };
    let is_entry = |child: NodeId| {
        tree.element(child).is_entry()
            && has(child, &[Name::Title, Name::Description])
            && has(
                child,
                &[Name::Link, Name::Guid, Name::Id, Name::Description],
            )
    };
    let is_channel = |id: NodeId| has(id, &[Name::Title]) && tree.children(id).any(is_entry);
    match tree.element(id).known() {
        Name::Rss => tree.children(id).any(|child| {
            tree.element(child).known() == Name::Channel
                && (is_channel(child) || has(child, &[Name::Link]))
        }),
        Name::Channel => is_channel(id),
        Name::Feed => {
            let space = tree.attribute(id, "xmlns");
            space.is_some_and(|space| space.to_ascii_lowercase().contains("atom")) || is_channel(id)
        }
        Name::Rdf => true,
        _ => false,
    }
}

fn refusal(tree: &Tree<'_>, text: &str) -> NotAFeed {
    if is_page(tree, text) {
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
        None => NotAFeed::Unrecognised("it is neither XML nor JSON".into()),
    }
}

impl Reader<'_, '_> {
    fn feed(&self, root: NodeId) -> Feed {
        let tree = self.tree;
        // RSS has its metadata in a channel; RDF has items beside it; Atom has no channel.
        let outer = Children::of(tree, root);
        let channel = outer.first(&[Space::Core], Name::Channel).unwrap_or(root);
        // At any depth: a missing end tag nests the items that follow.
        let mut items: Vec<NodeId> = std::iter::once(root)
            .chain(tree.descendants(root))
            .filter(|id| tree.element(*id).is_entry())
            .collect();
        let mut problems = tree.problem_texts();
        if items.len() > bounds::ENTRIES {
            let too_many = items.len() - bounds::ENTRIES;
            problems.push(format!("{too_many} entries are left out"));
            let dated = |id: &NodeId| self.published(&Children::of(tree, *id));
            let oldest_first = items.iter().find_map(dated) < items.iter().rev().find_map(dated);
            items.drain(if oldest_first {
                0..too_many
            } else {
                bounds::ENTRIES..items.len()
            });
        }
        let facts = Children::of(tree, channel);
        let mut children = Children::default();
        let mut entries: Vec<Entry> = items
            .iter()
            .map(|id| {
                children.read(tree, *id);
                self.entry(*id, &children)
            })
            .collect();
        make_unique(&mut entries);
        let mut feed = Feed {
            kind: self.kind,
            title: self
                .plain_child(&facts, Name::Title)
                .filter(|t| !t.is_empty()),
            link: self.link(channel, &facts).filter(|link| is_web(link)),
            description: [
                Name::Description,
                Name::Subtitle,
                Name::Tagline,
                Name::Abstract,
            ]
            .iter()
            .find_map(|name| self.plain_child(&facts, *name))
            .filter(|d| !d.is_empty()),
            language: self.language(channel, &facts, &[Space::Core, Space::DublinCore]),
            updated: self.first_date(
                &facts,
                &[
                    Name::Updated,
                    Name::Modified,
                    Name::LastBuildDate,
                    Name::PubDate,
                    Name::Date,
                ],
            ),
            icon: self.icon(&outer, &facts),
            self_url: self.link_with(&facts, "self"),
            schedule: self.schedule(&facts),
            entries,
            parts: Vec::new(),
            archive: self.archive(&facts),
            problems,
        };
        // The list of a channel's videos without Shorts is called "Videos" on all channels.
        if self
            .url
            .as_ref()
            .is_some_and(|url| is_without_shorts(url.as_str()))
            && let Some(channel) = self.feed_authors.first()
        {
            feed.title = Some(match &feed.title {
                Some(title) if !title.contains(channel.as_str()) => format!("{channel} – {title}"),
                Some(title) => title.clone(),
                None => channel.clone(),
            });
        }
        bounds::feed(&mut feed);
        feed
    }

    /// Where the older entries are (RFC 5005).
    fn archive(&self, facts: &Children) -> ArchiveLinks {
        let web = |rel| self.link_with(facts, rel).filter(|link| is_web(link));
        ArchiveLinks {
            prev_archive: web("prev-archive"),
            next: web("next"),
            is_complete: facts.first(&[Space::History], Name::Complete).is_some(),
            generator: self.plain_child(facts, Name::Generator),
        }
    }

    fn published(&self, children: &Children) -> Option<chrono::DateTime<chrono::Utc>> {
        let names = [
            Name::PubDate,
            Name::Published,
            Name::Issued,
            Name::Created,
            Name::Date,
        ];
        self.first_date(children, &names)
    }

    fn entry(&self, id: NodeId, children: &Children) -> Entry {
        let tree = self.tree;
        let guid = [Name::Guid, Name::Id, Name::Identifier]
            .iter()
            .find_map(|name| {
                let found = children.first(&[Space::Core, Space::DublinCore], *name)?;
                Some(tree.text_of(found).trim().to_owned()).filter(|t| !t.is_empty())
            });
        let permanent = match children.first(&[Space::Core], Name::Guid) {
            Some(guid) => tree
                .attribute(guid, "ispermalink")
                .is_none_or(|v| !v.eq_ignore_ascii_case("false")),
            None => self.kind == FeedKind::Atom,
        };
        let mut link = self.link(id, children);
        let link_is_id = link.is_none() && permanent && guid.is_some();
        if link_is_id {
            link = guid.as_deref().and_then(|g| self.absolute(id, g));
        }
        let content::EntryTexts {
            summary,
            content,
            base,
        } = self.content(children);
        let enclosures = self.enclosures(children);
        let image = self.image(children, &enclosures);
        let content = self
            .captioned(
                children,
                image.as_deref(),
                content.as_deref().or(summary.as_deref()),
            )
            .or(content);
        // The link of a podcast episode without a page is its audio file, not its picture.
        let link = link.or_else(|| Some(media::main_file(&enclosures)?.url.clone()));
        let original_link = self
            .original_link(children)
            .or_else(|| google_news::publisher_address(link.as_deref()?));
        let updated = self
            .first_date(children, &[Name::Updated, Name::Modified])
            .or_else(|| {
                let cdf = self.kind == FeedKind::Cdf || tree.element(id).raw_name == "ITEM";
                cdf.then(|| dates::parse(&tree.attribute(id, "lastmod")?))
                    .flatten()
            });
        let mut entry = Entry {
            id: String::new(),
            title: self.entry_title(children).filter(|t| !t.is_empty()),
            link_is_redirect: original_link.is_none() && link.as_deref().is_some_and(is_redirect),
            original_link,
            comments: children
                .first(&[Space::Core], Name::Comments)
                .and_then(|found| self.absolute(found, &tree.text_of(found))),
            published: self.published(children),
            updated,
            authors: self.entry_authors(children),
            summary,
            content,
            categories: self.categories(children),
            image,
            chapters: self.chapters(children),
            enclosures,
            language: self.language(id, children, &[Space::DublinCore, Space::Core]),
            source: self.entry_source(children),
            base,
            link,
            link_is_id,
        };
        entry.id = guid
            .or_else(|| entry.link.clone())
            .unwrap_or_else(|| content_id(&entry));
        bounds::entry(&mut entry);
        entry
    }

    fn entry_title(&self, children: &Children) -> Option<String> {
        self.plain_child(children, Name::Title).or_else(|| {
            let media = children.iter().filter(|child| {
                child.space == Space::Media && matches!(child.name, Name::Group | Name::Content)
            });
            media
                .map(|child| child.id)
                .find_map(|id| Some(self.plain_text(self.media_text(id, Name::Title)?)))
        })
    }

    fn language(&self, id: NodeId, children: &Children, spaces: &[Space]) -> Option<String> {
        let named = children.first(spaces, Name::Language).map(|found| {
            let text = self.tree.text_of(found);
            text.trim().to_owned()
        });
        named
            .filter(|l| !l.is_empty())
            .or_else(|| {
                let inherited = self.tree.inherited(id, "xml:lang")?;
                Some(inherited.trim().to_owned())
            })
            .filter(|l| !l.is_empty() && l.len() < 20)
    }

    // ---- addresses ----

    /// The `link` element with this relation, in Atom or inside RSS.
    fn link_with(&self, children: &Children, rel: &str) -> Option<String> {
        children
            .named(&[Space::Core], Name::Link)
            .find(|link| {
                let named = self.tree.attribute(*link, "rel");
                named.is_some_and(|r| r.eq_ignore_ascii_case(rel))
            })
            .and_then(|link| self.absolute(link, &self.tree.attribute(link, "href")?))
    }

    /// The link as text, or Atom's alternate link; HTML before other types. The last of several
    /// wins, as in other readers: the first is often the feed itself.
    fn link(&self, id: NodeId, children: &Children) -> Option<String> {
        let tree = self.tree;
        let is_alternate = |link: &NodeId| {
            tree.attribute(*link, "rel").is_none_or(|rel| {
                let rel = rel.trim();
                let kind = rel.rsplit('/').next().unwrap_or_default();
                rel.is_empty() || kind.eq_ignore_ascii_case("alternate")
            })
        };
        let address = |link: NodeId| {
            let href = tree.attribute(link, "href");
            self.absolute(link, &href.unwrap_or_else(|| tree.text_of(link)))
        };
        let alternates = || {
            children
                .named(&[Space::Core], Name::Link)
                .filter(is_alternate)
        };
        let html = alternates().rev().filter(|link| {
            let media_type = tree.attribute(*link, "type");
            media_type.is_none_or(|t| t.contains("html"))
        });
        let found = html.into_iter().find_map(address);
        found
            .or_else(|| alternates().find_map(address))
            .or_else(|| {
                let named = match self.kind {
                    FeedKind::Cdf => tree.attribute(id, "href"),
                    _ => tree
                        .attribute(id, "rdf:about")
                        .or_else(|| tree.attribute(id, "about")),
                };
                self.absolute(id, &named?).filter(|link| is_web(link))
            })
    }

    /// The page behind a FeedBurner redirect.
    fn original_link(&self, children: &Children) -> Option<String> {
        let found = children.first(&[Space::FeedBurner], Name::OrigLink)?;
        self.absolute(found, &self.tree.text_of(found))
            .filter(|link| is_web(link))
    }

    // ---- people and tags ----

    fn authors(&self, children: &Children) -> Vec<String> {
        let tree = self.tree;
        let mut authors: Vec<String> = Vec::new();
        if !children.any(&[Name::Author, Name::Creator]) {
            return authors;
        }
        for child in children.iter() {
            let fits = matches!(
                (child.space, child.name),
                (Space::Core | Space::Itunes, Name::Author)
                    | (Space::DublinCore, Name::Creator | Name::Author)
            );
            if !fits || authors.len() >= bounds::LIST {
                continue;
            }
            let named = self
                .child(child.id, Space::Core, Name::Named)
                .or_else(|| self.child(child.id, Space::Core, Name::Email));
            let named = bounds::beginning(tree.text_of(named.unwrap_or(child.id)));
            let text = person(plain(&named));
            if !text.is_empty() && !authors.contains(&text) {
                authors.push(text);
            }
        }
        authors
    }

    /// The feed's authors as inherited by its entries: bounded, since every entry repeats them.
    fn inheritable_authors(&self, root: NodeId) -> Vec<String> {
        let mut length = 0;
        let authors = self.authors(&Children::of(self.tree, root)).into_iter();
        authors
            .take_while(|author| {
                length += author.len();
                length <= MAX_INHERITED
            })
            .collect()
    }

    /// An entry's authors; in Atom, an entry without any inherits those of its source or the feed
    /// (RFC 4287, section 4.2.1).
    fn entry_authors(&self, children: &Children) -> Vec<String> {
        let own = self.authors(children);
        if !own.is_empty() || self.kind != FeedKind::Atom {
            return own;
        }
        let source = children.first(&[Space::Core], Name::Source);
        let of_source = source
            .map(|source| self.authors(&Children::of(self.tree, source)))
            .unwrap_or_default();
        if of_source.is_empty() {
            self.feed_authors.clone()
        } else {
            of_source
        }
    }

    fn categories(&self, children: &Children) -> Vec<String> {
        let tree = self.tree;
        let mut categories: Vec<String> = Vec::new();
        if !children.any(&[Name::Category, Name::Subject]) {
            return categories;
        }
        for child in children.iter() {
            let fits = matches!(
                (child.space, child.name),
                (Space::Core | Space::Media, Name::Category) | (Space::DublinCore, Name::Subject)
            );
            if !fits || categories.len() >= bounds::LIST {
                continue;
            }
            let named = tree
                .attribute(child.id, "label")
                .or_else(|| tree.attribute(child.id, "term"));
            // Attributes are plain text; element content may be HTML.
            let text = match named {
                Some(named) => plain_of_text(&bounds::beginning(named)),
                None => plain(&bounds::beginning(tree.text_of(child.id))),
            };
            if !text.is_empty() && !categories.contains(&text) {
                categories.push(text);
            }
        }
        categories
    }

    fn entry_source(&self, children: &Children) -> Option<EntrySource> {
        let source = children.first(&[Space::Core], Name::Source)?;
        let tree = self.tree;
        let (title, url) = match self.child(source, Space::Core, Name::Title) {
            Some(title) => {
                let inner = Children::of(tree, source);
                (self.plain_text(title), self.link(source, &inner))
            }
            None => (
                plain(&bounds::beginning(tree.text_of(source))),
                tree.attribute(source, "url")
                    .and_then(|u| self.absolute(source, &u)),
            ),
        };
        let title = Some(title).filter(|t| !t.is_empty());
        (title.is_some() || url.is_some()).then_some(EntrySource { title, url })
    }
}

/// The name in "ani@e.org (Ani)" and "Ani <ani@e.org>".
fn person(text: String) -> String {
    if let Some((name, address)) = text.split_once(" <")
        && address.ends_with('>')
        && address.contains('@')
    {
        return name.trim().to_owned();
    }
    match text.split_once(" (") {
        Some((address, name)) if address.contains('@') => {
            name.trim_end_matches(')').trim().to_owned()
        }
        _ => text,
    }
}
