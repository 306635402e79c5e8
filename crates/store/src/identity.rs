//! Which stored article an entry is. A GUID decides if something else agrees with it; if GUIDs are
//! useless, shared, swapped or new at every fetch, link, title, date and text decide.
//!
//! Two errors are possible, and they are not equally bad: an article shown twice is a nuisance, one
//! that overwrites or hides another is a loss. If in doubt, an entry is a new article.
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::hash::guid_hash;
use crate::keys::unsound_key;
use crate::model::{Feed, FeedId, NewArticle};
use crate::publishers::Link;
use crate::records::{StoredArticle, StoredRow};
use crate::store::Core;

/// Number of newest stored articles with one link that are compared with an entry.
const CANDIDATES: usize = 16;

/// Number of newest articles of an older format whose fingerprints are computed on demand.
const FILLED: usize = 500;

/// Maximum number of articles compared by title and date if no GUID of a document is known.
const COMPARED: usize = 400;

/// Minimum number of entries recognised without their GUIDs before a feed's GUIDs are considered
/// useless.
const PROOF: usize = 2;

/// What an article is recognised by, besides its GUID.
#[derive(Debug, Clone, Default)]
pub(crate) struct Traits {
    link: Link,
    /// The link names the page, so it is not a redirect and not a site's front page.
    has_page: bool,
    title: String,
    published: Option<i64>,
    excerpt: String,
    picture: String,
    source: Option<String>,
    /// Nothing of its text is known (it was restored from a snapshot), so that cannot be compared.
    is_stub: bool,
}

impl Traits {
    pub(crate) fn of(article: &NewArticle) -> Self {
        Self::new(
            article.url.as_deref(),
            article.link_is_redirect,
            &article.title,
            article.published,
            &article.excerpt,
            article.lead_picture.as_deref(),
            article.source.as_deref(),
        )
    }

    pub(crate) fn of_row(row: &StoredRow) -> Self {
        Self::new(
            row.url.as_deref(),
            row.link_is_redirect,
            &row.title,
            row.published,
            &row.excerpt,
            row.lead_picture.as_deref(),
            row.source.as_deref(),
        )
    }

    fn of_stored(stored: &StoredArticle) -> Self {
        Self {
            is_stub: stored.row.excerpt.is_empty() && stored.row.lead_picture.is_none(),
            ..Self::of_row(&stored.row)
        }
    }

    fn new(
        url: Option<&str>,
        is_redirect: bool,
        title: &str,
        published: Option<i64>,
        excerpt: &str,
        picture: Option<&str>,
        source: Option<&str>,
    ) -> Self {
        let link = url.map(Link::read).unwrap_or_default();
        let picture = picture.map(Link::read).unwrap_or_default().text;
        Self {
            has_page: link.is_specific && !is_redirect,
            link,
            title: folded(title),
            published,
            excerpt: excerpt.to_owned(),
            // The size is often a parameter.
            picture: picture.split('?').next().unwrap_or_default().to_owned(),
            source: source.map(folded),
            is_stub: false,
        }
    }

    /// Fingerprint shared by articles that may be the same: of the page, else the title. Zero for
    /// none.
    pub(crate) fn print(&self) -> u64 {
        if self.has_page {
            guid_hash(&format!("link:{}", self.link.text))
        } else if self.title.is_empty() {
            0
        } else {
            guid_hash(&format!("title:{}", self.title))
        }
    }

    /// Fingerprint of everything that stays the same if only the GUID changes.
    pub(crate) fn strong_print(&self) -> u64 {
        let title = &self.title;
        let date = self.published.map_or_else(String::new, |at| at.to_string());
        guid_hash(&if self.has_page && self.published.is_some() {
            format!("same:{}\n{title}\n{date}", self.link.text)
        } else {
            let page = self.page().unwrap_or_default();
            let (text, picture) = (&self.excerpt, &self.picture);
            format!("same:{page}\n{title}\n{date}\n{text}\n{picture}")
        })
    }

    /// The page that the link names.
    pub(crate) fn page(&self) -> Option<&str> {
        self.has_page.then_some(self.link.text.as_str())
    }

    fn has_text(&self) -> bool {
        !(self.excerpt.is_empty() && self.picture.is_empty())
    }

    fn has_same_text(&self, other: &Self) -> bool {
        (self.excerpt == other.excerpt && self.picture == other.picture)
            || ((self.is_stub || other.is_stub) && self.is_dated_like(other))
    }

    fn is_dated_like(&self, other: &Self) -> bool {
        self.published.is_some() && self.published == other.published
    }

    fn are_both_dated(&self, other: &Self) -> bool {
        self.published.is_some() && other.published.is_some()
    }

    /// Both link the same front page.
    fn is_on_front_of(&self, other: &Self) -> bool {
        !self.has_page && !other.has_page && self.link == other.link
    }

    fn is_named_like(&self, other: &Self) -> bool {
        let links = if self.has_page || other.has_page {
            self.has_page && other.has_page && self.link == other.link
        } else {
            true
        };
        links && self.title == other.title && self.source == other.source
    }

    /// Whether entries of two feeds of one publisher are the same article: they link to one page,
    /// and GUID or title and date agree, since a page may show another article every day.
    pub(crate) fn is_same_page(&self, guid: &str, other: &Self, other_guid: &str) -> bool {
        let dates = self.is_dated_like(other)
            || !self.are_both_dated(other)
            || (self.has_text() && self.has_same_text(other));
        self.has_page
            && other.has_page
            && self.link == other.link
            && (guid == other_guid || (self.title == other.title && dates))
    }
}

/// The evidence that an entry is a stored article with another GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    /// Link and title.
    Weak,
    /// Link, title and text, but not the date.
    Medium,
    /// Link, title, and the date or, where there is none, the text.
    Strong,
}

/// `is_shared`: several entries have this link and title, so the two together name no article.
/// `is_unnamed`: the entry has neither GUID nor link, so its GUID was derived from its text.
fn likeness(entry: &Traits, stored: &Traits, is_shared: bool, is_unnamed: bool) -> Likeness {
    if !entry.is_named_like(stored) {
        return Likeness::None;
    }
    let dated = entry.are_both_dated(stored);
    let same_date = entry.is_dated_like(stored);
    let same_text = entry.has_same_text(stored);
    if is_shared || !entry.has_page {
        if is_unnamed && !is_shared && same_date && !entry.title.is_empty() {
            return Likeness::Strong;
        }
        let says_enough =
            entry.has_page || (!entry.title.is_empty() && (same_date || entry.has_text()));
        return if says_enough && same_text && (same_date || !dated) {
            Likeness::Strong
        } else {
            Likeness::None
        };
    }
    if same_date || (!dated && same_text) {
        Likeness::Strong
    } else if same_text && entry.has_text() {
        Likeness::Medium
    } else {
        Likeness::Weak
    }
}

/// Whether a GUID looks unique.
fn looks_unique(guid: &str) -> bool {
    if guid.bytes().all(|b| matches!(b, b'0' | b'-' | b':')) {
        return false;
    }
    let digits = guid.bytes().filter(u8::is_ascii_digit).count();
    if guid.contains("://") {
        let link = Link::read(guid);
        return link.is_specific && (digits >= 3 || link.text.len() >= 40);
    }
    digits >= 4 || guid.len() >= 24
}

/// How far a GUID can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guid {
    /// Several entries had it, or it is a link that several articles have.
    Unsound,
    /// Short or plain: it may be a position in the list or meaningless.
    Plain,
    Sound,
}

/// Whether the stored article with an entry's GUID is that entry.
fn vouches(guid: Guid, is_its_link: bool, entry: &Traits, stored: &Traits) -> bool {
    let both_pages = entry.has_page && stored.has_page;
    if both_pages && entry.link == stored.link && !(is_its_link && guid == Guid::Unsound) {
        return true;
    }
    let same_text = (entry.has_text() || stored.is_stub) && entry.has_same_text(stored);
    let same_title = !entry.title.is_empty() && entry.title == stored.title;
    if guid == Guid::Sound {
        return same_title || (same_text && !both_pages);
    }
    same_title && !both_pages && (entry.is_dated_like(stored) || same_text)
}

/// Weaker than [`vouches`], for an article that matches no other entry.
fn may_vouch(guid: Guid, guids_work: bool, entry: &Traits, stored: &Traits) -> bool {
    if guid == Guid::Unsound || (guid == Guid::Plain && !guids_work) {
        return entry.title.is_empty() && !entry.has_page && !entry.has_text();
    }
    let is_silent = entry.title.is_empty() && !entry.has_page && !entry.has_text();
    entry.is_dated_like(stored)
        || (entry.has_text() && entry.has_same_text(stored))
        || (!entry.title.is_empty() && entry.title == stored.title)
        || entry.is_on_front_of(stored)
        || is_silent
}

fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    for word in lower.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// The GUID with http and https exchanged.
fn other_scheme(guid: &str) -> Option<String> {
    let secure = guid.strip_prefix("http://");
    secure
        .map(|rest| format!("https://{rest}"))
        .or_else(|| Some(format!("http://{}", guid.strip_prefix("https://")?)))
}

/// The recognised entries of a document.
pub(crate) struct Recognised {
    /// The article of each entry; `None` for a new one.
    pub(crate) known: Vec<Option<(u64, StoredArticle)>>,
    pub(crate) traits: Vec<Traits>,
    pub(crate) prints: Vec<u64>,
    /// The GUIDs as given.
    pub(crate) given: Vec<String>,
    /// Hashes of GUIDs found to name several articles.
    pub(crate) unsound: Vec<u64>,
}

/// The articles of one feed while the entries of a document are compared with them.
struct Comparison<'a> {
    core: &'a Core,
    feed: &'a Feed,
    rows: HashMap<u64, StoredArticle>,
    /// Articles already matched to an entry.
    claimed: HashSet<u64>,
    known: Vec<Option<u64>>,
}

impl Comparison<'_> {
    fn row(&mut self, id: u64) -> Result<Option<&StoredArticle>> {
        Ok(match self.rows.entry(id) {
            Entry::Occupied(known) => Some(&*known.into_mut()),
            Entry::Vacant(place) => match self.core.stored(id)? {
                Some(stored) => Some(&*place.insert(stored)),
                None => None,
            },
        })
    }

    fn traits(&mut self, id: u64) -> Result<Option<Traits>> {
        Ok(self.row(id)?.map(Traits::of_stored))
    }

    fn claim(&mut self, at: usize, id: u64) {
        self.claimed.insert(id);
        self.known[at] = Some(id);
    }

    fn unknown(&self) -> Vec<usize> {
        (0..self.known.len())
            .filter(|at| self.known[*at].is_none())
            .collect()
    }

    /// The article with one of these ids and this GUID.
    fn with_guid(&mut self, ids: Option<&Vec<u64>>, guid: &str) -> Result<Option<u64>> {
        let feed = self.feed.id;
        for id in ids.into_iter().flatten() {
            let other = other_scheme(guid);
            if let Some(stored) = self.row(*id)? {
                let has_it = stored.row.guid == guid || Some(&stored.row.guid) == other.as_ref();
                // An article of another feed has another GUID there.
                if has_it || stored.row.feed != feed {
                    return Ok(Some(*id));
                }
            }
        }
        Ok(None)
    }
}

/// The entries of a document and their traits.
struct Document {
    traits: Vec<Traits>,
    prints: Vec<u64>,
    given: Vec<String>,
    urls: Vec<Option<String>>,
    /// Another entry or another stored article has its link.
    shares_link: Vec<bool>,
    /// Another entry has its link and title.
    is_shared: Vec<bool>,
    /// It has neither GUID nor link.
    is_unnamed: Vec<bool>,
    /// GUIDs that several entries have, which the parser names `guid#link` or `guid#content:…`.
    given_twice: HashSet<String>,
}

impl Document {
    fn of(articles: &[NewArticle]) -> Self {
        let traits: Vec<Traits> = articles.iter().map(Traits::of).collect();
        let guids = articles.iter().map(|article| article.guid.as_str());
        let given_twice = articles
            .iter()
            .filter_map(|article| {
                let guid = article.guid.as_str();
                let by_content = guid.split_once("#content:");
                let by_link = || {
                    guid.strip_suffix(article.url.as_deref()?)?
                        .strip_suffix('#')
                };
                by_content.map(|(base, _)| base).or_else(by_link)
            })
            .map(str::to_owned)
            .collect();
        Self {
            prints: traits.iter().map(Traits::print).collect(),
            given: guids.clone().map(str::to_owned).collect(),
            urls: articles.iter().map(|article| article.url.clone()).collect(),
            shares_link: vec![false; articles.len()],
            is_shared: vec![false; articles.len()],
            is_unnamed: guids.map(|guid| guid.starts_with("content:")).collect(),
            given_twice,
            traits,
        }
    }

    /// Counts links and titles shared among entries and with stored articles.
    fn count(&mut self, by_print: &HashMap<u64, Vec<u64>>) {
        let mut pages: HashMap<&str, usize> = HashMap::new();
        let mut named: HashMap<(&str, &str), usize> = HashMap::new();
        for one in &self.traits {
            let page = one.page().unwrap_or_default();
            *pages.entry(page).or_default() += 1;
            *named.entry((page, one.title.as_str())).or_default() += 1;
        }
        for (at, one) in self.traits.iter().enumerate() {
            let page = one.page().unwrap_or_default();
            let stored = by_print.get(&self.prints[at]).map_or(0, Vec::len);
            self.shares_link[at] = pages[page] > 1 || stored > 1;
            self.is_shared[at] = named[&(page, one.title.as_str())] > 1;
        }
    }

    fn is_its_link(&self, at: usize) -> bool {
        self.urls[at].as_ref() == Some(&self.given[at])
    }

    fn worth(&self, at: usize, core: &Core, feed: FeedId) -> Result<Guid> {
        let guid = &self.given[at];
        if self.given_twice.contains(guid)
            || (self.is_its_link(at) && self.shares_link[at])
            || is_unsound(core, feed, guid)?
        {
            Ok(Guid::Unsound)
        } else if looks_unique(guid) {
            Ok(Guid::Sound)
        } else {
            Ok(Guid::Plain)
        }
    }
}

/// Candidate articles by the entries' hashes, oldest first.
#[derive(Default)]
struct Candidates {
    by_guid: HashMap<u64, Vec<u64>>,
    by_print: HashMap<u64, Vec<u64>>,
    /// Articles of an older format without fingerprints.
    unprinted: Vec<u64>,
    /// The feed has no article.
    is_empty: bool,
}

/// Finds the stored article that each entry is, and gives new ones a GUID of their own.
pub(crate) fn recognise(
    core: &Core,
    feed: &Feed,
    articles: &mut [NewArticle],
) -> Result<Recognised> {
    let mut document = Document::of(articles);
    let mut candidates = candidates(core, feed.id, &document);
    let mut comparison = Comparison {
        core,
        feed,
        rows: HashMap::new(),
        claimed: HashSet::new(),
        known: vec![None; articles.len()],
    };
    let mut unsound = Vec::new();
    if !candidates.is_empty {
        document.count(&candidates.by_print);
        let given = document.given.iter();
        let twice = given.filter(|guid| document.given_twice.contains(*guid));
        unsound.extend(twice.map(|guid| guid_hash(guid)));
        let named = by_guid(&mut comparison, &document, articles, &candidates)?;
        let no_guid_is_known = comparison.claimed.is_empty();
        let guids_work = comparison.claimed.len() > 1;
        // If all GUIDs are plain words and known, they name lasting things, such as the places of a
        // weather report, not articles.
        let is_word = |guid: &String| !guid.bytes().any(|byte| byte.is_ascii_digit());
        let are_names = named.len() > 1
            && named.iter().all(Option::is_some)
            && document.given.iter().all(is_word);
        if !comparison.unknown().is_empty() {
            fill_prints(core, feed, &mut candidates, &mut comparison)?;
            by_likeness(
                &mut comparison,
                &document,
                &candidates.by_print,
                no_guid_is_known,
            )?;
            if no_guid_is_known {
                by_title_and_date(&mut comparison, &document.traits)?;
            }
        }
        // By GUID alone, where no other entry is that article.
        for at in comparison.unknown() {
            let Some(id) = named[at].filter(|id| !comparison.claimed.contains(id)) else {
                continue;
            };
            let worth = document.worth(at, core, feed.id)?;
            let stored = comparison.traits(id)?;
            let entry = &document.traits[at];
            let is_it = |stored: Traits| {
                may_vouch(worth, guids_work, entry, &stored)
                    || (are_names && worth != Guid::Unsound && entry.is_on_front_of(&stored))
            };
            if stored.is_some_and(is_it) {
                comparison.claim(at, id);
            }
        }
        name_apart(
            &mut comparison,
            articles,
            &document.traits,
            &named,
            &mut unsound,
        )?;
    }
    let Comparison {
        mut rows, known, ..
    } = comparison;
    let known = known
        .into_iter()
        .map(|id| Some((id?, rows.remove(&id?)?)))
        .collect();
    Ok(Recognised {
        known,
        traits: document.traits,
        prints: document.prints,
        given: document.given,
        unsound,
    })
}

fn candidates(core: &Core, feed: FeedId, document: &Document) -> Candidates {
    let mut found = Candidates::default();
    for (guid, print) in document.given.iter().zip(&document.prints) {
        found.by_guid.insert(guid_hash(guid), Vec::new());
        let other = other_scheme(guid).map(|other| (guid_hash(&other), Vec::new()));
        found.by_guid.extend(other);
        found.by_print.insert(*print, Vec::new());
    }
    found.by_print.remove(&0);
    let state = core.state();
    let entries = state.feeds.get(&feed).map(|known| &known.entries);
    found.is_empty = entries.is_none_or(Vec::is_empty);
    for entry in entries.into_iter().flatten() {
        if let Some(ids) = found.by_guid.get_mut(&entry.guid) {
            ids.push(entry.id);
        }
        if entry.print == 0 {
            found.unprinted.push(entry.id);
        } else if let Some(ids) = found.by_print.get_mut(&entry.print) {
            ids.push(entry.id);
        }
    }
    found
}

/// Whether a GUID of the feed was found to name several articles.
fn is_unsound(core: &Core, feed: FeedId, guid: &str) -> Result<bool> {
    let known = core.trees().meta.get(unsound_key(feed, guid_hash(guid)))?;
    Ok(known.is_some())
}

/// Whether a GUID can be trusted to name one article whatever else it says.
pub(crate) fn is_sound(core: &Core, feed: FeedId, guid: &str) -> Result<bool> {
    Ok(looks_unique(guid) && !is_unsound(core, feed, guid)?)
}

/// Computes the fingerprints of the newest articles of an older format.
fn fill_prints(
    core: &Core,
    feed: &Feed,
    candidates: &mut Candidates,
    comparison: &mut Comparison<'_>,
) -> Result<()> {
    let mut filled: HashMap<u64, u64> = HashMap::new();
    // The lists are oldest first.
    for id in candidates.unprinted.iter().rev().take(FILLED) {
        let Some(print) = comparison.traits(*id)?.map(|traits| traits.print()) else {
            continue;
        };
        filled.insert(*id, print);
        let ids = candidates.by_print.get_mut(&print);
        if let Some(ids) = ids.filter(|_| print != 0) {
            ids.insert(0, *id);
        }
    }
    if !filled.is_empty()
        && let Some(known) = core.state_mut().feeds.get_mut(&feed.id)
    {
        for entry in &mut known.entries {
            if let Some(print) = filled.get(&entry.id) {
                entry.print = *print;
            }
        }
    }
    Ok(())
}

/// Matches entries by GUID if anything else agrees. Returns for each entry the article with its
/// GUID, matched or not.
fn by_guid(
    comparison: &mut Comparison<'_>,
    document: &Document,
    articles: &[NewArticle],
    candidates: &Candidates,
) -> Result<Vec<Option<u64>>> {
    let mut named = vec![None; articles.len()];
    for (at, article) in articles.iter().enumerate() {
        let guid = &article.guid;
        let ids = candidates.by_guid.get(&guid_hash(guid));
        let mut found = comparison.with_guid(ids, guid)?;
        if found.is_none()
            && let Some(other) = other_scheme(guid)
        {
            let ids = candidates.by_guid.get(&guid_hash(&other));
            found = comparison.with_guid(ids, guid)?;
        }
        named[at] = found;
        let Some((id, stored)) = found.and_then(|id| Some((id, comparison.rows.get(&id)?))) else {
            continue;
        };
        let entry = &document.traits[at];
        let is_its_link = document.is_its_link(at);
        let is_plainly_it = entry.has_page
            && stored.row.title == article.title
            && stored.row.url == article.url
            && !(is_its_link && document.shares_link[at]);
        let (core, feed) = (comparison.core, comparison.feed.id);
        if is_plainly_it
            || vouches(
                document.worth(at, core, feed)?,
                is_its_link,
                entry,
                &Traits::of_stored(stored),
            )
        {
            comparison.claim(at, id);
        }
    }
    Ok(named)
}

/// Matches entries by link and title with articles that no other entry matches.
fn by_likeness(
    comparison: &mut Comparison<'_>,
    document: &Document,
    by_print: &HashMap<u64, Vec<u64>>,
    no_guid_is_known: bool,
) -> Result<()> {
    let Document {
        traits,
        prints,
        is_shared,
        is_unnamed,
        ..
    } = document;
    let mut maybe: Vec<(usize, u64)> = Vec::new();
    let mut proof: HashSet<u64> = HashSet::new();
    for at in comparison.unknown() {
        let entry = &traits[at];
        let mut alike = Vec::new();
        for id in by_print
            .get(&prints[at])
            .into_iter()
            .flatten()
            .rev()
            .take(CANDIDATES)
        {
            if let Some(stored) = comparison.traits(*id)?
                && entry.is_named_like(&stored)
            {
                alike.push((*id, stored));
            }
        }
        let shared = is_shared[at] || alike.len() > 1;
        alike.retain(|(id, _)| !comparison.claimed.contains(id));
        let best = alike
            .iter()
            .map(|(id, stored)| (likeness(entry, stored, shared, is_unnamed[at]), *id))
            .max();
        match best {
            Some((Likeness::Strong, id)) => {
                comparison.claim(at, id);
                proof.extend(entry.has_page.then_some(prints[at]));
            }
            Some((alike @ (Likeness::Medium | Likeness::Weak), id)) => {
                maybe.push((at, id));
                if alike == Likeness::Medium {
                    proof.insert(prints[at]);
                }
            }
            _ => {}
        }
    }
    if no_guid_is_known && proof.len() >= PROOF {
        for (at, id) in maybe {
            if !comparison.claimed.contains(&id) {
                comparison.claim(at, id);
            }
        }
    }
    Ok(())
}

/// A document in which neither GUIDs nor links are known: entries with the same title and date as a
/// stored article, whose links differ only in host or parameters, or whose texts agree.
fn by_title_and_date(comparison: &mut Comparison<'_>, traits: &[Traits]) -> Result<()> {
    let unknown = comparison.unknown();
    if unknown.is_empty() {
        return Ok(());
    }
    let newest: Vec<u64> = {
        let state = comparison.core.state();
        let known = state.feeds.get(&comparison.feed.id);
        let entries = known
            .into_iter()
            .flat_map(|known| known.entries.iter().rev());
        let ids = entries.map(|entry| entry.id);
        ids.take(COMPARED.min(2 * traits.len() + 20)).collect()
    };
    let mut stored: HashMap<(String, i64), Vec<(u64, Traits)>> = HashMap::new();
    for id in newest {
        if comparison.claimed.contains(&id) {
            continue;
        }
        if let Some(one) = comparison.traits(id)?
            && let Some(at) = one.published.filter(|_| !one.title.is_empty())
        {
            stored
                .entry((one.title.clone(), at))
                .or_default()
                .push((id, one));
        }
    }
    let mut entries: HashMap<(&str, i64), usize> = HashMap::new();
    for one in traits {
        if let Some(at) = one.published {
            *entries.entry((one.title.as_str(), at)).or_default() += 1;
        }
    }
    for at in unknown {
        let one = &traits[at];
        let Some(published) = one
            .published
            .filter(|date| entries[&(one.title.as_str(), *date)] == 1)
        else {
            continue;
        };
        if let Some([(id, other)]) = stored
            .get(&(one.title.clone(), published))
            .map(Vec::as_slice)
            && one.source == other.source
            && ((one.has_page && other.has_page && one.link.path() == other.link.path())
                || (one.has_text() && one.has_same_text(other)))
        {
            comparison.claim(at, *id);
        }
    }
    Ok(())
}

/// Gives new entries with the GUID of another article a GUID of their own.
fn name_apart(
    comparison: &mut Comparison<'_>,
    articles: &mut [NewArticle],
    traits: &[Traits],
    named: &[Option<u64>],
    unsound: &mut Vec<u64>,
) -> Result<()> {
    let apart: Vec<usize> = comparison
        .unknown()
        .into_iter()
        .filter(|at| named[*at].is_some())
        .collect();
    let mut hashes: HashMap<u64, Vec<u64>> = HashMap::new();
    for at in &apart {
        let one = &traits[*at];
        unsound.push(guid_hash(&articles[*at].guid));
        // The same form as the parser gives to entries that share a GUID.
        let url = articles[*at].url.as_deref().filter(|_| one.has_page);
        let of_link = url.map(|url| format!("{}#{url}", articles[*at].guid));
        let whole = format!("{}#{:016x}", articles[*at].guid, one.strong_print());
        let is_its_link = articles[*at].url.as_deref() == Some(articles[*at].guid.as_str());
        articles[*at].guid = of_link.filter(|_| !is_its_link).unwrap_or(whole);
        hashes.insert(guid_hash(&articles[*at].guid), Vec::new());
    }
    if apart.is_empty() {
        return Ok(());
    }
    {
        let state = comparison.core.state();
        if let Some(known) = state.feeds.get(&comparison.feed.id) {
            for entry in &known.entries {
                if let Some(ids) = hashes.get_mut(&entry.guid) {
                    ids.push(entry.id);
                }
            }
        }
    }
    for at in apart {
        let guid = articles[at].guid.clone();
        let Some(id) = comparison.with_guid(hashes.get(&guid_hash(&guid)), &guid)? else {
            continue;
        };
        if comparison.claimed.contains(&id) {
            articles[at].guid = format!("{guid}#{:016x}", traits[at].strong_print());
        } else {
            comparison.claim(at, id);
        }
    }
    Ok(())
}
