//! Highlights and notes. Each is a record of its own that names its article by feed and GUID, so
//! that it is in every snapshot, valid in another store, and outlives the article. The article's id
//! in this store is a separate record. All are held in memory.
//!
//! Where a highlight stands in the text is decided by the front end that shows the text.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use warta_store::{ArticleId, Store};
use warta_text::folded;

use crate::api::{
    Event, Failure, Highlight, HighlightChange, HighlightColour, HighlightPage, NewHighlight,
    Result, TextQuote,
};
use crate::context::locks::locked;
use crate::context::records::{json, read};
use crate::context::{Context, checks};

pub(crate) const RECORDS: &str = "highlight/";
/// For each highlight, the id of its article in this store.
const ARTICLES: &str = "own/highlight/";
/// Maximum lengths in characters.
const QUOTE: usize = 20_000;
const CONTEXT: usize = 200;
const NOTE: usize = 20_000;
/// Maximum number of highlights.
pub(crate) const MOST: usize = 200_000;

/// A highlight as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    pub(crate) id: u64,
    pub(crate) feed_url: String,
    pub(crate) guid: String,
    pub(crate) url: Option<String>,
    pub(crate) title: String,
    pub(crate) publisher: String,
    pub(crate) time: i64,
    pub(crate) quote: TextQuote,
    pub(crate) colour: HighlightColour,
    pub(crate) note: String,
    pub(crate) created_at: i64,
    pub(crate) changed_at: i64,
    pub(crate) lost: bool,
    /// `changed_at` of the version that Readwise has.
    pub(crate) sent: Option<i64>,
}

impl Kept {
    fn record(&self) -> (String, Option<String>) {
        (format!("{RECORDS}{}", self.id), Some(json(self)))
    }

    pub(crate) fn is_unsent(&self) -> bool {
        self.sent != Some(self.changed_at)
    }

    fn view(&self, article: Option<u64>) -> Highlight {
        Highlight {
            id: self.id,
            article,
            title: self.title.clone(),
            publisher: self.publisher.clone(),
            url: self.url.clone(),
            time: self.time,
            quote: self.quote.clone(),
            colour: self.colour,
            note: self.note.clone(),
            created_at: self.created_at,
            changed_at: self.changed_at,
            lost: self.lost,
        }
    }

    /// Whether it contains all of these folded words.
    fn has(&self, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let text = [&self.quote.exact, &self.note, &self.title, &self.publisher];
        let text = folded(&text.map(String::as_str).join("\n"));
        words.iter().all(|word| text.contains(word))
    }
}

#[derive(Debug, Default)]
pub(crate) struct HighlightIndex {
    all: BTreeMap<u64, Kept>,
    /// The article of a highlight in this store.
    article_of: HashMap<u64, u64>,
    /// Removed in this session, for undoing.
    removed: BTreeMap<u64, (Kept, Option<u64>)>,
}

impl HighlightIndex {
    pub(crate) fn load(store: &Store) -> Result<Self> {
        let mut index = Self::default();
        for (name, json) in store.settings_under(RECORDS)? {
            let kept: Kept = read(&name, &json);
            if kept.id != 0 {
                index.all.insert(kept.id, kept);
            }
        }
        for (name, json) in store.settings_under(ARTICLES)? {
            if let Ok(id) = name[ARTICLES.len()..].parse()
                && index.all.contains_key(&id)
            {
                index.article_of.insert(id, read(&name, &json));
            }
        }
        Ok(index)
    }

    /// Newest first.
    fn newest_first(&self) -> Vec<&Kept> {
        let mut all: Vec<&Kept> = self.all.values().collect();
        all.sort_by_key(|one| std::cmp::Reverse((one.created_at, one.id)));
        all
    }
}

/// The reader's highlights and notes.
pub struct Highlights {
    ctx: Arc<Context>,
    state: Mutex<HighlightIndex>,
}

impl Highlights {
    pub(crate) fn new(ctx: &Arc<Context>, state: HighlightIndex) -> Self {
        let this = Self {
            ctx: Arc::clone(ctx),
            state: Mutex::new(state),
        };
        this.pin(&locked(&this.state));
        this
    }

    /// Reloads the highlights after a restore.
    pub(crate) fn reload(&self) -> Result<()> {
        *locked(&self.state) = HighlightIndex::load(&self.ctx.store)?;
        self.find_articles()
    }

    /// Articles with highlights are kept regardless of retention.
    fn pin(&self, index: &HighlightIndex) {
        let ids = index.article_of.values().copied().map(ArticleId);
        self.ctx.store.pin(ids);
    }

    /// Looks for the articles of highlights that came without them, from a snapshot of another
    /// store or before their feed was fetched.
    pub(crate) fn find_articles(&self) -> Result<()> {
        let mut index = locked(&self.state);
        let mut records = Vec::new();
        let mut found = Vec::new();
        for one in index.all.values() {
            if !index.article_of.contains_key(&one.id)
                && let Some(article) = self.ctx.store.find_guid(&one.feed_url, &one.guid)
            {
                records.push((format!("{ARTICLES}{}", one.id), Some(json(&article.0))));
                found.push((one.id, article.0));
            }
        }
        if !found.is_empty() {
            self.ctx.store.set_settings(&records)?;
            index.article_of.extend(found);
        }
        self.pin(&index);
        Ok(())
    }

    /// Number of highlights.
    pub(crate) fn count(&self) -> u64 {
        locked(&self.state).all.len() as u64
    }

    /// The highlights that contain all words of `query` in quote, note, title or publisher, newest
    /// first.
    pub fn highlights(&self, query: &str, limit: u32, offset: u32) -> Result<HighlightPage> {
        let query = checks::typed(checks::query(query))?;
        let words: Vec<String> = query.split_whitespace().map(folded).collect();
        self.find_articles()?;
        let index = locked(&self.state);
        let unsent = index.all.values().filter(|one| one.is_unsent()).count();
        let matching: Vec<&Kept> = index
            .newest_first()
            .into_iter()
            .filter(|one| one.has(&words))
            .collect();
        let shown = matching
            .iter()
            .skip(offset as usize)
            .take(limit.clamp(1, 500) as usize);
        let mut highlights = Vec::new();
        for one in shown {
            let article = index.article_of.get(&one.id).copied();
            highlights.push(one.view(self.stored(article)?));
        }
        Ok(HighlightPage {
            highlights,
            total: matching.len() as u32,
            unsent: unsent as u32,
        })
    }

    /// The article, if it is still stored.
    fn stored(&self, article: Option<u64>) -> Result<Option<u64>> {
        let Some(article) = article else {
            return Ok(None);
        };
        let rows = self.ctx.store.rows(&[ArticleId(article)])?;
        Ok(rows.first().map(|row| row.id.0))
    }

    /// The highlights of an article, by their position.
    pub fn of_article(&self, article: u64) -> Result<Vec<Highlight>> {
        if locked(&self.state).all.is_empty() {
            return Ok(Vec::new());
        }
        self.adopt(article)?;
        let index = locked(&self.state);
        let mut found: Vec<Highlight> = index
            .all
            .values()
            .filter(|one| index.article_of.get(&one.id) == Some(&article))
            .map(|one| one.view(Some(article)))
            .collect();
        found.sort_by_key(|one| (one.quote.start, one.quote.end, one.id));
        Ok(found)
    }

    /// Gives an article the highlights that name it by feed and GUID but point to none here, or to
    /// one that is gone, as after unsubscribing and subscribing again.
    fn adopt(&self, article: u64) -> Result<()> {
        let Some((row, feed_url)) = self.row(article)? else {
            return Ok(());
        };
        let mut index = locked(&self.state);
        let named: Vec<u64> = index
            .all
            .values()
            .filter(|one| one.guid == row.guid && one.feed_url == feed_url)
            .filter(|one| index.article_of.get(&one.id) != Some(&article))
            .map(|one| one.id)
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let records: Vec<_> = named
            .iter()
            .map(|id| (format!("{ARTICLES}{id}"), Some(json(&article))))
            .collect();
        self.ctx.store.set_settings(&records)?;
        index
            .article_of
            .extend(named.into_iter().map(|id| (id, article)));
        self.pin(&index);
        Ok(())
    }

    fn row(&self, article: u64) -> Result<Option<(warta_store::ArticleRow, String)>> {
        let row = self
            .ctx
            .store
            .rows(&[ArticleId(article)])?
            .into_iter()
            .next();
        let Some(row) = row else { return Ok(None) };
        let feed = self.ctx.store.feed(row.feed)?;
        Ok(feed.map(|feed| (row, feed.url)))
    }

    /// Makes a highlight; the same passage of an article is marked once.
    pub fn add(&self, new: NewHighlight) -> Result<Highlight> {
        checks::typed(quote(&new.quote))?;
        checks::typed(checks::length("a note", &new.note, NOTE))?;
        let (row, feed_url) = self
            .row(new.article)?
            .ok_or_else(|| Failure::not_found("article"))?;
        let publisher = row.source.clone().or_else(|| {
            let label = self.ctx.labels.get(row.feed);
            label.map(|label| label.title.clone())
        });
        let now = self.ctx.now();
        let kept = Kept {
            id: id_of(&feed_url, &row.guid, &new.quote),
            feed_url,
            guid: row.guid,
            url: row.url,
            title: row.title,
            publisher: publisher.unwrap_or_default(),
            time: row.time,
            quote: new.quote,
            colour: new.colour,
            note: new.note.trim().to_owned(),
            created_at: now,
            changed_at: now,
            lost: false,
            sent: None,
        };
        let mut index = locked(&self.state);
        if let Some(known) = index.all.get(&kept.id) {
            let article = index.article_of.get(&kept.id).copied();
            return Ok(known.view(article));
        }
        checks::typed(checks::count("highlights", index.all.len() + 1, MOST))?;
        self.put(&mut index, vec![(kept.clone(), Some(new.article))])?;
        drop(index);
        self.ctx.emit(Event::PlacesChanged);
        Ok(kept.view(Some(new.article)))
    }

    fn put(&self, index: &mut HighlightIndex, all: Vec<(Kept, Option<u64>)>) -> Result<()> {
        let mut records = Vec::new();
        for (kept, article) in &all {
            records.push(kept.record());
            if let Some(article) = article {
                records.push((format!("{ARTICLES}{}", kept.id), Some(json(article))));
            }
        }
        self.ctx.store.set_settings(&records)?;
        for (kept, article) in all {
            if let Some(article) = article {
                index.article_of.insert(kept.id, article);
            }
            index.removed.remove(&kept.id);
            index.all.insert(kept.id, kept);
        }
        self.pin(index);
        Ok(())
    }

    /// Changes colour or note.
    pub fn change(&self, id: u64, change: HighlightChange) -> Result<Highlight> {
        if let Some(note) = &change.note {
            checks::typed(checks::length("a note", note, NOTE))?;
        }
        let mut index = locked(&self.state);
        let known = index.all.get(&id);
        let mut kept = known
            .ok_or_else(|| Failure::not_found("highlight"))?
            .clone();
        kept.colour = change.colour.unwrap_or(kept.colour);
        if let Some(note) = change.note {
            note.trim().clone_into(&mut kept.note);
        }
        // A second apart at least, so that the change is recognised as one.
        kept.changed_at = self.ctx.now().max(kept.changed_at + 1);
        let article = index.article_of.get(&id).copied();
        self.put(&mut index, vec![(kept.clone(), article)])?;
        Ok(kept.view(self.stored(article)?))
    }

    /// Removes highlights; [`Self::bring_back`] undoes it until Warta ends.
    pub fn remove(&self, ids: &[u64]) -> Result<()> {
        checks::typed(checks::count("highlights", ids.len(), MOST))?;
        let mut index = locked(&self.state);
        let mut records = Vec::new();
        for id in ids.iter().filter(|id| index.all.contains_key(id)) {
            records.push((format!("{RECORDS}{id}"), None));
            records.push((format!("{ARTICLES}{id}"), None));
        }
        self.ctx.store.set_settings(&records)?;
        for id in ids {
            if let Some(kept) = index.all.remove(id) {
                let article = index.article_of.remove(id);
                index.removed.insert(*id, (kept, article));
            }
        }
        self.pin(&index);
        drop(index);
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// Brings back removed highlights; returns how many.
    pub fn bring_back(&self, ids: &[u64]) -> Result<u32> {
        checks::typed(checks::count("highlights", ids.len(), MOST))?;
        let mut index = locked(&self.state);
        let back: Vec<_> = ids
            .iter()
            .filter_map(|id| index.removed.get(id).cloned())
            .collect();
        let count = back.len() as u32;
        self.put(&mut index, back)?;
        drop(index);
        self.ctx.emit(Event::PlacesChanged);
        Ok(count)
    }

    /// Notes which highlights of an article were not found in its text; the others were.
    pub fn set_lost(&self, article: u64, lost: &[u64]) -> Result<()> {
        checks::typed(checks::count("highlights", lost.len(), MOST))?;
        let mut index = locked(&self.state);
        let changed: Vec<_> = index
            .all
            .values()
            .filter(|one| index.article_of.get(&one.id) == Some(&article))
            .filter(|one| one.lost != lost.contains(&one.id))
            .map(|one| {
                let lost = !one.lost;
                (
                    Kept {
                        lost,
                        ..one.clone()
                    },
                    Some(article),
                )
            })
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        self.put(&mut index, changed)
    }

    /// All highlights that match a query, those of one article together, by position; the article
    /// with the newest one first.
    pub(crate) fn by_article(&self, query: &str) -> Result<Vec<Kept>> {
        let query = checks::typed(checks::query(query))?;
        let words: Vec<String> = query.split_whitespace().map(folded).collect();
        let index = locked(&self.state);
        let mut order: HashMap<(&str, &str), usize> = HashMap::new();
        let mut found: Vec<(usize, &Kept)> = Vec::new();
        for one in index.newest_first() {
            if one.has(&words) {
                let next = order.len();
                let key = (one.feed_url.as_str(), one.guid.as_str());
                found.push((*order.entry(key).or_insert(next), one));
            }
        }
        found.sort_by_key(|(at, one)| (*at, one.quote.start, one.id));
        Ok(found.into_iter().map(|(_, one)| one.clone()).collect())
    }

    /// The highlights that Readwise does not have as they are, oldest first.
    pub(crate) fn unsent(&self) -> Vec<Kept> {
        let index = locked(&self.state);
        let mut unsent: Vec<Kept> = index
            .all
            .values()
            .filter(|one| one.is_unsent())
            .cloned()
            .collect();
        unsent.sort_by_key(|one| (one.created_at, one.id));
        unsent
    }

    /// Records the versions that Readwise has.
    pub(crate) fn remember_sent(&self, sent: &[Kept]) -> Result<()> {
        let mut index = locked(&self.state);
        let changed: Vec<_> = sent
            .iter()
            .filter_map(|one| {
                let kept = index.all.get(&one.id)?.clone();
                let sent = Some(one.changed_at);
                Some((
                    Kept { sent, ..kept },
                    index.article_of.get(&one.id).copied(),
                ))
            })
            .collect();
        self.put(&mut index, changed)
    }
}

/// The same for the same passage in every store, and exact in JavaScript's numbers (2^53).
fn id_of(feed_url: &str, guid: &str, quote: &TextQuote) -> u64 {
    let key = format!(
        "{feed_url}\n{guid}\n{}\n{}\n{}",
        quote.start, quote.end, quote.exact
    );
    let hash = blake3::hash(key.as_bytes());
    let bytes = hash.as_bytes().first_chunk().copied().unwrap_or_default();
    (u64::from_be_bytes(bytes) >> 11).max(1)
}

fn quote(quote: &TextQuote) -> checks::Checked<()> {
    if quote.exact.trim().is_empty() {
        return Err("a highlight needs text".into());
    }
    if quote.end < quote.start {
        return Err("a highlight ends before it begins".into());
    }
    checks::length("a highlight", &quote.exact, QUOTE)?;
    checks::length("the text before a highlight", &quote.prefix, CONTEXT)?;
    checks::length("the text after a highlight", &quote.suffix, CONTEXT)?;
    Ok(())
}

/// Checks a highlight from an imported file; returns the record to store.
pub(crate) fn checked_record(name: &str, record: &str) -> checks::Checked<String> {
    let mut kept: Kept = serde_json::from_str(record).map_err(|error| error.to_string())?;
    if kept.id == 0 || kept.id >= 1 << 53 || name != format!("{RECORDS}{}", kept.id) {
        return Err("its name is not that of its highlight".into());
    }
    quote(&kept.quote)?;
    checks::length("a note", &kept.note, NOTE)?;
    checks::guid(&kept.guid)?;
    checks::length("an address", &kept.feed_url, checks::ADDRESS)?;
    kept.feed_url = crate::context::labels::without_credentials(&kept.feed_url);
    let is_web = |url: &String| checks::web_address(url).is_ok();
    kept.url = kept.url.take().filter(is_web);
    kept.title = checks::title(&kept.title).unwrap_or_default();
    kept.publisher = checks::title(&kept.publisher).unwrap_or_default();
    for time in [&mut kept.time, &mut kept.created_at, &mut kept.changed_at] {
        *time = (*time).clamp(EARLIEST, LATEST);
    }
    Ok(json(&kept))
}

/// Times in files are clamped to this range: about the years -1200 to 5100.
const EARLIEST: i64 = -100_000_000_000;
const LATEST: i64 = 100_000_000_000;
